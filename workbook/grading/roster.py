"""The roster decides the rows: `read` gives them, `match` gives each the hand-in that counts."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workbook.course import WorkbookError
from workbook.grading.matching import Matcher
from workbook.grading.model import Entry, Student
from workbook.grading.paths import same_place, shown

_KNOWN = ("id", "name", "email", "login")
_MEND = "Write a CSV file with the columns id,name and, if you like, email,login."


def read(path: Path) -> list[Student]:
    """The students of a roster, in its order, without hand-ins.

    A CSV file in UTF-8 with the columns id and, in any order and case, name, email, login and any others;
    separated by comma, semicolon or tab. A student without a name is called by the id. Raises WorkbookError,
    which names the line.
    """
    lines = _rows(path)
    if not lines:
        raise WorkbookError(f"The roster {shown(path.name)} is empty. {_MEND}")
    _line, header = lines[0]
    columns = [cell.strip() for cell in header]
    keys = [column.casefold() for column in columns]
    if "id" not in keys:
        there = ", ".join(map(shown, columns))
        raise WorkbookError(
            f"The roster {shown(path.name)} has no column id in line 1; there is {there}. {_MEND}"
        )
    for key in keys:
        if key and keys.count(key) > 1:
            raise WorkbookError(
                f"The roster {shown(path.name)} has the column {shown(key)} twice. Take one away."
            )
    students: list[Student] = []
    seen: dict[str, int] = {}
    for line, cells in lines[1:]:
        student = _student(columns, keys, cells, f"Line {line} of the roster {shown(path.name)}")
        if student.id in seen:
            raise WorkbookError(
                f"Lines {seen[student.id]} and {line} of the roster {shown(path.name)} have the same id "
                f"{shown(student.id)}. Give each student an id of their own."
            )
        seen[student.id] = line
        students.append(student)
    return students


def _student(columns: list[str], keys: list[str], cells: list[str], where: str) -> Student:
    while len(cells) > len(columns) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > len(columns):
        raise WorkbookError(
            f"{where} has {len(cells)} cells, the first line has {len(columns)}. Put quotes around a text with a "
            "comma."
        )
    row = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
    known = {key: row[keys.index(key)] for key in _KNOWN if key in keys}
    if not known["id"]:
        raise WorkbookError(f"{where} has no id. Give each student an id.")
    further = [
        pair for pair, key in zip(zip(columns, row, strict=True), keys, strict=True) if key not in _KNOWN
    ]
    name = known.get("name") or known["id"]
    return Student(known["id"], name, known.get("email", ""), known.get("login", ""), tuple(further))


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number of its first line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WorkbookError(
            f"The roster {str(path)!r} cannot be read: {error.strerror}. Name a CSV file."
        ) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise WorkbookError(
            f"Line {line} of the roster {shown(path.name)} is not UTF-8. Save it as 'CSV UTF-8' in your spreadsheet."
        ) from None
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows, begins = [], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise WorkbookError(
            f"Line {reader.line_num} of the roster {shown(path.name)} is no CSV: {error}. Mend the quotes in it."
        ) from None
    return rows


def match(roster: list[Student] | None, entries: Sequence[Entry]) -> tuple[list[Student], list[str]]:
    """The rows of the gradebook, each with the hand-in that counts, and sentences on hand-ins of nobody's.

    With a roster one row for each student on it, in its order; without, one for each who handed in, by id. Of
    several hand-ins the newest counts: the highest attempt in the platform's name, then the newest file, then
    the last by name. What could be of several students is not guessed.
    """
    ordered = sorted(entries, key=lambda entry: (entry.version, entry.label, entry.student, entry.inside))
    if roster is None:
        return _without_roster(ordered), []
    matcher = Matcher(roster, (entry.student for entry in ordered))
    owned: dict[int, list[Entry]] = {}
    unknown: list[tuple[str, str]] = []
    for entry in ordered:
        rows = matcher.find(entry.student)
        if len(rows) == 1:
            owned.setdefault(rows[0], []).append(entry)
        else:
            unknown.append((entry.label, _unknown(entry, [roster[row] for row in rows])))
    students = [_with(row, owned.get(at, [])) for at, row in enumerate(roster)]
    return students, [sentence for _label, sentence in sorted(unknown)]


def _with(student: Student, entries: list[Entry]) -> Student:
    """A student with the last of their hand-ins, and a note on the others."""
    if not entries:
        return student
    *older, newest = entries
    notes = student.notes
    if older:
        told = ", ".join(shown(entry.label) for entry in older)
        count = "An older hand-in was" if len(older) == 1 else f"{len(older)} older hand-ins were"
        notes += (f"{count} left out: {told}. {shown(newest.label)} counts.",)
    return replace(student, entry=newest, notes=notes)


def _unknown(entry: Entry, rows: list[Student]) -> str:
    if not rows:
        return (
            f"{shown(entry.label)} is of nobody on the roster. Add the student, or name it for somebody's id."
        )
    told = ", ".join(f"{shown(row.name)} ({shown(row.id)})" for row in rows[:5])
    return f"{shown(entry.label)} could be of {told}, so it is of nobody. Name it for one of these ids."


def _without_roster(entries: list[Entry]) -> list[Student]:
    """One student for each different name, ordered by id."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.student, []).append(entry)
    plain = {student: _plain_id(student) for student in groups}
    counts = Counter(same_place(id) for id in plain.values())
    students = []
    for student, found in groups.items():
        name, *keys = student.split("\n")
        id = plain[student]
        if counts[same_place(id)] > 1:
            id += "-" + hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:6]
        email = next((key for key in keys if "@" in key), "")
        students.append(_with(Student(id, name or id, email), found))
    return sorted(students, key=lambda student: student.id)


def _plain_id(student: str) -> str:
    """What a platform knows a student by, else the name, in letters, digits and "-_." alone."""
    name, *keys = student.split("\n")
    number = [key[1:] for key in keys if key.startswith("#")]
    text = keys[0] if keys and not number else "_".join([name, *number])
    return re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", text))[:50].strip("-._") or "student"
