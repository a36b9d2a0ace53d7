"""journal.jsonl: what was graded when and with what, appended line by line and never changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from workbook.course import WorkbookError
from workbook.grading import points
from workbook.grading.overrides import Override

NAME = "journal.jsonl"
Said = tuple[str | None, str]  # the points and the comment of an override


@dataclass(frozen=True)
class Graded:
    """What the journal knows of a student's last grading."""

    inputs: str  # digest of the files taken
    version: str  # digest of the checkers and the engine
    isolation: str
    result: str  # digest of what came out, points apart


class Journal:
    """The journal of one folder of grades. A last line that was cut short is passed over."""

    def __init__(self, path: Path) -> None:
        """Reads what is there; raises WorkbookError where the file cannot be read or written."""
        self.path = path
        self.graded: dict[str, Graded] = {}  # by id
        self.gradebooks: set[str] = set()  # digests of every gradebook.csv that was written
        self._overrides: dict[tuple[str, str], Said] = {}
        last = b"\n"
        try:
            self._file = open(path, "ab", buffering=0)  # noqa: SIM115  open as long as the run lasts
            with open(path, "rb") as file:
                for last in file:
                    self._take(last)
        except OSError as error:
            raise WorkbookError(f"{path} cannot be written: {error.strerror or error}.") from None
        if not last.endswith(b"\n"):
            self._append(b"\n")  # the rest of a line whose writer was killed stays alone

    def _take(self, line: bytes) -> None:
        """Remembers what a line tells; a line that was cut short tells nothing."""
        try:
            told = json.loads(line)
            if told["event"] == "graded":
                names = ("inputs", "version", "isolation", "result")
                self.graded[told["id"]] = Graded(*(told[name] for name in names))
            elif told["event"] == "gradebook":
                self.gradebooks.add(told["digest"])
            elif told["event"] == "override":
                self._overrides[told["id"], told["step"]] = (told["points"], told["comment"])
        except (ValueError, KeyError, TypeError):
            return

    def began(self, **facts: Any) -> None:
        """Notes that a run begins."""
        self._note("began", **facts)

    def add(self, student: str, graded: Graded, status: str, seconds: float) -> None:
        """Notes that a student was graded; the result is on disk by then."""
        facts = {"id": student, "status": status, "seconds": round(seconds, 3), **graded.__dict__}
        self._note("graded", **facts)
        self.graded[student] = graded

    def override(self, overrides: Mapping[tuple[str, str], Override]) -> None:
        """Notes each override that is new, changed or gone since the last run."""
        now: dict[tuple[str, str], Said] = {}
        for key, one in overrides.items():
            now[key] = (None if one.points is None else str(one.points), one.comment)
        for key in sorted(now.keys() | self._overrides.keys()):
            said = now.get(key, (None, ""))
            if self._overrides.get(key, (None, "")) != said:
                self._note("override", id=key[0], step=key[1], points=said[0], comment=said[1])
        self._overrides = now

    def gradebook(self, content: bytes) -> None:
        """Notes what gradebook.csv will be, before it is written: so that ours is known from an edited one."""
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self.gradebooks:
            self._note("gradebook", digest=digest)
            self.gradebooks.add(digest)

    def _note(self, event: str, **facts: Any) -> None:
        when = datetime.now(timezone.utc).isoformat(timespec="seconds")
        line = json.dumps({"event": event, "when": when, **facts}, ensure_ascii=False)
        self._append(line.encode("utf-8", "backslashreplace") + b"\n")

    def _append(self, data: bytes) -> None:
        try:
            while data:  # a full disk may take a part
                data = data[self._file.write(data) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            raise WorkbookError(
                f"{self.path} cannot be written: {error.strerror or error}. What was graded so far is kept: "
                "make room, then run the same command again, and it goes on there."
            ) from None

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def digest(steps: list[dict[str, Any]]) -> str:
    """A digest of judged steps, points apart, with which a result on disk is known to be whole."""
    judged = [{key: value for key, value in step.items() if key not in points.SCORED} for step in steps]
    return hashlib.sha256(json.dumps(judged, sort_keys=True).encode()).hexdigest()
