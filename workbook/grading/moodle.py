"""Moodle's offline grading worksheet, filled in; or, without one, a file for Moodle's gradebook import.

Follows https://github.com/moodle/moodle, mod/assign/feedback/offline (the worksheet) and grade/import/csv. The
worksheet's columns are named in the site's language, so they are found by what stands in them.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from pathlib import Path

from workbook.course import WorkbookError
from workbook.grading import pairing
from workbook.grading.marks import Mark, steps
from workbook.grading.pairing import Row
from workbook.grading.sheets import BOM, FORMULA, Sheet, number, opened, shown

_OURS = re.compile(r"\s*(?:<p>)?\d\d_\w+: ")  # how `feedback` begins; Moodle may wrap it
_PARTICIPANT = re.compile(r"(\D+?)\s*(\d+)")


@dataclass(frozen=True)
class _Columns:
    """Where things stand in a worksheet; None for what is not there."""

    grade: int
    maximum: int
    name: int | None
    feedback: int | None


def export(template: Path | None, marks: list[Mark], *, bom: bool) -> tuple[bytes, list[str]]:
    """The bytes of the file, and what to tell; `bom` is for the import file. Raises WorkbookError."""
    return _fill(template, marks) if template else _import_file(marks, bom)


def feedback(mark: Mark, slugs: list[str]) -> str:
    """A few lines of HTML, which is what Moodle takes a comment for, with no sign that its reader trips over.

    PHP's reader takes a backslash before a quote for part of the text, so neither stands here.
    """
    lines = []
    for slug in slugs:
        points = mark.points[slug]
        told = "not graded" if points is None else f"{shown(points)} of {shown(mark.possible[slug])}"
        lines.append(escape(" ".join([f"{slug}: {told}.", *mark.words[slug]])))
    return "<br>".join(" ".join(line.split()) for line in lines).replace("\\", "&#92;")


def _fill(template: Path, marks: list[Mark]) -> tuple[bytes, list[str]]:
    sheet, columns = _sheet(template)
    head, body = sheet.rows[0], sheet.rows[1:]
    slug = pairing.meant(template.stem, steps(marks), {}, None) or None
    slugs = [slug] if slug else steps(marks)
    rows = [Row(at, frozenset(_names(row, columns))) for at, row in enumerate(body, 1)]
    known = [{at for at, row in enumerate(body, 1) if _is(mark, row, columns)} for mark in marks]
    pairs = pairing.pair(marks, rows, known)
    comma = sheet.comma([columns.grade, columns.maximum])
    given = locked = commented = 0
    for mark, place in pairs.places:
        row = sheet.rows[place]
        points, possible = mark.share(slug)
        maximum = number(row[columns.maximum])
        if "no" in (cell.strip().casefold() for cell in row[columns.maximum + 1 : columns.maximum + 3]):
            locked += 1
            continue
        if points is None or not possible or maximum is None:
            continue
        given += 1
        grade = shown(min(points / possible, Decimal(1)) * maximum, comma)
        if shown(number(row[columns.grade]) or Decimal(-1), comma) != grade:
            sheet.put(place, columns.grade, grade)
        if columns.feedback is not None:
            before = row[columns.feedback].strip()
            if before and not _OURS.match(before):
                commented += 1
            else:
                sheet.put(place, columns.feedback, feedback(mark, slugs))
    said = [
        f"The grades are those of {slug or 'all steps together'}, scaled to {head[columns.maximum]!r}; they go into "
        f"{head[columns.grade]!r}."
        + (
            f" Comments go into {head[columns.feedback]!r}."
            if columns.feedback is not None
            else " The file has no column for comments."
        ),
        f"Students with a grade: {given}.",
    ]
    if locked:
        said.append(f"Locked in Moodle and left as they are: {locked}.")
    if commented:
        said.append(f"Comments that somebody wrote in Moodle, left as they are: {commented}.")
    if not slug:
        said.append("For the grades of one step, write it into the file's name, as in 'step 3.csv'.")
    return sheet.filled(), [*said, *pairs.said]


def _sheet(template: Path) -> tuple[Sheet, _Columns]:
    sheet = opened(template, ",;\t:", _columns)
    if sheet and (columns := _columns(sheet.rows)):
        return sheet, columns
    raise WorkbookError(
        f"{template} is no grading worksheet with points that Moodle made. In the assignment's submissions choose "
        "'Download grading worksheet'; it needs the assignment's setting 'Offline grading worksheet', and a grade "
        "in points, not a scale."
    )


def _columns(rows: list[list[str]]) -> _Columns | None:
    """The columns of a worksheet, by what stands in them.

    They come in this order (mod/assign/gradingtable.php): who (Participant 123 first), status, grade, maximum,
    the workflow's state if there is one, whether the grade can be changed, last modified twice, comments. The
    maximum is the same number in each row, with grades or nothing before it and words behind it.
    """
    if len(rows) < 2 or len({len(row) for row in rows}) != 1:
        return None
    down = [[row[column].strip() for row in rows[1:]] for column in range(len(rows[0]))]
    if not all(_PARTICIPANT.fullmatch(cell) for cell in down[0]):
        return None
    if len({_PARTICIPANT.fullmatch(cell)[1] for cell in down[0]}) != 1:  # type: ignore[index]
        return None
    for at in reversed(range(2, len(down) - 2)):
        same = len(set(down[at])) == 1 and (number(down[at][0]) or 0) > 0
        grades = all(cell in ("", "-") or number(cell) is not None for cell in down[at - 1])
        if same and grades and all(re.search(r"[^\W\d]", cell) for cell in down[at + 1]):
            who = next((column for column in range(1, at - 2) if any(down[column])), None)
            return _Columns(at - 1, at, who, _feedback_column(rows[0], down, at))
    return None


def _feedback_column(head: list[str], down: list[list[str]], maximum: int) -> int | None:
    """The comments: by Moodle's English name, or the last column where it cannot be a date, which is never empty."""
    if "Feedback comments" in head:
        return head.index("Feedback comments")
    last = len(head) - 1
    comments = any(not cell or _OURS.match(cell) for cell in down[last])
    return last if last > maximum + 2 and comments else None


