"""A file in a submission, lists of such files, and how much of a submission is read at most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from workbook.program.intake import SKIPPED_FOLDERS

MAX_BYTES = 50 * 1024 * 1024  # of one submission, expanded
MAX_FILES = 20_000  # in one folder or archive; what is ignored does not count
TOO_MANY = f"holds more than {MAX_FILES:,} files. Hand in the folder steps alone"
_NEVER = SKIPPED_FOLDERS | {"__MACOSX", "site-packages"}


class Unreadable(Exception):
    """A submission, or a part of it, that cannot be read; its text says why, and the mend."""


@dataclass(frozen=True)
class Node:
    """A file in a submission: its path with "/", its size in bytes, and how to read it."""

    path: str
    size: int
    load: Callable[[], bytes]
    trouble: str = ""  # why it cannot be read, as the end of a sentence; `path` may then be a folder
    order: tuple[int, int] = (0, 0)  # what the platform counts up: attempt, number of the upload
    disk: Path | None = None  # where it lies if it is a file of its own


@dataclass
class Listing:
    """The files that stand in something, and the names that are odd: leading out of it, or there twice."""

    found: dict[str, Node] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        return [self.found[path] for path in sorted(self.found)]

    def add(self, node: Node) -> None:
        """Adds a file; of two with one path the last counts, as for programs that extract. Raises Unreadable."""
        if node.path in self.found:
            self.twice.append(node.path)
        self.found[node.path] = node
        if len(self.found) + len(self.twice) > MAX_FILES:
            raise Unreadable(TOO_MANY)


class Budget:
    """The bytes that one submission may still expand to."""

    def __init__(self) -> None:
        self.left = MAX_BYTES

    def spend(self, count: int) -> None:
        """Takes `count` bytes off; raises Unreadable."""
        if count > self.left:
            raise Unreadable(
                f"expands beyond {MAX_BYTES // 1024**2} MB. Hand in the folder steps alone, without .venv"
            )
        self.left -= count


def ignored(path: str) -> bool:
    """Whether a path lies in a hidden folder, an environment or a cache, or is hidden itself."""
    return any(part.startswith(".") or part in _NEVER for part in path.split("/"))
