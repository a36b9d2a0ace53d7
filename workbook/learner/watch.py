"""`learn.py watch`: checks a step again at every save and shows the newest verdict, never an older one."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

from workbook import course
from workbook.checking.results import StepResult
from workbook.checking.run import Exam, examine
from workbook.course import Step, WorkbookError
from workbook.learner import keys, saves
from workbook.learner.events import Events
from workbook.learner.pages import Pages
from workbook.learner.stay import Stay
from workbook.program import intake
from workbook.program.hosts import modules_for

LOOKING = (
    "Looking for saves ten times a second, since nothing tells of them here: watchfiles is not "
    "installed, or the system has no watch left."
)


def watch(step: Step, pages: Pages) -> None:
    """Stays on a step, and on those after it, until q or Ctrl-C."""

    def resized() -> None:
        set_keys()
        pages.draw()

    events = Events(resized, unwatched=lambda: pages.say(LOOKING))
    pressed = keys.pressed(events.tell) if pages.live else nullcontext(lambda: None)
    with keys.quiet_signals(events.tell), pressed as set_keys:
        notice = saves.Notice(step.root / "steps", events.tell)
        try:
            pages.begin(step)
            _go(step, events, pages)
        except KeyboardInterrupt:
            pages.end()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on
        finally:
            notice.close()


def _go(step: Step, events: Events, pages: Pages) -> None:
    """Watches one step after the other; ends by KeyboardInterrupt alone."""
    following: Step | None = step
    while True:
        try:
            if following is None:
                _list(step, events, pages)
            else:
                step = following
            following = _stay(step, events, pages)
        except BrokenPipeError:
            raise
        except Exception as error:
            following = step
            pages.trouble(_sentence(error))
            while events.wait() not in (saves.SAVED, "r"):
                pass


def _stay(step: Step, events: Events, pages: Pages) -> Step | None:
    """Watches one step; gives the one to go on with, or None for the list."""
    return examine([step], lambda exam: Stay(step, exam, events, pages).run(), modules=_modules(step))


def _modules(step: Step) -> list[str]:
    """What the program will import before the step is done, so that no save has to wait for it."""
    folders = [folder for folder in (step.solution, step.folder) if folder.is_dir()]
    return modules_for(
        {f"{folder}/{name}": text for folder in folders for name, text in intake.read(folder).items()}
    )


def _list(here: Step, events: Events, pages: Pages) -> None:
    """Shows all steps with their state until a key or a save."""
    steps = course.steps(here.root)
    known: dict[str, StepResult] = {}

    def judge(exam: Exam) -> None:
        for step in steps:
            pages.list(steps, known)
            known[step.slug] = exam.check(step, saves.look(step.folder).files)

    examine(steps, judge)
    pages.list(steps, known)
    while events.wait() is None:
        pass


def _sentence(error: Exception) -> str:
    if isinstance(error, WorkbookError):
        return str(error)
    return (
        f"The checker itself stopped: {type(error).__name__}: {error}. This is no fault of yours. "
        "It tries again at your next save."
    )
