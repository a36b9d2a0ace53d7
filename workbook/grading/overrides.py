"""overrides.csv, in which an instructor sets points and writes comments; no regrade touches it."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from workbook.course import Step, WorkbookError
from workbook.grading.settings import named

NAME = "overrides.csv"
COLUMNS = ["id", "step", "points", "comment"]
MOST = Decimal(1_000_000)  # more points than that are a slip of the keyboard


@dataclass(frozen=True)
class Override:
    """What an instructor says of one student's step: points, None where only a comment, and the comment."""

    id: str
    slug: str
    points: Decimal | None
    comment: str


def read(path: Path, ids: Collection[str], steps: Sequence[Step]) -> dict[tuple[str, str], Override]:
    """{(id, slug): override}; empty where there is no file. `steps` are all of the course.

    Raises WorkbookError, with the line and the mend, for an unknown student or step, a number that is none, and
    a second line for the same student and step. A spreadsheet's semicolons, tabs and decimal commas are understood.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise WorkbookError(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise WorkbookError(f"{path} is not UTF-8 text. Save it as CSV UTF-8, then try again.") from None
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [cell.strip().lower() for cell in next(reader, [])]
    if not text.strip():
        return {}
    if header != COLUMNS:
        raise WorkbookError(f"{path}, line 1: write {','.join(COLUMNS)} here, the names of the columns.")
    found: dict[tuple[str, str], Override] = {}
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                one = _override(row, f"{path}, line {reader.line_num}", ids, steps)
                if (one.id, one.slug) in found:
                    raise WorkbookError(
                        f"{path}, line {reader.line_num}: {one.id} has a line for {one.slug} already. "
                        "Keep one of them."
                    )
                found[one.id, one.slug] = one
    except csv.Error as error:
        raise WorkbookError(f"{path}, line {reader.line_num}: {error}.") from None
    return found


def _override(row: list[str], where: str, ids: Collection[str], steps: Sequence[Step]) -> Override:
    student, step, points, comment = (cell.strip() for cell in (row + [""] * 4)[:4])
    if len(row) > len(COLUMNS) and any(cell.strip() for cell in row[len(COLUMNS) :]):
        raise WorkbookError(f"{where}: there are more than four cells. Put a comment with commas in quotes.")
    if student not in ids:
        raise WorkbookError(f"{where}: there is no student with the id {student!r}.")
    slug = next((one.slug for one in steps if named(one, step)), None)
    if slug is None:
        raise WorkbookError(f"{where}: there is no step {step!r}. Write it as 3 or {steps[0].slug}.")
    try:
        number = Decimal(points.replace(",", ".")) if points else None
    except InvalidOperation:
        number = Decimal("NaN")
    if number is not None and not (number.is_finite() and 0 <= number <= MOST):
        raise WorkbookError(f"{where}: {points!r} is no number of points. Write one such as 7 or 7.5.")
    if number is None and not comment:
        raise WorkbookError(
            f"{where}: there are neither points nor a comment. Write one, or delete the line."
        )
    return Override(student, slug, number, comment)
