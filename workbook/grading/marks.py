"""What `grade` found, read back for an export: one record a student."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbook.course import WorkbookError
from workbook.grading import gradebook, points
from workbook.grading.sheets import BOM, guarded, text_of

GRADEBOOK = "gradebook.csv"
Result = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """One row of the gradebook, with the result that it comes from. Points are None after a grader-error."""

    id: str
    name: str
    email: str
    login: str
    points: dict[str, Decimal | None]  # by the step's slug
    possible: dict[str, Decimal]
    total: Decimal | None
    total_possible: Decimal
    result: Result
    file: Path  # results/ID.json

    def share(self, slug: str | None) -> tuple[Decimal | None, Decimal | None]:
        """Points and possible points of a step, or of the whole course where `slug` is None."""
        if slug is None:
            return self.total, self.total_possible
        return self.points.get(slug), self.possible.get(slug)


def read(folder: Path) -> list[Mark]:
    """The students of a graded class in the gradebook's order; raises WorkbookError.

    A gradebook that somebody changed is refused: what was changed would be lost at the next regrade.
    """
    rows = table(folder)
    results = {guarded(result["id"]): (result, path) for result, path in _results(folder)}
    marks = []
    for line, row in enumerate(rows[1:], 2):
        if row[0] not in results:
            raise WorkbookError(
                f"{folder / GRADEBOOK}, row {line}: there is no result of {row[0]!r} in {folder / 'results'}. "
                "Run the same grade command again; it goes on where it stopped."
            )
        result, path = results[row[0]]
        if row != gradebook.row(result):
            raise WorkbookError(
                f"{folder / GRADEBOOK}, row {line}: the row of {row[0]!r} is not as `learn.py grade` wrote it. "
                "Change grades in overrides.csv, run the same grade command again, and then export."
            )
        marks.append(mark_of(result, path))
    if not marks:
        raise WorkbookError(f"{folder / GRADEBOOK} has no students, so there is nothing to export.")
    return marks


def table(folder: Path) -> list[list[str]]:
    """The cells of gradebook.csv, header first; raises WorkbookError."""
    path = folder / GRADEBOOK
    if not path.is_file():
        raise WorkbookError(
            f"There is no {GRADEBOOK} in {folder}. Name the folder that `learn.py grade ... --out DIR` wrote."
        )
    rows = [row for row in csv.reader(io.StringIO(text_of(path).removeprefix(BOM), newline="")) if row]
    if not rows or rows[0][0] != "id":
        raise WorkbookError(
            f"{path} is not as `learn.py grade` wrote it. Run the same grade command again, which writes it anew."
        )
    return rows


def steps(marks: list[Mark]) -> list[str]:
    """The slugs of the graded steps, in order."""
    return list(dict.fromkeys(slug for mark in marks for slug in mark.points))


def _results(folder: Path) -> list[tuple[Result, Path]]:
    found = []
    for path in sorted((folder / "results").glob("*.json")):
        try:
            result = json.loads(text_of(path))
            guarded(result["id"]), list(result["steps"])
            found.append((result, path))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise WorkbookError(
                f"{path} is not what `learn.py grade` wrote. Delete it and run the same grade command again."
            ) from None
    return found


def mark_of(result: Result, path: Path) -> Mark:
    """The record of one student, from the object that `path` holds."""
    total, possible = points.total(result["steps"])
    return Mark(
        id=result["id"],
        name=result["name"],
        email=result["email"],
        login=result["login"],
        points={step["step"]: _decimal(step["points"]) for step in result["steps"]},
        possible={step["step"]: Decimal(str(step["possible"])) for step in result["steps"]},
        total=total,
        total_possible=possible,
        result=result,
        file=path,
    )


def _decimal(value: int | float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))
