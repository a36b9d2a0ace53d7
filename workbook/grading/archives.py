"""What stands in a folder, a zip or a tar: a list of nodes, none of them extracted, followed or executed.

A member is read when it is asked for and never beyond the budget of its submission. Formats:
https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT and https://docs.python.org/3/library/tarfile.html
"""

from __future__ import annotations

import bisect
import contextlib
import gzip
import io
import itertools
import lzma
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from workbook.grading.nodes import TOO_MANY, Budget, Listing, Node, Unreadable, ignored
from workbook.grading.paths import shown, tidy

MAX_DEPTH = 40  # folders in folders
LINK = "is a link, and links are not followed. Hand in the file itself"
_DIRECTORY = 8 * 1024 * 1024  # bytes of a zip's list of members
_BULK_DIRECTORY = 64 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, struct.error)


def folder(top: Path) -> Listing:
    """The files below a folder on disk; nothing is read and no link followed. Raises Unreadable."""
    listing = Listing()
    waiting = [("", top, 0)]
    while waiting:
        above, path, depth = waiting.pop()
        try:
            with os.scandir(path) as entries:
                found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries]
        except OSError as error:
            if path == top:
                raise Unreadable(_closed(error)) from None
            listing.add(_stuck(above.rstrip("/"), _closed(error)))
            continue
        for name, status in found:
            if ignored(name):
                continue
            if is_link(status):
                listing.add(_stuck(above + name, LINK))
            elif not stat.S_ISDIR(status.st_mode):
                listing.add(_on_disk(above + name, path / name, status))
            elif depth < MAX_DEPTH:
                waiting.append((f"{above}{name}/", path / name, depth + 1))
            else:
                listing.add(_stuck(above + name, "lies too deep in folders"))
    return listing


def is_link(status: os.stat_result) -> bool:
    """Whether a file is a symbolic link, or what Windows has instead: a junction leads elsewhere as a link does."""
    return stat.S_ISLNK(status.st_mode) or bool(getattr(status, "st_file_attributes", 0) & 0x400)


def on_disk(path: Path) -> Listing:
    """A folder's files, or one file that is no archive or not opened yet; raises Unreadable."""
    try:
        status = path.lstat()
    except OSError as error:
        raise Unreadable(_closed(error)) from None
    if is_link(status):
        raise Unreadable(LINK)
    if stat.S_ISDIR(status.st_mode):
        return folder(path)
    return Listing({"": _on_disk("", path, status)})


def archive(source: Path | BinaryIO, budget: Budget, stack: contextlib.ExitStack) -> Listing:
    """The files in a zip or a .tar.gz, whatever it is called; `stack` closes it. Raises Unreadable."""
    with _told():
        file: BinaryIO = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
        start = file.read(4)
        file.seek(0)
    if not start:
        raise Unreadable("is empty, 0 bytes. The upload failed; ask for it again")
    if start.startswith(b"\x1f\x8b"):
        return tarred(file, budget)
    if not start.startswith(b"PK"):
        raise Unreadable("is neither a zip nor a .tar.gz. Ask for one of these")
    return zipped(stack.enter_context(open_zip(source)), budget)


def open_zip(source: Path | BinaryIO, *, bulk: bool = False) -> zipfile.ZipFile:
    """A zip whose list of members is not too long; raises Unreadable. `bulk` is a platform's, of a whole class."""
    with _told():
        with contextlib.ExitStack() as stack:
            file = stack.enter_context(open(source, "rb")) if isinstance(source, Path) else source
            if _directory_size(file) > (_BULK_DIRECTORY if bulk else _DIRECTORY):
                raise Unreadable(TOO_MANY)
        return zipfile.ZipFile(source)


def zipped(opened: zipfile.ZipFile, budget: Budget) -> Listing:
    """The files in a zip; raises Unreadable."""
    listing = Listing()
    for info in opened.infolist():
        path = tidy(info.filename)
        if path is None:
            listing.outside.append(info.filename)
        elif not info.is_dir() and not ignored(path):
            listing.add(_in_zip(opened, info, path))
    budget.spend(sum(node.size for node in listing.nodes))
    return listing


