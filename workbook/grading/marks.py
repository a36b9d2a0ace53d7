"""What `grade` found, read back for an export: one record a student."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbook.course import WorkbookError
from workbook.grading import gradebook, points
from workbook.grading.sheets import BOM, rows_of, text_of

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
    words: dict[str, tuple[str, ...]]  # by slug: why it was not graded or what to mend first, and a comment
    file: Path  # results/ID.json, which has all the rest: a class of them does not fit into memory

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
    found = {written[0]: (written, mark) for written, mark in _results(folder)}
    marks = []
    for line, row in enumerate(rows[1:], 2):
        if row[0] not in found:
            raise WorkbookError(
                f"{folder / GRADEBOOK}, row {line}: there is no result of {row[0]!r} in {folder / 'results'}. "
                "Run the same grade command again; it goes on where it stopped."
            )
        written, mark = found[row[0]]
        if row != written:
            raise WorkbookError(
                f"{folder / GRADEBOOK}, row {line}: the row of {row[0]!r} is not as `learn.py grade` wrote it. "
                "Change grades in overrides.csv, run the same grade command again, and then export."
            )
        marks.append(mark)
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
    rows = rows_of(text_of(path).removeprefix(BOM), ",")
    if not rows or rows[0][0] != "id":
        raise WorkbookError(
            f"{path} is not as `learn.py grade` wrote it. Run the same grade command again, which writes it anew."
        )
    return rows


def steps(marks: list[Mark]) -> list[str]:
    """The slugs of the graded steps, in order."""
    return list(dict.fromkeys(slug for mark in marks for slug in mark.points))


def _readable(cell: str) -> str:
    """A text as it stands in a file: a name of bytes that are no text keeps them as escapes."""
    return cell.encode("utf-8", "backslashreplace").decode("utf-8")


def result_of(path: Path) -> Result:
    """The object in results/ID.json; raises WorkbookError where it is not as `grade` writes it."""
    try:
        result: Result = json.loads(text_of(path))
        gradebook.row(result)
        return result
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WorkbookError(
            f"{path} is not as `learn.py grade` wrote it. Delete it and run the same grade command again."
        ) from None


def _results(folder: Path) -> Iterator[tuple[list[str], Mark]]:
    """Each student's row as the gradebook must have it, and their record."""
    for path in sorted((folder / "results").glob("*.json")):
        result = result_of(path)
        yield [_readable(cell) for cell in gradebook.row(result)], mark_of(result, path)


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
        words={step["step"]: _words(step) for step in result["steps"]},
        file=path,
    )


def _decimal(value: int | float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _words(step: dict[str, Any]) -> tuple[str, ...]:
    failed = next((check["title"] for check in step["checks"] if check["status"] == "failed"), None)
    texts = (step["reason"] or (failed and f"First to mend: {failed}"), step["comment"])
    return tuple(text for text in texts if text)
