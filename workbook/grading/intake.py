"""What a class handed in: `entries` lists it, `take` (see reading.py) gives the files of one hand-in."""

from __future__ import annotations

import calendar
import contextlib
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path

from workbook.course import WorkbookError, steps
from workbook.grading import archives, platforms
from workbook.grading.model import Entry
from workbook.grading.nodes import Unreadable, ignored
from workbook.grading.paths import readable, safe_name, safe_names, shown, tidy
from workbook.grading.reading import take

__all__ = ["entries", "safe_name", "safe_names", "take"]
_FEW = 2_000  # files of a folder whose times are looked at
_METADATA_BYTES = 32 * 1024 * 1024


def entries(source: Path) -> list[Entry]:
    """What was handed in, ordered by name: `source` is a folder with an entry a student, or a platform's one zip.

    Only names and times are read. Raises WorkbookError where `source` is neither, cannot be read, or is one
    student's copy of the workbook.
    """
    try:
        if source.is_dir():
            return _in_folder(source)
        if not source.exists():
            raise WorkbookError(
                f"There is no folder {shown(str(source))!r}. Name the folder, or the platform's zip, that holds the "
                "submissions."
            )
        return _in_bulk(source)
    except Unreadable as error:
        raise WorkbookError(f"{shown(str(source))} {error}.") from None
    except OSError as error:
        raise WorkbookError(f"{shown(str(source))} cannot be read: {error.strerror}.") from None


def _in_folder(source: Path) -> list[Entry]:
    with os.scandir(source) as found:
        names = {entry.name: entry.is_dir() for entry in found if not ignored(entry.name)}
    _refuse_one_copy(source, names)
    made = []
    metadata = source / platforms.METADATA
    text = _start_of(metadata) if platforms.METADATA in names else None
    for group in platforms.group(names.items(), text):
        newest = max(_newest(source / name) for name in group.names)
        alone = len(group.names) == 1 and not group.prefix
        made.append(_entry(group, source / group.names[0] if alone else source, group.prefix, newest))
    return made


def _start_of(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(_METADATA_BYTES)


def _in_bulk(source: Path) -> list[Entry]:
    names: dict[str, bool] = {}
    times: dict[str, float] = {}
    text = None
    with archives.open_zip(source, bulk=True) as opened:
        members = [(path, info) for info in opened.infolist() if (path := tidy(info.filename))]
        members = [(path, info) for path, info in members if not ignored(path)]
        top = _wrapping(path for path, _info in members)
        for path, info in members:
            name, *below = path.removeprefix(top).split("/")
            if not path.startswith(top) or not name:
                continue
            names[name] = names.get(name, False) or bool(below) or info.is_dir()
            times[name] = max(times.get(name, 0.0), _seconds(info))
            if name == platforms.METADATA and not below and info.file_size <= _METADATA_BYTES:
                with contextlib.suppress(zipfile.BadZipFile, RuntimeError, NotImplementedError):
                    text = opened.read(info)
    _refuse_one_copy(source, names)
    made = []
    for group in platforms.group(names.items(), text):
        inside = top + (group.prefix or group.names[0] + "/" * names[group.names[0]])
        made.append(_entry(group, source, inside, max(times[name] for name in group.names)))
    return made


def _wrapping(paths: Iterable[str]) -> str:
    """The one folder that all of a zip lies in, with "/", or "": a class zipped again by hand, or Gradescope's."""
    pairs = {tuple(path.split("/")[:2]) for path in paths if "/" in path}
    tops = {pair[0] for pair in pairs}
    if len(tops) != 1 or len(pairs) < 2 or platforms.group([(name, True) for name in tops])[0].prefix:
        return ""
    return "" if _is_one_copy(pair[1] for pair in pairs) else f"{tops.pop()}/"


def _entry(group: platforms.Group, source: Path, inside: str, newest: float) -> Entry:
    label = group.names[0] if len(group.names) == 1 else group.prefix.rstrip("_")
    return Entry(readable(label), source, inside, readable(group.student), (group.attempt, newest))


def _is_one_copy(names: Iterable[str]) -> bool:
    known = {step.slug for step in steps()}
    return any(name.casefold() == "steps" or name.casefold() in known for name in names)


def _refuse_one_copy(source: Path, names: dict[str, bool]) -> None:
    if _is_one_copy(name for name, is_folder in names.items() if is_folder):
        raise WorkbookError(
            f"{shown(str(source))} is one copy of the workbook. Name the folder that holds a folder or an archive "
            "for each student."
        )


def _newest(path: Path) -> float:
    """Seconds since the epoch of the newest file in an entry on disk, as far as can be seen at little cost."""
    newest, looked = 0.0, 0
    with contextlib.suppress(OSError):
        newest = path.lstat().st_mtime
        if not path.is_dir() or path.is_symlink():
            return newest
        newest = 0.0
        for root, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not ignored(name))
            for name in sorted(names):
                newest = max(newest, os.lstat(os.path.join(root, name)).st_mtime)
                looked += 1
            if looked > _FEW:
                break
    return newest


def _seconds(info: zipfile.ZipInfo) -> float:
    """A zip tells no time zone: the same number everywhere."""
    try:
        return float(calendar.timegm((*info.date_time, 0, 0, 0)))
    except (ValueError, OverflowError):
        return 0.0
