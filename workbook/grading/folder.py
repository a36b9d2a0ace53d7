"""The folder that a class is graded into: what lies where, who may write, and nothing of it lost."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

from workbook.course import WorkbookError
from workbook.grading import journal, overrides, settings
from workbook.learner.store import write

GRADEBOOK, REPORT, RESULTS, FEEDBACK = "gradebook.csv", "report.html", "results", "feedback"
EARLIER = "earlier"  # what a later run replaced or has no use for, in numbered folders
# the names that `write` gives to a file until it is whole
_UNFINISHED = re.compile(
    r"\.(gradebook\.csv|report\.html|overrides\.csv|grading\.toml|.+\.json|.+\.html)\.[a-z0-9_]{8}"
)
OURS = (journal.NAME, GRADEBOOK, REPORT, RESULTS, FEEDBACK)


class Folder:
    """DIR of `grade --out DIR`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.overrides, self.settings = path / overrides.NAME, path / settings.NAME

    def result(self, name: str) -> Path:
        """The result of the student whose files are called `name`."""
        return self.path / RESULTS / f"{name}.json"

    def feedback(self, name: str) -> Path:
        """The page that a student is given."""
        return self.path / FEEDBACK / f"{name}.html"

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keeps the folder for this process, and clears what a killed one left half-written.

        Raises WorkbookError where another grader is at work in it, or where it holds files of somebody else's.
        """
        with self._lock():
            try:
                self._claim()
            except OSError as error:
                raise self._trouble(error) from None
            yield

    def _lock(self) -> IO[bytes]:
        path = self.path / ".lock"
        strange = [name for name in OURS if (self.path / name).exists()]
        if strange and not path.exists() and not (self.path / journal.NAME).exists():
            raise WorkbookError(
                f"{self.path} holds {strange[0]}, and nothing tells that `learn.py grade` wrote it. "
                "Name another folder with --out."
            )
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            file = open(path, "ab")  # noqa: SIM115  its lock lasts as long as it is open
        except OSError as error:
            raise self._trouble(error) from None
        if not _locked(file):
            file.close()
            raise WorkbookError(
                f"Another grader is at work in {self.path}. Wait until it has finished, or name "
                "another folder with --out."
            )
        return file

    def _trouble(self, error: OSError) -> WorkbookError:
        return WorkbookError(
            f"{self.path} cannot be used: {error.strerror or error}. Name a folder that you may write to."
        )

    def _claim(self) -> None:
        for name in (RESULTS, FEEDBACK):
            (self.path / name).mkdir(exist_ok=True)
        for place in (self.path, self.path / RESULTS, self.path / FEEDBACK):
            for left in place.iterdir():
                if _UNFINISHED.fullmatch(left.name):
                    left.unlink()
        for path, content in ((self.settings, settings.TEMPLATE), (self.overrides, EMPTY)):
            if not path.exists():
                write(path, content.encode())

    def put(self, path: Path, content: bytes) -> None:
        """Writes a file whole, unless it is so already; raises WorkbookError."""
        try:
            same = path.read_bytes() == content
        except OSError:
            same = False
        if not same:
            write(path, content)

    def restart(self) -> Path | None:
        """Puts everything that was graded aside and gives its new place; None where there was nothing."""
        there = [self.path / name for name in OURS if (self.path / name).exists()]
        graded = [path for path in there if not path.is_dir() or any(path.iterdir())]
        return self.aside([path for path in graded if path.is_dir() or path.stat().st_size])

    def aside(self, paths: Collection[Path]) -> Path | None:
        """Moves files of this folder below `earlier`, and gives where they are now."""
        if not paths:
            return None
        earlier = self.path / EARLIER
        earlier.mkdir(exist_ok=True)
        numbers = [int(path.name) for path in earlier.iterdir() if path.name.isdigit()]
        place = earlier / f"{max(numbers, default=0) + 1:03}"
        for path in sorted(paths):
            target = place / path.relative_to(self.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.rename(path, target)
        return place

    def strangers(self, names: Collection[str]) -> list[Path]:
        """Results and pages of students who are no longer in the class."""
        kept = {self.result(name) for name in names} | {self.feedback(name) for name in names}
        return [
            path for name in (RESULTS, FEEDBACK) for path in (self.path / name).iterdir() if path not in kept
        ]

    def edited_gradebook(self, known: Collection[str]) -> list[Path]:
        """gradebook.csv, where none of the digests in `known` is its: somebody else changed it."""
        path = self.path / GRADEBOOK
        ours = not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() in known
        return [] if ours else [path]


EMPTY = ",".join(overrides.COLUMNS) + "\r\n"


def _locked(file: IO[bytes]) -> bool:
    """Locks an open file until its process ends; False where another process holds it."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