def _names(row: list[str], columns: _Columns) -> set[str]:
    name = row[columns.name].strip() if columns.name is not None else ""
    return {name} if name else {row[0].strip()}


def _is(mark: Mark, row: list[str], columns: _Columns) -> bool:
    """Whether the row's identifiers (e-mail address, ID number, username, participant) name the student."""
    ours = {mark.id.strip(), mark.login.strip()} - {""}
    who = [cell.strip() for at, cell in enumerate(row[1 : columns.grade], 1) if at != columns.name]
    if ours & set(who) or (mark.email and mark.email.casefold() in {cell.casefold() for cell in who}):
        return True
    participant = _PARTICIPANT.fullmatch(row[0].strip())
    if not participant or not ours & {row[0].strip(), participant[2]}:
        return False
    # a student number may happen to be somebody else's participant number: the name must not say otherwise
    return columns.name is None or pairing.alike(mark.name, _names(row, columns))


def _import_file(marks: list[Mark], bom: bool) -> tuple[bytes, list[str]]:
    """ID number, e-mail address, a column a step, comments; rows end in CRLF (RFC 4180)."""
    slugs = steps(marks)
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\r\n").writerow
    write(["ID number", "Email address", *slugs, "Feedback"])
    said = [
        "In Moodle choose Grades, Import, CSV file; map from 'ID number' or 'Email address', each step to its "
        "item, and Feedback to one of them or to nothing."
    ]
    for mark in marks:
        keys = ["" if key.startswith(FORMULA) else key for key in (mark.id, mark.email)]
        if keys != [mark.id, mark.email]:
            said.append(
                f"{pairing.label(mark)}: an identifier that begins like a formula is left out, since Moodle "
                "would not know it with the mark that keeps spreadsheets from running it."
            )
        cells = [mark.points.get(slug) for slug in slugs]
        write([*keys, *("" if cell is None else shown(cell) for cell in cells), feedback(mark, slugs)])
    return ((BOM if bom else "") + out.getvalue()).encode("utf-8", "backslashreplace"), said
