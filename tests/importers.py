"""How the learning platforms read what we export: their importers' rules, ported for the tests alone.

Canvas  https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb
Moodle  https://github.com/moodle/moodle, mod/assign/feedback/offline/importgradeslib.php and locallib.php,
        lib/csvlib.class.php, grade/import/csv/classes/load_data.php
Gradescope  https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

import base64
import csv
import io
import json
import re
from dataclasses import dataclass, field


class Refused(Exception):
    """The platform takes nothing of the file."""


@dataclass
class CanvasCourse:
    """A course as Canvas knows it: students by their ID, assignments' titles and scores by their ids."""

    students: dict[int, dict[str, str]]  # name, sortable, sis, login
    assignments: dict[int, str]
    scores: dict[tuple[int, int], str] = field(default_factory=dict)  # (student, assignment): score

    def read(self, content: bytes) -> dict[tuple[int, int], str]:
        """{(student, assignment): new score} as Canvas would offer them; raises Refused for anything new."""
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=sniffed(text), strict=True))
        rows = [[point(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]
        header, pp_row, offered = rows[0], [], {}
        columns = self.columns(header)
        for row in rows[1:]:
            if "Points Possible" in row[0]:
                pp_row = row
            elif not all(
                re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.I) for cell in row if cell
            ):
                student = self.student(header, row)
                offered |= {(student, assignment): row[at].strip() for assignment, at in columns.items()}
        read_only = {one for one, at in columns.items() if pp_row and re.search(r"read\s+only", pp_row[at])}
        return {
            key: score
            for key, score in offered.items()
            if key[1] not in read_only and not unchanged(score, self.scores.get(key, ""))
        }

    def columns(self, header: list[str]) -> dict[int, int]:
        """Where each assignment stands."""
        parted = header[:2] == ["LastName", "FirstName"]
        if not (
            (len(header) > 3 and "Student" in header[0] and "ID" in header[1])
            or (len(header) > 4 and parted and "ID" in header[2])
        ):
            raise Refused("Invalid header row")
        count = 4 if parted else 3
        if re.search(r"SIS\s+Login\s+ID", header[count - 1]):
            count += 1
        elif re.search(r"SIS\s+User\s+ID", header[count - 1]) and re.search(
            r"SIS\s+Login\s+ID", header[count]
        ):
            integration = 1 if re.search(r"Integration\s+ID", header[count + 1]) else 0
            root = 1 if re.search(r"Root\s+Account", header[count + 1 + integration]) else 0
            count += 2 + integration + root
        if "Section" not in header[count - 1]:
            raise Refused("Invalid header row")
        found = {}
        totals = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
        for at, title in enumerate(header):
            if at >= count and not totals.search(title):
                match = re.fullmatch(r"(.*)\s\((\d+)\)", title, re.DOTALL)
                if not match or int(match[2]) not in self.assignments:
                    raise Refused(f"a new assignment {title!r}")
                found[int(match[2])] = header.index(title)
        return found

    def student(self, header: list[str], row: list[str]) -> int:
        """Whose row it is: by ID, SIS User ID, SIS Login ID, then by name."""
        at = 2 if header[0] == "LastName" else 1
        if row[at].isdigit() and int(row[at]) in self.students:
            return int(row[at])
        for title, key in (("SIS User ID", "sis"), ("SIS Login ID", "login")):
            if title in header and row[header.index(title)]:
                for one, told in self.students.items():
                    if told[key] == row[header.index(title)]:
                        return one
        for one, told in self.students.items():
            if row[0] in (told["name"], told["sortable"]):
                return one
        raise Refused(f"a new student {row[0]!r}")


def sniffed(text: str) -> str:
    """Canvas's delimiter: what splits the first three lines alike, a semicolon only where it splits into more."""
    lines = text.splitlines(keepends=True)[:3]
    counts = {}
    for sign in ";,":
        try:
            sizes = {len(next(csv.reader([line], delimiter=sign, strict=True), [])) for line in lines}
        except csv.Error:
            sizes = set()
        counts[sign] = sizes.pop() if len(sizes) == 1 else 0
    return ";" if counts[";"] > counts[","] else ","


def point(cell: str) -> str:
    """Canvas's decimal comma: the last comma or point of a number is its decimal sign, the others go."""
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *others, last = re.split("[,.]", cell)
    return f"{''.join(others)}.{last}" if others else last


def unchanged(new: str, current: str) -> bool:
    """Whether Canvas drops a score: the same, both none, or the same to two decimals."""
    blank = ("", "-", "N/A")
    if new == current or (new in blank and current in blank):
        return True
    if not new or not current or "EX" in (new.upper(), current.upper()):
        return False
    return number(new) is not None and number(new) == number(current)


def number(text: str) -> str | None:
    """A number at two decimals, None where there is none."""
    try:
        return f"{float(text):.2f}"
    except ValueError:
        return None


@dataclass
class MoodleAssignment:
    """An assignment as Moodle knows it: whose participant number is whose, and the words of its language."""

    participants: dict[str, str]  # number: student
    maximum: float
    words: dict[str, str]  # identifier, participant, grade, modified, feedback
    grades: dict[str, float] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()

    def read(self, content: bytes, separator: str = ",") -> dict[str, tuple[float | None, str]]:
        """{student: (new grade or None where it is skipped, comment)}."""
        rows = fgetcsv(content.decode("utf-8-sig"), separator)
        if len({len(row) for row in rows}) != 1:
            raise Refused("csvweirdcolumns")
        header = rows[0]
        for name in ("identifier", "grade", "modified"):
            if self.words[name] not in header:
                raise Refused("invalidgradeimport")
        at = {name: header.index(word) for name, word in self.words.items() if word in header}
        found = {}
        for row in rows[1:]:
            # the words of the language are cut off by their length, whatever stands there
            student = self.participants.get(row[at["identifier"]][len(self.words["participant"]) :].strip())
            if student is not None:
                grade = unformat_float(row[at["grade"]])
                known = self.grades.get(student)
                skip = (
                    grade is None
                    or grade == known
                    or not 0 <= grade <= self.maximum
                    or student in self.locked
                )
                comment = row[at["feedback"]] if "feedback" in at else ""
                found[student] = (None if skip else grade, comment)
        return found


def moodle_gradebook(content: bytes, key: str, users: dict[str, str]) -> dict[str, dict[str, str]]:
    """What Moodle's gradebook import reads: {student: {column: cell}}, mapped by the column `key`.

    One identifier that nobody has, and nothing at all is imported; a row without one is left out.
    """
    rows = fgetcsv(content.decode("utf-8-sig"), ",")
    header = [name.strip() for name in rows[0]]
    if len({len(row) for row in rows}) != 1:
        raise Refused("csvweirdcolumns")
    found = {}
    for row in rows[1:]:
        value = row[header.index(key)]
        if value and value not in users:
            raise Refused(f"usermappingerror {value!r}")
        if value:
            found[users[value]] = dict(zip(header, row, strict=True))
    return found


def unformat_float(text: str) -> float | None:
    """Moodle's reading of a number in either form; None for nothing or a text."""
    try:
        return float(text.replace(" ", "").replace(",", "."))
    except ValueError:
        return None


def fgetcsv(text: str, separator: str) -> list[list[str]]:
    """PHP's fgetcsv with its default escape: a quote behind a backslash ends nothing.

    https://www.php.net/manual/en/function.fgetcsv.php
    """
    # Moodle trims the file first, of tabs only where they separate nothing
    text = re.sub("\r\n?", "\n", text).strip(" \n\0\v" if separator == "\t" else None)
    rows, row, at = [], [], 0
    while at <= len(text):
        cell, at = _php_cell(text, at, separator)
        row.append(cell)
        if at >= len(text) or text[at] == "\n":
            if row != [""]:
                rows.append(row)
            row = []
        at += 1
    return rows


def _php_cell(text: str, at: int, separator: str) -> tuple[str, int]:
    cell = ""
    if text[at : at + 1] == '"':
        at += 1
        while at < len(text):
            if text[at] == "\\" and at + 1 < len(text):
                cell, at = cell + text[at : at + 2], at + 2
            elif text[at : at + 2] == '""':
                cell, at = cell + '"', at + 2
            elif text[at] == '"':
                at += 1
                break
            else:
                cell, at = cell + text[at], at + 1
    while at < len(text) and text[at] not in (separator, "\n"):
        cell, at = cell + text[at], at + 1
    return cell, at


NUMBER = (int, float)
BOTH = {"score": NUMBER, "output": str, "output_format": str, "visibility": str, "extra_data": dict}
TOP = BOTH | {
    "execution_time": NUMBER,
    "test_output_format": str,
    "test_name_format": str,
    "stdout_visibility": str,
}
TOP |= {"tests": list, "leaderboard": list}
TEST = BOTH | {
    "max_score": NUMBER,
    "status": str,
    "name": str,
    "name_format": str,
    "number": str,
    "tags": list,
}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
WORDS = {
    "status": {"passed", "failed"},
    "visibility": {"hidden", "after_due_date", "after_published", "visible"},
    "stdout_visibility": {"hidden", "after_due_date", "after_published", "visible"},
    "output_format": FORMATS,
    "test_output_format": FORMATS,
    "test_name_format": FORMATS,
    "name_format": FORMATS,
}


def gradescope(results: dict) -> float:
    """The score that Gradescope shows; raises Refused where the object is not as its page says."""
    for known, one in [(TOP, results), *((TEST, test) for test in results.get("tests", []))]:
        for key, value in one.items():
            if key not in known or isinstance(value, bool) or not isinstance(value, known[key]):
                raise Refused(f"{key}: {value!r}")
            if key in WORDS and value not in WORDS[key]:
                raise Refused(f"{key}: {value!r}")
    scores = [test.get("score") for test in results.get("tests", [])]
    if "score" not in results and (not scores or None in scores):
        raise Refused("no score")
    return results["score"] if "score" in results else sum(scores)


def classroom(result: str) -> tuple[float, float]:
    """The points that GitHub Classroom's reporter shows, and those possible; raises Refused.

    https://github.com/classroom-resources/autograding-grading-reporter
    """
    told = json.loads(base64.b64decode(result))
    if told["version"] != 1 or told["status"] not in ("pass", "fail", "error"):
        raise Refused(f"{told['version']}, {told['status']}")
    for test in told["tests"]:
        if set(test) < {"name", "status", "score", "message"} or test["status"] not in (
            "pass",
            "fail",
            "error",
        ):
            raise Refused(str(test))
    return sum(test["score"] for test in told["tests"]), told["max_score"]