class Bulk:
    """A platform's zip of a whole class: its list of members is read once and searched for each student."""

    def __init__(self, source: Path) -> None:
        self._opened = open_zip(source, bulk=True)
        tidied = ((tidy(info.filename), info) for info in self._opened.infolist() if not info.is_dir())
        self._members = sorted(((path, info) for path, info in tidied if path), key=lambda member: member[0])

    def part(self, prefix: str, budget: Budget) -> Listing:
        """The files whose paths begin with `prefix`, which is a file's whole path or ends in "/" or "_".

        Raises Unreadable.
        """
        listing = Listing()
        first = bisect.bisect_left(self._members, prefix, key=lambda member: member[0])
        for path, info in itertools.islice(self._members, first, None):
            if not path.startswith(prefix) or (prefix[-1] not in "/_" and path != prefix):
                break
            if not ignored(path[len(prefix) :]):
                listing.add(_in_zip(self._opened, info, path))
        budget.spend(sum(node.size for node in listing.nodes))
        return listing


def tarred(file: BinaryIO, budget: Budget) -> Listing:
    """The files in a .tar.gz; raises Unreadable. A tar has no list of members, so all of it is expanded once."""
    listing = Listing()
    with _told(), gzip.GzipFile(fileobj=file) as unzipped:
        metered = io.BufferedReader(_Metered(unzipped, budget))
        with tarfile.open(fileobj=metered, mode="r|") as stream:
            while (member := stream.next()) is not None:
                stream.members = []  # type: ignore[attr-defined]  # it would remember them all
                path = tidy(member.name)
                if path is None:
                    listing.outside.append(member.name)
                elif not member.isdir() and not ignored(path):
                    listing.add(_in_tar(stream, member, path))
    return listing


class _Metered(io.RawIOBase):
    """A stream whose bytes are taken off a budget."""

    def __init__(self, stream: gzip.GzipFile, budget: Budget) -> None:
        self._stream, self._budget = stream, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._budget.spend(len(data))
        buffer[: len(data)] = data
        return len(data)


def _in_tar(stream: tarfile.TarFile, member: tarfile.TarInfo, path: str) -> Node:
    if member.issym() or member.islnk():
        return _stuck(path, LINK)
    if not member.isreg() or member.issparse():
        return _stuck(path, "is no ordinary file. Hand in a copy of it")
    file = stream.extractfile(member)
    content = file.read() if file else b""
    return Node(path, len(content), lambda: content)


def _in_zip(opened: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> Node:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if stat.S_ISLNK(kind):
        return _stuck(path, LINK)
    if kind and not stat.S_ISREG(kind):
        return _stuck(path, "is no ordinary file. Hand in a copy of it")
    if info.flag_bits & 0x1:
        return _stuck(path, "is encrypted. Hand in an archive without a password")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # bzip2 and lzma expand a few bytes to gigabytes in one step, so they cannot be metered
        return _stuck(path, "is compressed in an unusual way. Hand in an ordinary zip")

    def load() -> bytes:
        with _told(), opened.open(info) as file:
            return file.read(info.file_size + 1)

    return Node(path, info.file_size, load)


def _on_disk(name: str, path: Path, status: os.stat_result) -> Node:
    if not stat.S_ISREG(status.st_mode):
        return _stuck(name, "is no ordinary file. Hand in a copy of it")

    def load() -> bytes:
        no_link = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        try:
            with open(os.open(path, os.O_RDONLY | no_link), "rb") as file:
                return file.read(status.st_size + 1)
        except OSError as error:
            raise Unreadable(_closed(error)) from None

    return Node(name, status.st_size, load, disk=path)


def _stuck(path: str, trouble: str) -> Node:
    return Node(path, 0, bytes, trouble)


def _closed(error: OSError) -> str:
    return f"cannot be opened: {error.strerror or error}. Give yourself the right to read it"


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turns what a broken archive raises into a sentence; Python's own readers raise many kinds of error."""
    try:
        yield
    except Unreadable:
        raise
    except (
        *_BROKEN,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        OverflowError,
        LookupError,
    ) as error:
        reason = shown(str(error)) or type(error).__name__
        raise Unreadable(f"is damaged ({reason}). Ask for it again") from None


def _directory_size(file: BinaryIO) -> int:
    """The bytes of a zip's list of members as the record at its end tells; zipfile reads them at once."""
    file.seek(0, os.SEEK_END)
    length = file.tell()
    file.seek(max(0, length - 65_633))  # 22 bytes, a comment of at most 65,535, and 76 of zip64 before
    end = file.read()
    file.seek(0)
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        raise Unreadable("is no zip, or half of one. Ask for it again")
    size = int(struct.unpack_from("<L", end, at + 12)[0])
    large = end.rfind(b"PK\x06\x06", 0, at)  # zip64, which zipfile obeys wherever it stands
    if large >= 0:
        size = max(size % 0xFFFFFFFF, int(struct.unpack_from("<Q", end, large + 40)[0]))
    return min(size, length)
