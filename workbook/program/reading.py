"""Reads a program's SQLite file, which may have been made to harm whoever reads it."""

from __future__ import annotations

import base64
import itertools
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

MEMORY = 256 * 1024**2  # bytes, for all that the checks read
STEPS = 20_000_000  # of SQLite's machine, for all queries on a copy; they take about a second


def open_copy(parts: dict[str, str]) -> sqlite3.Connection:
    """A database in memory with the content of a SQLite file and its journals; the files are gone after.

    A file may be made to harm who reads it, so its views and triggers are not trusted, and a query may
    take only so many steps and so much memory (https://www.sqlite.org/security.html). Raises sqlite3.Error.
    """
    memory = sqlite3.connect(":memory:")
    memory.execute(f"PRAGMA hard_heap_limit={MEMORY}")
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        path = Path(folder, "copy.db")
        for suffix in ("", "-wal", "-journal"):
            if suffix in parts:
                Path(str(path) + suffix).write_bytes(base64.b64decode(parts[suffix]))
        with closing(sqlite3.connect(path)) as copy:
            copy.backup(memory)
    memory.execute("PRAGMA query_only=ON")
    memory.execute("PRAGMA trusted_schema=OFF")
    memory.row_factory = sqlite3.Row
    calls = itertools.count()
    memory.set_progress_handler(lambda: next(calls) >= STEPS // 10_000, 10_000)
    return memory
