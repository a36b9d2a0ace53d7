"""What stands in a folder, and exact copies of it: links stay links and are never followed."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

_REPARSE_POINT = 0x400  # a junction of Windows, which leads elsewhere as a link does
Standing = dict[str, str]


def scan(folder: Path) -> Standing:
    """{relative path with slashes: "file", "link", "folder" or "other"}, a folder before what is in it.

    A pipe, a socket, a device or a junction is "other". Raises OSError.
    """
    found: Standing = {}
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            kind = _kind(entry.stat(follow_symlinks=False))
            found[entry.name] = kind
            if kind == "folder":
                found |= {f"{entry.name}/{name}": kind for name, kind in scan(Path(entry.path)).items()}
    return found


def _kind(status: os.stat_result) -> str:
    if stat.S_ISLNK(status.st_mode):
        return "link"
    if getattr(status, "st_file_attributes", 0) & _REPARSE_POINT:
        return "other"
    if stat.S_ISDIR(status.st_mode):
        return "folder"
    return "file" if stat.S_ISREG(status.st_mode) else "other"


def copy(source: Path, target: Path, standing: Standing) -> None:
    """Copies what stands in `source` into the empty folder `target`; it is on the disk when this returns."""
    for name, kind in standing.items():
        # the folder of a single file may not be named itself
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if kind == "folder":
            (target / name).mkdir(exist_ok=True)
        elif kind == "link":
            os.symlink(os.readlink(source / name), target / name)
        elif kind == "file":
            _copy_file(source / name, target / name)


def _copy_file(source: Path, target: Path) -> None:
    no_link = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(source, os.O_RDONLY | no_link), "rb") as old, open(target, "xb") as new:
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())
        if os.name != "nt":  # there a file without the right to write could not be replaced
            os.chmod(target, stat.S_IMODE(os.fstat(old.fileno()).st_mode))


def same(one: Path, other: Path, *, rights: bool = True) -> bool:
    """Whether two paths hold the same: kind, content and, where asked for, the rights of a file."""
    try:
        first, second = os.lstat(one), os.lstat(other)
        kind = _kind(first)
        if kind != _kind(second):
            return False
        if kind == "link":
            return os.readlink(one) == os.readlink(other)
        if kind != "file":
            return kind == "folder"
        if rights and first.st_mode != second.st_mode:
            return False
        return first.st_size == second.st_size and one.read_bytes() == other.read_bytes()
    except OSError:
        return False
