"""A worker's side of grading: collects the checkers once, then judges one submission after the other."""

from __future__ import annotations

import contextlib
import faulthandler
import functools
import hashlib
import platform
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from workbook import course
from workbook.checking.results import StepResult
from workbook.checking.run import Exam, examine, own_checkers
from workbook.course import ROOT, Step, WorkbookError
from workbook.grading.model import Entry, Files, Taken
from workbook.program import intake
from workbook.program.hosts import modules_for

MOST_SECONDS = (
    300  # a step; a worker that takes longer is ended, since the checks have deadlines of their own
)
NOTHING = "Nothing was handed in."
NOTHING_HERE = "Nothing was handed in for this step."
Steps = list[dict[str, Any]]


@dataclass(frozen=True)
class Task:
    """One submission to judge: small, so that it travels to any worker.

    Where `instead` is given, that is the outcome and the reason of each step, and nothing is read or run.
    """

    entry: Entry | None
    slugs: tuple[str, ...]
    isolation: str
    checks: Path | None = None  # an instructor's own checkers
    known: str | None = None  # the inputs' digest that the result on disk belongs to
    instead: tuple[str, str] | None = None


@dataclass(frozen=True)
class Judged:
    """What came of a task; `steps` is None where the inputs are the known ones, so that nothing was run."""

    inputs: str  # digest of what was taken
    notes: tuple[str, ...]
    steps: Steps | None
    seconds: float


def judge(task: Task) -> Judged:
    """Judges one submission; raises WorkbookError where the checkers cannot be collected."""
    from workbook.grading.intake import take

    began = time.perf_counter()
    steps = [course.find(slug) for slug in task.slugs]
    if task.instead or task.entry is None:
        taken = Taken(trouble={"*": task.instead or ("no-submission", NOTHING)})
    else:
        taken = take(task.entry, steps)
    inputs = digest(taken)
    judged = None
    if inputs != task.known:
        with _WORKING:  # a cluster's worker may have several threads, and pytest is for one
            _end_late(MOST_SECONDS * len(steps))
            session = _session(task.slugs, task.checks)
            try:
                judged = session.call(lambda exam: _judged(exam, steps, taken, task.isolation))
            except BaseException:
                _session.cache_clear()  # what pytest was in the middle of is nothing to go on with
                raise
            finally:
                faulthandler.cancel_dump_traceback_later()
    return Judged(inputs, taken.notes, judged, time.perf_counter() - began)


_WORKING = threading.Lock()


def _end_late(seconds: float) -> None:
    """Ends this process if it is still at the same submission after so long."""
    with contextlib.suppress(ValueError, OSError, AttributeError):  # no standard error to tell it on
        faulthandler.dump_traceback_later(seconds, exit=True)


def _judged(exam: Exam, steps: list[Step], taken: Taken, isolation: str) -> Steps:
    """The object of each step, judged in one host that ends with the submission."""
    from workbook.program.isolation import host

    runnable = (
        {}
        if "*" in taken.trouble
        else {slug: files for slug, files in taken.files.items() if slug not in taken.trouble}
    )
    found = []
    with contextlib.ExitStack() as stack:
        if runnable:
            every = {
                f"{slug}/{name}": content for slug in runnable for name, content in runnable[slug].items()
            }
            own = stack.enter_context(contextlib.closing(host(isolation, modules_for(every))))
            stack.enter_context(exam.on(own))
        for step in steps:
            if step.slug in runnable:
                found.append(_run(exam, step, runnable[step.slug]))
            else:
                known = (
                    taken.trouble.get(step.slug) or taken.trouble.get("*") or ("no-submission", NOTHING_HERE)
                )
                found.append(_object(StepResult(step.slug), known, exam.points(step)))
    return found


def _run(exam: Exam, step: Step, files: Files) -> dict[str, Any]:
    from workbook.grading.fingerprint import baseline
    from workbook.grading.outcome import outcome

    result = exam.check(step, files)
    tried = sum(check.points for check in result.checks if check.status != "skipped")
    return _object(result, outcome(result), tried) | {"fingerprint": baseline(step).fingerprint(files)}


def _object(result: StepResult, known: tuple[str, str | None], worth: int) -> dict[str, Any]:
    """What `check --json` prints, less the clock, and what came of it; `worth` is before all weights."""
    told = result.to_json()
    del told["seconds"]
    outcome, reason = known
    more = {"outcome": outcome, "reason": reason, "inputs": result.seed or None, "worth": worth}
    return told | more | {"fingerprint": None}


def digest(taken: Taken) -> str:
    """A digest of everything that was taken."""
    total = hashlib.sha256()
    for slug in sorted(taken.files):
        for name in sorted(taken.files[slug]):
            content = hashlib.sha256(taken.files[slug][name]).hexdigest()
            total.update(repr((slug, name, content)).encode())
    total.update(repr(sorted(taken.trouble.items())).encode())
    return total.hexdigest()


class Session:
    """Collected checkers, in a thread of their own: pytest lends them only while it runs."""

    def __init__(self, slugs: tuple[str, ...], checks: Path | None) -> None:
        self._exam: Future[Exam] = Future()
        self._work: queue.SimpleQueue[tuple[Callable[[], Steps], Future[Steps]]] = queue.SimpleQueue()
        threading.Thread(target=self._collect, args=[slugs, checks], daemon=True).start()

    def _collect(self, slugs: tuple[str, ...], checks: Path | None) -> None:
        try:
            examine([course.find(slug) for slug in slugs], self._serve, checks=checks, modules=None)
        except BaseException as error:
            if not self._exam.done():
                self._exam.set_exception(error)

    def _serve(self, exam: Exam) -> None:
        self._exam.set_result(exam)
        while True:
            work, future = self._work.get()
            try:
                future.set_result(work())
            except BaseException as error:
                future.set_exception(error)
                return

    def call(self, work: Callable[[Exam], Steps]) -> Steps:
        """What `work` makes of the checkers; what it raises is raised here, and ends the session."""
        exam = self._exam.result()
        future: Future[Steps] = Future()
        self._work.put((lambda: work(exam), future))
        return future.result()


@functools.lru_cache(maxsize=1)
def _session(slugs: tuple[str, ...], checks: Path | None) -> Session:
    return Session(slugs, checks)


@functools.cache
def version(slugs: tuple[str, ...], checks: Path | None) -> str:
    """A digest of all that a verdict depends on beside the submission: engine, checkers, Python, packages.

    Told once a process, since what it has imported stays the same.
    """
    steps = [course.find(slug) for slug in slugs]
    files = [*ROOT.glob("workbook/**/*.py"), *ROOT.glob("checks/**/*.py")]
    named = [(path.relative_to(ROOT).as_posix(), path) for path in files]
    if checks:
        named += [(f"own/{path.name}", path) for step in steps for path in own_checkers(checks, step)]
    total = hashlib.sha256(repr((slugs, platform.python_version())).encode())
    for package in sorted({*intake.COURSE_MODULES, "pytest"}):
        with contextlib.suppress(metadata.PackageNotFoundError):
            total.update(f"{package} {metadata.version(package)}\n".encode())
    for name, path in sorted(named):
        total.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


__all__ = ["Judged", "Task", "WorkbookError", "digest", "judge", "version"]
