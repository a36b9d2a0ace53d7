"""The instructor's own Canvas gradebook, filled in.

Follows Canvas's importer, https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb: an
assignment is found by the id behind its title, and a column without one would become a new assignment. So a
gradebook made here from nothing would double every assignment, and only an exported one is filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from workbook.course import WorkbookError
from workbook.grading import pairing
from workbook.grading.marks import Mark, steps
from workbook.grading.pairing import TOTAL, Row
from workbook.grading.sheets import Sheet, number, opened, shown

_WITH_ID = re.compile(r"(.*) \((\d+)\)", re.DOTALL)
_KEPT = {"ex", "n/a"}  # excused; not assigned to this student


@dataclass(frozen=True)
class _Columns:
    """Where the students' identifiers and the assignments stand; -1 for a column that is not there."""

    id: int
    sis: int
    login: int
    name: tuple[int, ...]  # one column, or last and first name
    assignments: dict[int, str]  # the assignments' titles, by column


def fill(template: Path | None, marks: list[Mark]) -> tuple[bytes, list[str]]:
    """The template's bytes with our points in its assignments, and what to tell. Raises WorkbookError."""
    if template is None:
        raise WorkbookError(
            "Canvas needs your own gradebook: in Canvas open Grades, choose Export, and name that file with "
            "--template. Canvas finds an assignment by the number behind its title, which only your export "
            "has; without it, it would make every assignment anew."
        )
    sheet = _sheet(template)
    columns = _columns(sheet.rows[0])
    limit_row = next((at for at, row in enumerate(sheet.rows) if "Points Possible" in row[0]), None)
    limits = sheet.rows[limit_row] if limit_row is not None else []
    chosen, said = _mapped(columns, limits, marks)
    # the row that tells of manual posting has no ID
    students = [
        at for at, row in enumerate(sheet.rows) if at not in (0, limit_row) and _cell(row, columns.id)
    ]
    rows = [Row(at, _names(sheet.rows[at], columns)) for at in students]
    known = [{row.place for row in rows if _is(mark, sheet.rows[row.place], columns)} for mark in marks]
    pairs = pairing.pair(marks, rows, known)
    comma = sheet.comma(list(columns.assignments))
    counts = {"set": 0, "kept": 0, "same": 0}
    for mark, place in pairs.places:
        for column, slug in chosen.items():
            points = mark.share(slug or None)[0]
            counts[_put(sheet, place, column, points, comma)] += 1
    told = f"Scores set: {counts['set']}; the same already: {counts['same']}"
    if counts["kept"]:
        told += f"; left as they are: {counts['kept']} (excused, not assigned, or grader-error)"
    return sheet.filled(), [f"{told}.", *said, *pairs.said]


def _sheet(template: Path) -> Sheet:
    if sheet := opened(template, ",;", lambda rows: _is_header(rows[0])):
        return sheet
    raise WorkbookError(
        f"{template} is no gradebook that Canvas exported: its first row must begin with Student and ID and have "
        "a column Section. In Canvas open Grades, choose Export, and name that file."
    )


def _is_header(row: list[str]) -> bool:
    """What Canvas itself asks of the first row, in both its forms."""
    plain = len(row) > 3 and "Student" in row[0] and "ID" in row[1]
    parted = len(row) > 4 and "LastName" in row[0] and "FirstName" in row[1] and "ID" in row[2]
    return (plain or parted) and "Section" in row


def _columns(header: list[str]) -> _Columns:
    parted = "LastName" in header[0]
    titles = {at: match[1] for at, cell in enumerate(header) if (match := _WITH_ID.fullmatch(cell))}
    return _Columns(
        id=2 if parted else 1,
        sis=header.index("SIS User ID") if "SIS User ID" in header else -1,
        login=header.index("SIS Login ID") if "SIS Login ID" in header else -1,
        name=(0, 1) if parted else (0,),
        assignments={at: title for at, title in titles.items() if at > header.index("Section")},
    )


def _cell(row: list[str], column: int) -> str:
    return row[column].strip() if 0 <= column < len(row) else ""


def _names(row: list[str], columns: _Columns) -> frozenset[str]:
    """The forms of a student's name: "Doe, Jane" is "Jane Doe" too."""
    # Canvas writes a name that begins with = as ="=name", against formulas
    cells = [re.sub(r'^="(.*)"$', r"\1", _cell(row, at), flags=re.DOTALL).strip() for at in columns.name]
    whole = ", ".join(cells)
    last, comma, first = whole.partition(",")
    flipped = f"{first.strip()} {last.strip()}" if comma else whole
    return frozenset({whole, flipped} - {""})


def _is(mark: Mark, row: list[str], columns: _Columns) -> bool:
    """Whether an identifier of the row names the student: ID, SIS User ID or SIS Login ID."""
    logins = {text.strip().casefold() for text in (mark.login, mark.email, mark.id)} - {""}
    if _cell(row, columns.sis) == mark.id.strip() or _cell(row, columns.login).casefold() in logins:
        return True
    # a student number may happen to be Canvas's own ID of somebody else: the name must not say otherwise
    return _cell(row, columns.id) == mark.id.strip() and pairing.alike(mark.name, _names(row, columns))


def _mapped(columns: _Columns, limits: list[str], marks: list[Mark]) -> tuple[dict[int, str], list[str]]:
    """The slug (or TOTAL) of each assignment to fill, and what to tell of the others."""
    ours, slugs = pairing.most(marks), steps(marks)
    found: dict[int, str] = {}
    for at, title in columns.assignments.items():
        limit = limits[at] if at < len(limits) else ""
        if limit.strip() and number(limit) is None:
            continue  # "(read only)", in the words of the site's language
        slug = pairing.meant(title, slugs, ours, number(limit))
        if slug is not None:
            found[at] = slug
    said = []
    for slug in [*slugs, TOTAL]:
        places = [at for at, one in found.items() if one == slug]
        name = slug or "the total"
        if len(places) > 1:
            titles = "; ".join(columns.assignments[at] for at in places)
            said.append(f"{name} is left out, since more than one assignment could be meant: {titles}.")
            found = {at: one for at, one in found.items() if one != slug}
        elif places:
            said.append(
                f"{name} goes into {columns.assignments[places[0]]!r}.{_differs(limits, places[0], ours.get(slug))}"
            )
        elif slug:
            said.append(f"{name} has no assignment in the file, so it is left out.")
    if not found:
        raise WorkbookError(
            "No assignment in the template belongs to a step. Write the step into the title in your file and keep "
            f"the number behind it, as in {f'{slugs[0]} (12345)'!r}: Canvas goes by the number. For the sum of all "
            "steps, write 'Workbook total (12345)'."
        )
    return found, said


def _differs(limits: list[str], at: int, ours: Decimal | None) -> str:
    theirs = number(limits[at]) if at < len(limits) else None
    if theirs is None or ours is None or theirs == ours:
        return ""
    return f" Canvas has {shown(theirs)} points possible there, ours are {shown(ours)}: change it in Canvas."


def _put(sheet: Sheet, place: int, column: int, points: Decimal | None, comma: bool) -> str:
    """Sets a score, and says what came of it: set, kept or same."""
    row = sheet.rows[place]
    if points is None or column >= len(row) or row[column].strip().casefold() in _KEPT:
        return "kept"
    before = number(row[column])
    # Canvas keeps two decimals apart and drops what is equal there
    if before is not None and shown(before) == shown(points):
        return "same"
    sheet.put(place, column, shown(points, comma))
    return "set"
