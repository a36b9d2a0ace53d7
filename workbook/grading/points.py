"""From what the checks said to points: weights, late hand-ins, overrides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from workbook.course import WorkbookError
from workbook.grading.model import STATUSES, Student
from workbook.grading.overrides import Override
from workbook.grading.settings import Late, Settings

Step = dict[str, Any]  # one step's object in results/ID.json
SUBMITTED = "submitted"  # the roster's column
# what scoring adds to a step's object; all else of it is as it was judged
SCORED = ("points", "possible", "override", "comment")


@dataclass(frozen=True)
class Scoring:
    """All that turns judged steps into points; without it nothing has to run again when a policy changes."""

    settings: Settings
    overrides: Mapping[tuple[str, str], Override]

    def result(
        self, student: Student, isolation: str, steps: list[Step], notes: tuple[str, ...]
    ) -> dict[str, Any]:
        """The object of results/ID.json, from the judged steps; `notes` are on the files that were taken."""
        days, late = self.lateness(student)
        kept = self.settings.late.kept(days) if self.settings.late else Decimal(1)
        scored = [self._scored(student.id, step, kept) for step in steps]
        first = {step["outcome"] for step in scored} - {"graded"}
        return {
            "schema": 1,
            "id": student.id,
            "name": student.name,
            "email": student.email,
            "login": student.login,
            "status": next((status for status in STATUSES if status in first), "graded"),
            "isolation": isolation,
            "notes": [*student.notes, *late, *notes, *_notes(scored)],
            "steps": scored,
        }

    def _scored(self, student: str, judged: Step, kept: Decimal) -> Step:
        """A step with its points; `kept` is the share that its hand-in's day leaves."""
        step = {name: value for name, value in judged.items() if name not in SCORED}
        weight = self.settings.weights.get(step["step"], Decimal(1))
        points = _earned(step, self.settings.import_error)
        if points is not None:
            points = rounded(points * weight * kept)
        override = self.overrides.get((student, step["step"]))
        by_hand = override is not None and override.points is not None
        if override and override.points is not None:
            points = rounded(override.points)
        return step | {
            "points": plain(points),
            "possible": plain(rounded(step["worth"] * weight)),
            "override": by_hand,
            "comment": override.comment if override and override.comment else None,
        }

    def lateness(self, student: Student) -> tuple[int, list[str]]:
        """The days that a hand-in was late, and a note on it; raises WorkbookError where nobody can know."""
        late = self.settings.late
        if late is None or student.entry is None:
            return 0, []
        cells = {name.strip().lower(): value.strip() for name, value in student.further}
        if SUBMITTED not in cells:
            raise WorkbookError(
                "grading.toml has a late policy, and nothing tells when work was handed in: the files' own "
                "times change when they are copied. Add a column "
                f"{SUBMITTED!r} to the roster, with cells such as 2030-03-01 23:59, empty for those in time."
            )
        if not cells[SUBMITTED]:
            return 0, []
        days = late.days(_time(cells[SUBMITTED], late, student.id))
        off = plain(rounded(100 * (1 - late.kept(days))))
        return days, [f"handed in {days} day{'s' * (days > 1)} late: {off} % off"] if days else []


def _time(cell: str, late: Late, student: str) -> datetime:
    """The time in a cell, in the deadline's time zone where it names none of its own."""
    try:
        time = datetime.fromisoformat(cell.replace("Z", "+00:00"))
        if ":" not in cell:
            raise ValueError("midnight was hardly meant")
    except ValueError:
        raise WorkbookError(
            f"The roster says that {student} handed in at {cell!r}. Write it as 2030-03-01 23:59."
        ) from None
    if time.tzinfo is None:
        return time.replace(tzinfo=late.deadline.tzinfo)
    if late.deadline.tzinfo is None:
        raise WorkbookError(
            f"The roster's time {cell!r} of {student} has a time zone, and the deadline in grading.toml has "
            "none. Add one there, as in 2030-03-01T23:59:00+01:00."
        )
    return time


def _earned(step: Step, import_error: str) -> Decimal | None:
    """The points of the checks that pass; None where no number may stand."""
    if step["outcome"] == "graded":
        return Decimal(sum(check["points"] for check in step["checks"] if check["status"] == "passed"))
    blank = step["outcome"] == "grader-error" or (step["outcome"], import_error) == ("import-error", "blank")
    return None if blank else Decimal(0)


def _notes(steps: list[Step]) -> list[str]:
    """What the gradebook says of the steps beside their points; what holds for all of them is said once."""
    found = []
    reasons: dict[tuple[str, str], list[str]] = {}
    for step in steps:
        if step["outcome"] != "graded":
            reasons.setdefault((step["outcome"], step["reason"]), []).append(step["step"])
    for (outcome, reason), slugs in reasons.items():
        named = "all steps" if len(slugs) == len(steps) > 1 else ", ".join(slugs)
        found.append(f"{named}: {outcome}: {reason}")
    for step in steps:
        slug, skipped = step["step"], sum(check["status"] == "skipped" for check in step["checks"])
        if skipped:
            found.append(
                f"{slug}: {skipped} check{'s' * (skipped > 1)} could not be tried here and count nothing"
            )
        if step["override"]:
            found.append(f"{slug}: points set by hand")
        if step["comment"]:
            found.append(f"{slug}: {step['comment']}")
    return found


def rounded(value: Decimal) -> Decimal:
    """To two decimals, halves up."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def plain(value: Decimal | None) -> int | float | None:
    """A number as JSON shows it best: 7 or 7.5."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def total(steps: list[Step]) -> tuple[Decimal | None, Decimal]:
    """Points and possible points of all steps; no points where one of the steps has none."""
    points = [step["points"] for step in steps]
    possible = sum((Decimal(str(step["possible"])) for step in steps), Decimal(0))
    if None in points:
        return None, possible
    return sum((Decimal(str(value)) for value in points), Decimal(0)), possible


def percent(points: Decimal | None, possible: Decimal) -> Decimal | None:
    """Points in percent of the possible ones, to two decimals, halves up; None where there are none."""
    return rounded(100 * points / possible) if points is not None and possible else None
