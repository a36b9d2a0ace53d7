"""What `watch` writes: pages that follow each other on a terminal, or plain lines one after the other."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping

import click

from workbook.checking import screen
from workbook.checking.results import StepResult
from workbook.course import Step, WorkbookError
from workbook.learner import hints
from workbook.learner import watch_words as say

Page = Callable[[], tuple[str, str]]  # what stands above and below, in the width of the moment


class Pages:
    """The screen of `watch`. `live`: a terminal whose keys are read; else only lines are written.

    `command(step, name)` is how a learner types a command, `state_line(step, result)` a line of the list.
    """

    def __init__(
        self,
        command: Callable[[Step, str], str],
        state_line: Callable[[Step, StepResult | None], str],
        *,
        plain: bool,
        colour: bool,
    ) -> None:
        terminal = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self.live = terminal and not plain
        self.command, self.state_line, self.colour = command, state_line, colour
        self.note = ""
        self._linked = self.live and colour and say.links(os.environ)
        self._page: Page = lambda: ("", "")
        self._at = ""

    def begin(self, step: Step) -> None:
        """Makes room, or says what is watched."""
        if self.live:
            self._write("\n" * (shutil.get_terminal_size().lines - 1))
        else:
            self._line(
                screen.wrapped(f"Watching steps/{step.slug}. Save, and it is checked. Ctrl-C ends it.")
            )

    def end(self) -> None:
        """Leaves the last page as it is, and the cursor below it."""
        if self.live:
            self._write("\x1b[0m\n")

    def checking(self, step: Step, result: StepResult | None) -> None:
        """A run has begun; what was said before stays until it ends."""
        if result is None:
            self._show(lambda: (f"Step {step.slug}: checking …", ""))
        else:
            self._show(lambda: (say.verdict(result, "checking …"), self._below(step, result)))

    def early(self, step: Step, result: StepResult) -> bool:
        """The first failure while other checks still run; gives whether there is one to show."""
        failing = next((check for check in result.checks if check.status in ("failed", "error")), None)
        if failing is None or not self.live:
            return False
        self._show(
            lambda: (
                f"Step {step.slug}: checking …\n\n{screen.whole(failing)}",
                self._below(step, result),
            )
        )
        return True

    def verdict(self, step: Step, result: StepResult) -> None:
        """A step's verdict: what fails first and where to edit, or what was learnt and how to go on."""
        if not self.live:
            self._line(screen.step_screen(result))
            self._line(self._below(step, result) + "\n")
            return
        self._at = f"checked at {time.strftime('%H:%M:%S')} in {result.seconds:.2f} s"
        self._show(lambda: (say.verdict(result, self._at), self._below(step, result)))

    def _below(self, step: Step, result: StepResult) -> str:
        """What to do next: the place to edit, or the way on."""
        if result.status == "failed":
            return f"Edit: {say.shown(*say.place(step, result), self._linked)}"
        following = say.following(step)
        key = "press n, or type: " if self.live else ""
        return say.finished(step, result, f"{key}{self.command(following, 'watch')}" if following else None)

    def stays(self, step: Step, result: StepResult) -> None:
        """Why n does not move on."""
        why = f"Step {step.slug} is not finished yet. n moves on when all of its checks pass."
        if result.status != "failed":
            why = "That was the last step."
        self._show(
            lambda: (
                say.verdict(result, self._at),
                f"{self._below(step, result)}\n{screen.wrapped(why)}",
            )
        )

    def hint(self, step: Step, result: StepResult) -> None:
        """The next hint of the first TODO that is not done; all of them once the step is finished."""
        try:
            ladders = self._ladders(step, result)
        except WorkbookError as trouble:
            ladders = {}
            none = str(trouble)
        else:
            none = "No hint helps before the program loads. The verdict says what to mend."
        left = "Enter: back to the verdict"

        def page() -> tuple[str, str]:
            text = "\n".join(screen.ladder(todo, rungs) for todo, rungs in ladders.items())
            return f"{screen.heading(result)}\n\n{text.rstrip() or screen.wrapped(none)}", left

        self._show(page)

    def _ladders(self, step: Step, result: StepResult) -> hints.Ladders:
        if result.status != "failed":
            return hints.ladders(step)
        todo = hints.todo_of(step, result)
        if not todo:
            return {}
        rung, ladder = hints.next_rung(step, todo)
        return {todo: ladder[:rung]}

    def list(self, steps: list[Step], known: Mapping[str, StepResult]) -> None:
        """All steps with their state, as far as it is known."""
        results = dict(known)
        checking = len(results) < len(steps)

        def page() -> tuple[str, str]:
            finished = sum(result.status != "failed" for result in results.values())
            lines = [screen.bar(finished, len(steps)), ""]
            lines += [self.state_line(step, results.get(step.slug)) for step in steps]
            return "\n".join(lines), "checking …" if checking else "Any key: back to the verdict"

        self._show(page)

    def trouble(self, sentence: str) -> None:
        """What keeps the checker from judging."""
        if self.live:
            self._show(lambda: (screen.wrapped(sentence), ""))
        else:
            self._line(screen.wrapped(sentence) + "\n")

    def say(self, note: str) -> None:
        """A note that stays."""
        self.note = note
        if self.live:
            self.draw()
        else:
            self._line(screen.wrapped(note) + "\n")

    def _show(self, page: Page) -> None:
        self._page = page
        self.draw()

    def draw(self) -> None:
        """Writes the page anew, in the size that the terminal has now."""
        if not self.live:
            return
        size = shutil.get_terminal_size()
        body, foot = self._page()
        notes = [screen.wrapped(self.note)] if self.note else []
        foot = "\n".join([*([foot] if foot else []), *notes, screen.wrapped(say.KEYS)])
        text = say.fitted(body, foot, size.columns, size.lines)
        # from the top, each line to its end: nothing flickers
        self._write("\x1b[H" + text.replace("\n", "\x1b[K\n") + "\x1b[K\x1b[J")

    def _line(self, text: str) -> None:
        click.echo(text, color=None if self.colour else False)

    def _write(self, text: str) -> None:
        """Writes to the terminal at once."""
        sys.stdout.write(text if self.colour else say.uncoloured(text))
        sys.stdout.flush()
