"""A class made for a test: submissions on disk, the command as an instructor types it, workers that need no time."""

import contextlib
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from workbook import course
from workbook.grading import batch
from workbook.grading.batch import Batch, Class, Summary
from workbook.grading.folder import Folder
from workbook.grading.journal import Journal
from workbook.grading.model import Entry, Student
from workbook.grading.worker import Judged, Task

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-I", "-X", "utf8", str(ROOT / "workbook/__main__.py"), "grade"]
GRADES = ("gradebook.csv", "report.html", "results", "feedback")


def hand_in(submissions: Path, **programs: str) -> Path:
    """One folder a student in `submissions`, each with this text as its program of step 1."""
    for student, program in programs.items():
        folder = submissions / student / "steps" / "01_hello"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "app.py").write_text(program, "utf-8")
    return submissions


def run(*arguments: object, seconds: float = 240) -> subprocess.CompletedProcess[str]:
    """`learn.py grade` with these arguments."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)


def grades(folder: Path) -> dict[str, bytes]:
    """All that an unbroken run and a resumed one must have alike: {path: content}."""
    paths = [path for name in GRADES for path in (folder / name, *folder.glob(f"{name}/**/*"))]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def step_object(slug: str, passed: int = 2, total: int = 3, outcome: str = "graded", **more: object) -> dict:
    """A judged step as a worker gives it: the first `passed` of `total` checks pass."""
    checks = [
        {"id": f"test_{number}", "title": f"Check {number}.", "todo": 1, "points": 1,
         "status": "passed" if number < passed else "failed", "request": None, "sent": None, "expected": None,
         "got": None, "where": None, "message": None if number < passed else "It differs.", "hint": None,
         "kind": None}
        for number in range(total)
    ]  # fmt: skip
    reason = None if outcome == "graded" else "Something happened."
    told = {"schema": 1, "step": slug, "status": "passed" if passed == total else "failed", "passed": passed}
    known = {"outcome": outcome, "reason": reason, "inputs": "12345678", "worth": total, "fingerprint": None}
    return told | {"total": total, "seed": "12345678", "checks": checks} | known | more


class Canned:
    """A worker that has its answers ready; `answer` may raise."""

    def __init__(self, answer: Callable[[Task], Judged]) -> None:
        self.answer = answer

    def submit(self, task: Task) -> "Future[Judged]":
        """A future that is done."""
        future: Future[Judged] = Future()
        try:
            future.set_result(self.answer(task))
        except Exception as error:
            future.set_exception(error)
        return future


def answer(task: Task) -> Judged:
    """What a worker says of a submission, the same each time."""
    inputs = task.entry.label if task.entry else "nothing"
    if task.instead:
        outcome, reason = task.instead
        steps = [step_object(slug, 0, 0, outcome, worth=3) | {"reason": reason} for slug in task.slugs]
        return Judged(inputs, (), steps, 0.5)
    if inputs == task.known:
        return Judged(inputs, (f"notes of {inputs}",), None, 0.1)
    steps = [step_object(slug, len(inputs) % 4) for slug in task.slugs]
    return Judged(inputs, (f"notes of {inputs}",), steps, 0.5)


def students(*names: str) -> list[Student]:
    """Students with a submission each."""
    return [Student(name, name.title(), entry=Entry(name, Path(name))) for name in names]


def a_class(*names: str, slugs: tuple[str, ...] = ("1", "2")) -> Class:
    """A class of students in some steps; nothing of it is on disk."""
    return Class(Path("submissions"), students(*names), [], [course.find(slug) for slug in slugs])


def grade(
    group: Class,
    out: Path,
    worker: Canned | None = None,
    *,
    restart: bool = False,
    isolation: str = "sandbox",
) -> Summary:
    """Grades with canned workers, in this process, as the command does."""
    folder = Folder(out)
    with folder.held():
        scoring = batch.policies(folder, group.students)
        if restart:
            folder.restart()
        with contextlib.closing(Journal(out / "journal.jsonl")) as journal:
            run = Batch(group, isolation, folder, scoring, journal)
            return run.grade([worker or Canned(answer)], lambda: None)
