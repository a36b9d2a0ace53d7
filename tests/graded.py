"""A graded class as `grade` leaves it, made up for tests: results of any points, without running a program."""

import csv
import io
import json
from pathlib import Path

from click.testing import CliRunner

from workbook.cli import cli
from workbook.grading import gradebook

SLUGS = ["03_users", "08_models"]
NAMES = [
    "Doe, Jane",
    "Jane Doe",
    'Ann "Ace" O\'Neil',
    "Two\nLines",
    '=cmd|"/c calc"!A1',
    "+1 Plus",
    "-minus",
    "@at",
    "עדה לוי",
    "\u202eEvil",
    "😀 Emoji",
    " leading blanks",
    "semi;colon",
    "back\\slash",
    "Zoë Ångström",
    "007",
]


def check(title="GET / answers 200.", status="passed", points=1, message=None):
    """One check's object."""
    return {
        "id": "test_home_answers_200",
        "title": title,
        "todo": 1,
        "status": status,
        "points": points,
        "request": "GET /",
        "sent": "GET /",
        "expected": "200",
        "got": "404" if status == "failed" else None,
        "where": None,
        "message": message,
        "hint": None,
    }


def step(slug, points, possible, outcome="graded", reason=None, checks=None, comment=None):
    """One step's object in results/ID.json; `points` is None after a grader-error."""
    return {
        "schema": 1,
        "step": slug,
        "status": "failed",
        "passed": 0,
        "total": 1,
        "seed": "1",
        "checks": [check()] if checks is None else checks,
        "outcome": outcome,
        "reason": reason,
        "inputs": "0",
        "worth": possible,
        "points": points,
        "possible": possible,
        "override": False,
        "comment": comment,
    }


def student(id, name, steps, email="", login="", notes=()):
    """The object of results/ID.json."""
    first = next((one["outcome"] for one in steps if one["outcome"] != "graded"), "graded")
    return {
        "schema": 1,
        "id": id,
        "name": name,
        "email": email,
        "login": login,
        "status": first,
        "isolation": "sandbox",
        "notes": list(notes),
        "steps": steps,
    }


def lay_out(folder: Path, students, bom=False) -> Path:
    """Writes gradebook.csv and results/ID.json of these students."""
    (folder / "results").mkdir(parents=True)
    slugs = [one["step"] for one in students[0]["steps"]]
    content = gradebook.written(slugs, [gradebook.row(one) for one in students], bom)
    (folder / "gradebook.csv").write_bytes(content)
    for number, one in enumerate(students):
        text = json.dumps(one)
        (folder / "results" / f"{number}.json").write_text(text, "utf-8")
    return folder


def class_of_two(folder: Path) -> Path:
    """A graded class of two."""
    steps = [step("03_users", 17, 19), step("08_models", 20.5, 30)]
    worse = [
        step("03_users", 0, 19, "crashed", "your program ended itself", []),
        step("08_models", 3, 30),
    ]
    jane = student("s001", "Jane Doe", steps, "jane@school.edu", "jdoe")
    return lay_out(folder, [jane, student("s002", "Ben Ek", worse, "ben@school.edu", "bek")])


def sheet(rows, delimiter=",", line="\r\n", bom=False, quote_all=False) -> bytes:
    """The bytes of a CSV file."""
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, lineterminator=line, quoting=quoting).writerows(rows)
    return (b"\xef\xbb\xbf" if bom else b"") + text.getvalue().encode()


def export(*arguments: str | Path):
    """What `learn.py export ...` does."""
    return CliRunner().invoke(cli, ["export", *map(str, arguments)])


def words(output: str) -> str:
    """A command's output on one line."""
    return " ".join(output.split())
