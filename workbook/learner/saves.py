"""Noticing that a learner saved: what a step's folder holds now, and a word at each change."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbook.course import WorkbookError
from workbook.program import intake

SAVED = "saved"
UNWATCHED = "unwatched"
LOOK_ANYWAY = 1.0  # seconds; network drives and shared folders do not always tell of a save
POLL = 0.1  # seconds between two looks where nothing tells of a save

# what editors put beside a file while it is open or being saved: vim, Emacs, nano, gedit, Kate, JetBrains, Sublime
_EDITORS = re.compile(
    r"\.#.*|#.*#|.*~|4913|\..*\.sw[a-z]|.*\.(tmp|temp|bak|orig|part|crswap|kate-swp)(\.[^.]*)?"
    r"|.*___jb_(tmp|old|bak)___|\.sb-.*|\.goutputstream-.*|\.subl.*\.tmp|\.DS_Store|\.(?!env|flaskenv).*\.py.*"
)


@dataclass(frozen=True)
class Saved:
    """A step's files as they are on the disk: their content, and what changes at each save."""

    files: dict[str, bytes]
    marks: dict[str, tuple[int, int, int]]


def by_an_editor(name: str) -> bool:
    """Whether a path is a swap file, a backup or another file of an editor's own."""
    return bool(_EDITORS.fullmatch(name.rpartition("/")[2]))


def look(folder: Path) -> Saved:
    """The files of a program, read when no writer was in between; raises WorkbookError."""
    found = _look(folder)
    for _ in range(20):
        again = _look(folder)
        if again == found:
            break
        found = again
        time.sleep(0.005)
    return found


def _look(folder: Path) -> Saved:
    try:
        files = {name: text for name, text in intake.read(folder).items() if not by_an_editor(name)}
    except OSError as error:
        raise WorkbookError(f"{folder} cannot be read: {error.strerror or error}.") from None
    marks = {}
    for name in files:
        try:
            status = (folder / name).stat()
        except OSError:
            continue  # it went between the two looks
        marks[name] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return Saved(files, marks)


class Notice:
    """A thread that tells SAVED at each change below a folder, or UNWATCHED where it cannot."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self._folder, self._tell = folder, tell
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        try:
            import watchfiles

            # A save is told 5 ms after its last write; 50 ms is the most that a busy folder holds it back.
            changes = watchfiles.watch(
                self._folder, debounce=50, step=5, rust_timeout=500, yield_on_timeout=True,
                stop_event=self._stop, raise_interrupt=False,
            )  # fmt: skip
            for change in changes:
                if any(not by_an_editor(path.replace("\\", "/")) for _kind, path in change):
                    self._tell(SAVED)
        except Exception:
            pass  # not installed, or the system has no watches left: whoever listens looks by itself
        if not self._stop.is_set():
            self._tell(UNWATCHED)

    def close(self) -> None:
        """Ends the thread."""
        self._stop.set()
        self._thread.join(2)
