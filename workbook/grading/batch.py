"""Grading a class: each submission judged once, its result on disk before the journal says so."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook import course
from workbook.checking.run import own_checkers
from workbook.course import Step, WorkbookError
from workbook.grading import feedback, gradebook, intake, journal, overrides, report, roster, settings
from workbook.grading import worker as working
from workbook.grading.folder import GRADEBOOK, REPORT, Folder
from workbook.grading.journal import Graded, Journal
from workbook.grading.model import Student
from workbook.grading.points import Scoring
from workbook.grading.scheduler import Place
from workbook.grading.worker import Judged, Task

Known = tuple[str, str]  # an outcome that needs no judging, and its reason
TWICE = (
    "The grader's own process ended twice while it judged this submission. Look at it before anyone runs it."
)


@dataclass(frozen=True)
class Class:
    """What is graded: the students with their submissions, by which steps, and how."""

    source: Path
    students: list[Student]
    unknown: list[str]  # sentences on what nobody on the roster handed in
    steps: list[Step]
    checks: Path | None = None

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(step.slug for step in self.steps)


@dataclass
class Summary:
    """What a run came to."""

    statuses: Counter[str] = field(default_factory=Counter)
    ungraded: int = 0  # students with a step that is grader-error
    judged: int = 0
    unchanged: int = 0  # submissions whose result of an earlier run still holds
    notes: list[str] = field(default_factory=list)


def read(source: Path, roster_file: Path | None, steps: list[Step], checks: Path | None) -> Class:
    """The class in a folder of submissions; raises WorkbookError for what the instructor can mend."""
    own: list[Path] = []
    for step in steps:
        if checks:
            own += own_checkers(checks, step)
    unused = (
        sorted({path.name for path in checks.glob("test_*.py")} - {path.name for path in own})
        if checks
        else []
    )
    if unused:
        raise WorkbookError(
            f"{', '.join(unused)} in {checks} checks none of the steps to grade. Name a checker as the step's own, "
            f"such as test_{steps[0].slug}.py, and leave those of other steps out."
        )
    rows = roster.read(roster_file) if roster_file else None
    students, unknown = roster.match(rows, intake.entries(source))
    if not students:
        raise WorkbookError(f"{source} holds no submission. Name the folder with one entry for each student.")
    return Class(source, students, unknown, steps, checks)


def policies(folder: Folder, students: Sequence[Student]) -> Scoring:
    """Settings and overrides of a folder, checked for these students; raises WorkbookError."""
    every = course.steps()
    told = settings.read(folder.settings, every)
    by_hand = overrides.read(folder.overrides, {student.id for student in students}, every)
    scoring = Scoring(told, by_hand)
    for student in students:
        scoring.lateness(student)
    return scoring


@dataclass
class Batch:
    """One run over a class, into a folder that this process holds."""

    group: Class
    isolation: str
    folder: Folder
    scoring: Scoring
    journal: Journal

    def __post_init__(self) -> None:
        self.version = working.version(self.group.slugs, self.group.checks)
        self.names = intake.safe_names(student.id for student in self.group.students)
        self.summary = Summary()
        self._rows: dict[str, list[str]] = {}

    def grade(self, places: Sequence[Place], one_more: Callable[[], None]) -> Summary:
        """Judges every student's submission, calling `one_more` after each, then writes gradebook and report."""
        self.journal.began(version=self.version, isolation=self.isolation, steps=self.group.slugs)
        self.journal.override(self.scoring.overrides)
        for student, judged in self._judged(places):
            self._keep(student, judged)
            one_more()
        self._write_whole()
        return self.summary

    def _judged(self, places: Sequence[Place]) -> Iterator[tuple[Student, Judged]]:
        """Each student with what came of the submission, in the order in which they are done."""
        waiting: deque[tuple[Student, Known | None]] = deque((one, None) for one in self.group.students)
        lost: set[str] = set()  # by id, whose process did not live to its end once
        free = deque(places)
        at_work: dict[Future[Judged], tuple[Place, Student, Known | None]] = {}
        while waiting or at_work:
            while waiting and free:
                student, instead = waiting.popleft()
                place = free.popleft()
                at_work[place.submit(self._task(student, instead))] = (place, student, instead)
            for future in wait(at_work, return_when=FIRST_COMPLETED).done:
                place, student, instead = at_work.pop(future)
                free.append(place)
                try:
                    yield student, future.result()
                    continue
                except BrokenExecutor:
                    why = TWICE if student.id in lost else None
                    lost.add(student.id)
                except CancelledError:
                    raise WorkbookError(
                        "The cluster went away. Once it is back, run the same command again."
                    ) from None
                except WorkbookError:
                    raise
                except Exception as error:
                    why = f"The grader itself failed: {type(error).__name__}: {error}"
                if instead and why:
                    raise WorkbookError(f"The processes that judge do not work here. {why}")
                waiting.appendleft((student, ("grader-error", why) if why else instead))

    def _task(self, student: Student, instead: Known | None) -> Task:
        graded = self.journal.graded.get(student.id)
        now = (self.version, self.isolation)
        known = None
        if graded and not instead and (graded.version, graded.isolation) == now:
            steps = self._steps_on_disk(student)
            failed = any(step["outcome"] == "grader-error" for step in steps)  # worth another try
            known = graded.inputs if journal.digest(steps) == graded.result and not failed else None
        return Task(student.entry, self.group.slugs, self.isolation, self.group.checks, known, instead)

    def _steps_on_disk(self, student: Student) -> list[dict[str, Any]]:
        """The judged steps of a student's result; none where it is not there or was damaged."""
        try:
            steps = json.loads(self.folder.result(self.names[student.id]).read_bytes())["steps"]
            return steps if all("outcome" in step for step in steps) else []
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def _keep(self, student: Student, judged: Judged) -> None:
        """Writes a student's result and page, then the journal's line."""
        steps = self._steps_on_disk(student) if judged.steps is None else judged.steps
        result = self.scoring.result(student, self.isolation, steps, judged.notes)
        name = self.names[student.id]
        text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
        self.folder.put(self.folder.result(name), encoded(text))
        self.folder.put(self.folder.feedback(name), encoded(feedback.feedback(result, self.group.steps)))
        if judged.steps is not None:
            graded = Graded(judged.inputs, self.version, self.isolation, journal.digest(steps))
            self.journal.add(student.id, graded, result["status"], judged.seconds)
        self._rows[student.id] = gradebook.row(result)
        self.summary.statuses[result["status"]] += 1
        self.summary.ungraded += any(step["outcome"] == "grader-error" for step in result["steps"])
        self.summary.judged += judged.steps is not None
        self.summary.unchanged += judged.steps is None

    def _write_whole(self) -> None:
        """Writes what is about the whole class."""
        rows = [self._rows[student.id] for student in self.group.students]
        content = gradebook.written(self.group.slugs, rows, self.scoring.settings.bom)
        self.journal.gradebook(content)
        edited = self.folder.edited_gradebook(self.journal.gradebooks)
        if place := self.folder.aside(edited):
            self.summary.notes.append(
                f"Somebody had changed {GRADEBOOK}. That file is kept in {place}; what is to last belongs in "
                f"{self.folder.overrides.name}."
            )
        self.folder.put(self.folder.path / GRADEBOOK, content)
        page = report.report(self._results(), self.group.steps, self.group.unknown)
        self.folder.put(self.folder.path / REPORT, encoded(page))
        if place := self.folder.aside(self.folder.strangers(self.names.values())):
            self.summary.notes.append(f"Results of students who are no longer in the class are in {place}.")

    def _results(self) -> Iterator[dict[str, Any]]:
        """The results, read back one by one in the gradebook's order."""
        for student in self.group.students:
            yield json.loads(self.folder.result(self.names[student.id]).read_bytes())


def encoded(text: str) -> bytes:
    """As UTF-8; half a surrogate pair, which no encoding has, as its escape."""
    return text.encode("utf-8", "backslashreplace")
