"""What the parts of grading hand to each other: small frozen records, and one JSON object a student."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

# a student's status is the first of these, after "graded", that one of the steps has; else "graded"
STATUSES = (
    "graded", "no-submission", "unreadable", "import-error", "crashed",
    "timeout", "memory", "output-limit", "blocked", "grader-error",
)  # fmt: skip
Files = dict[str, bytes]  # {path below the step's folder, with "/": content}


@dataclass(frozen=True)
class Entry:
    """One thing that was handed in: a folder or an archive, as found. Small, and nothing of it is read yet."""

    label: str  # the name as found, such as "doe_jane_1234_5678_repo-2.zip"
    source: Path  # the folder or archive on disk
    inside: str = ""  # the path within `source`, where `source` is a platform's bulk download
    student: str = ""  # what the name tells of the student, with which the roster is searched
    version: tuple[int, float] = (0, 0.0)  # later hand-ins compare greater: attempt, seconds since the epoch


@dataclass(frozen=True)
class Taken:
    """What was taken of an entry: each step's files, or why there are none."""

    files: dict[str, Files] = field(default_factory=dict)  # by the step's slug; a missing step has no key
    trouble: dict[str, tuple[str, str]] = field(default_factory=dict)  # slug or "*": (status, reason)
    notes: tuple[str, ...] = ()  # sentences for the instructor, such as "ignored conftest.py"


@dataclass(frozen=True)
class Student:
    """One row of the gradebook, with the entry that counts."""

    id: str
    name: str
    email: str = ""
    login: str = ""
    further: tuple[tuple[str, str], ...] = ()  # the roster's other columns, in order
    entry: Entry | None = None
    notes: tuple[str, ...] = ()  # such as "2 older hand-ins: ..."
