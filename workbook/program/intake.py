"""The files of a program, read once and never executed here."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from workbook.course import WorkbookError

MAX_BYTES = 8 * 1024 * 1024
SKIPPED_FOLDERS = {"__pycache__", "venv", "node_modules"}
SETTINGS = (".py", ".cfg", ".toml", ".ini", ".env")  # what is taken from instance/, where data lie too
SQLITE = b"SQLite format 3\0"
SKIPPED_ENDINGS = (".pyc", ".pyo", ".so", ".pyd", ".db", ".sqlite", ".sqlite3", ".db-wal", ".db-journal")
COURSE_MODULES = {
    "flask", "werkzeug", "jinja2", "click", "itsdangerous", "markupsafe", "blinker",
    "sqlalchemy", "flask_sqlalchemy", "flask_cors",
}  # fmt: skip


def read(folder: Path) -> dict[str, bytes]:
    """{relative path: content} of a program's files: no databases, caches, environments or hidden folders,
    and no link to a file outside.

    Raises WorkbookError where `folder` is none or holds too much.
    """
    if not folder.is_dir():
        raise WorkbookError(f"There is no folder {str(folder)!r}. Name the folder that holds the program.")
    files: dict[str, bytes] = {}
    size = 0
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in SKIPPED_FOLDERS and not name.startswith(".")
        )
        for name in sorted(names):
            path = Path(root, name)
            if name.lower().endswith(SKIPPED_ENDINGS) or not path.is_file() or _leads_out(path, folder):
                continue
            if path.relative_to(folder).parts[0] == "instance" and not name.lower().endswith(SETTINGS):
                continue
            try:
                content = path.read_bytes()
            except OSError:
                continue
            if content.startswith(SQLITE) or _beside_a_database(path):
                continue
            size += len(content)
            if size > MAX_BYTES or len(files) >= 500:
                raise WorkbookError(f"The folder {str(folder)!r} holds too much to be a step's program.")
            files[path.relative_to(folder).as_posix()] = content
    return files


def _beside_a_database(path: Path) -> bool:
    """Whether a file is what SQLite keeps beside a database, such as social.dat-wal."""
    database = re.fullmatch(r"(.+)-(wal|shm|journal)", path.name)
    return database is not None and path.with_name(database[1]).is_file()


def _leads_out(path: Path, folder: Path) -> bool:
    """Whether a path is a link to a file outside of the folder."""
    return path.is_symlink() and not path.resolve().is_relative_to(folder.resolve())


def digest(files: dict[str, bytes]) -> str:
    """Eight characters that change with any file; the seed of the varied inputs."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode("utf-8", "surrogateescape") + b"\0" + hashlib.sha256(files[name]).digest())
    return total.hexdigest()[:8]


def hiding(files: dict[str, bytes]) -> list[str]:
    """Files that hide a package of the course, such as flask.py."""
    names = {name.split("/")[0].removesuffix(".py"): name for name in files if name.endswith(".py")}
    return sorted(file for name, file in names.items() if name in COURSE_MODULES)
