"""The desk of an instructor, as docs/instructors.md assumes it: submissions, a roster, the files of platforms."""

import re
import shutil
from pathlib import Path

from tests import graded

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/instructors.md"
ROSTER = 'id,name,email,login\ns001,"Doe, Jane",jane@school.edu,jdoe\ns002,Ben Ek,ben@school.edu,bek\n'
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,03_users (11)\n    Points Possible,,,,,22\n"
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    "Participant 7,Jane Doe,jane@school.edu,Submitted,,100.00,Yes,-,-,\n"
)


def checker() -> str:
    """The instructor's own checker that the page shows."""
    block = re.search(
        r'(?:^    """Step 03, my own.*\n)(?:^(?:    .*)?\n)+', PAGE.read_text("utf-8"), re.MULTILINE
    )
    return "\n".join(line[4:] for line in block[0].rstrip().split("\n")) + "\n"


def lay_out(folder: Path, command: str) -> None:
    """Writes what a command of the page needs; `grades` are there for an export alone."""
    for name in ("s001", "ben ek"):
        shutil.copytree(ROOT / "solutions/01_hello", folder / "submissions" / name / "steps/01_hello")
    (folder / "roster.csv").write_text(ROSTER, "utf-8")
    (folder / "canvas.csv").write_text(CANVAS + '"Doe, Jane",501,s001,jdoe,A,\n', "utf-8")
    (folder / "worksheet.csv").write_text(WORKSHEET, "utf-8")
    (folder / "my-checks").mkdir()
    (folder / "my-checks/test_03_users.py").write_text(checker(), "utf-8")
    if " export " in command:
        graded.class_of_two(folder / "grades")
