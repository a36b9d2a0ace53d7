"""The folder that a program runs in: written fresh, put back between checks, searched for databases."""

from __future__ import annotations

import base64
import os
import shutil
from dataclasses import dataclass
from typing import Any

SQLITE_HEADER = b"SQLite format 3\0"
MAX_FILES, MAX_BYTES = 500, 8 * 1024 * 1024


@dataclass(frozen=True)
class Snapshot:
    """What stood below a folder: the content of each file, and the folders."""

    files: dict[str, bytes]
    folders: frozenset[str]


def write(folder: str, files: dict[str, str]) -> None:
    """Writes {relative path: content in base64} below `folder`, which is new or empty."""
    os.makedirs(folder, exist_ok=True)
    for name, content in files.items():
        path = os.path.join(folder, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(content))


def clear(folder: str) -> None:
    """Removes the folder and everything in it, however deep it goes and whatever rights a program gave its files."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):
        if os.name != "posix":
            shutil.rmtree(folder, ignore_errors=True)
            return
        import subprocess  # hardly ever needed

        for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
            subprocess.run([*command, folder], stderr=subprocess.DEVNULL, check=False)


def snapshot(folder: str) -> Snapshot | None:
    """Everything below `folder`, or None where there is too much of it, or anything but files."""
    files: dict[str, bytes] = {}
    kept: set[str] = set()
    size = 0
    for root, folders, names in os.walk(folder):
        kept.update(os.path.join(root, name) for name in folders)
        for name in names:
            path = os.path.join(root, name)
            if os.path.islink(path) or not os.path.isfile(path):
                return None
            size += os.path.getsize(path)
            if len(files) >= MAX_FILES or size > MAX_BYTES:
                return None
            with open(path, "rb") as file:
                files[path] = file.read()
    return Snapshot(files, frozenset(kept))


def restore(folder: str, before: Snapshot) -> None:
    """Puts back exactly what stood there at a snapshot.

    Contents are compared, not times: a tick of the clock is long enough for two writes.
    """
    seen = set()
    for root, folders, names in os.walk(folder, topdown=False):
        for name in names:
            path = os.path.join(root, name)
            if path not in before.files or os.path.islink(path):
                os.unlink(path)
            else:
                seen.add(path)
                _rewrite(path, before.files[path])
        for name in folders:
            path = os.path.join(root, name)
            if os.path.islink(path):
                os.unlink(path)
            elif path not in before.folders:
                os.rmdir(path)
    for path in before.folders:
        os.makedirs(path, exist_ok=True)
    for path in before.files.keys() - seen:
        with open(path, "wb") as file:
            file.write(before.files[path])


def _rewrite(path: str, content: bytes) -> None:
    with open(path, "r+b") as file:
        if file.read() != content:
            file.seek(0)
            file.write(content)
            file.truncate()


def databases(folder: str) -> list[dict[str, Any]]:
    """The SQLite files below `folder`: [{"path", "parts": {suffix: base64}}], journals beside them included."""
    found = []
    for root, _folders, names in os.walk(folder):
        for name in sorted(names):
            path = os.path.join(root, name)
            if os.path.isfile(path) and not os.path.islink(path) and _read(path, 16) == SQLITE_HEADER:
                parts = {suffix: _read(path + suffix) for suffix in ("", "-wal", "-journal")}
                found.append(
                    {
                        "path": os.path.relpath(path, folder).replace(os.sep, "/"),
                        "parts": {
                            key: base64.b64encode(data).decode() for key, data in parts.items() if data
                        },
                    }
                )
    return found[:5]


def _read(path: str, count: int = MAX_BYTES) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(count)
    except OSError:
        return b""


def holds_open_files(folder: str) -> bool:
    """Whether this process holds a file below `folder` open, which copies of it would share."""
    for entry in ("/proc/self/fd", "/dev/fd"):
        try:
            numbers = os.listdir(entry)
        except OSError:
            continue
        for number in numbers:
            try:
                target = os.readlink(os.path.join(entry, number))
            except OSError:
                continue
            if target.startswith(os.path.join(folder, "")):
                return True
        if entry == "/proc/self/fd":
            return False
    return _shares_a_file(folder)


def _shares_a_file(folder: str) -> bool:
    """The same where the system does not name open files: compares device and inode."""
    inside = set()
    for root, _folders, names in os.walk(folder):
        for name in names:
            status = os.lstat(os.path.join(root, name))
            inside.add((status.st_dev, status.st_ino))
    for number in range(3, 256):
        try:
            status = os.fstat(number)
        except OSError:
            continue
        if (status.st_dev, status.st_ino) in inside:
            return True
    return False
