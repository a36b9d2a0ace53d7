"""The exchange of the work in a step's folder for another: kept first, then moved, undone where it fails.

What is to be replaced is copied first, what replaces it is laid ready beside the copy, and only then are
files moved, each by one rename: the learner's own file takes the place of its copy. So at every moment each
file stands in the step's folder or under .workbook/kept, whenever the process dies.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from workbook.course import Step, WorkbookError
from workbook.learner import folders, starters

UNFINISHED = "unfinished"
Lay = Callable[[Path], None]


def exchange(step: Step, lay: Lay, entry: Path, *, rights: bool) -> bool:
    """Keeps the work in a step's folder in `entry`, and puts what `lay` makes in a folder in its place.

    `rights` says whether the rights of files count as a difference. False, with nothing kept, where both are
    the same. Raises WorkbookError; nothing has changed then.
    """
    if step.folder.is_symlink():
        raise WorkbookError(f"{step.folder} is a link. Put the folder itself in its place, then try again.")
    with _told(step, "Nothing was changed."):
        if not _prepare(step, lay, entry, rights):
            return False
    done: list[Callable[[], None]] = []
    try:
        _swap(step, entry, rights, done)
    except BaseException as error:
        with _told(step, f"It stopped half-way; what is not in the folder stands in {entry}."):
            for back in reversed(done):
                back()
            copies = folders.scan(entry / "work")
        if all(folders.same(entry / "work" / name, step.folder / name) for name in copies):
            shutil.rmtree(entry, ignore_errors=True)
        if isinstance(error, OSError):
            raise _sentence(step, error, "Nothing was changed.") from None
        raise
    for rest in ("new", "gone"):
        shutil.rmtree(entry / rest, ignore_errors=True)
    with contextlib.suppress(OSError):
        os.unlink(entry / UNFINISHED)
    return True


def standing(step: Step, folder: Path) -> folders.Standing:
    """What stands in a folder, but what the step gives and the folders around that."""
    given = starters.given(step)
    around = {name.rsplit("/", depth)[0] for name in given for depth in range(1, name.count("/") + 1)}
    found = folders.scan(folder)
    return {name: kind for name, kind in found.items() if name not in given | around and kind != "other"}


def _prepare(step: Step, lay: Lay, entry: Path, rights: bool) -> bool:
    """Makes `entry`: work, a copy of all that stands in the step's folder; new, what is to replace it; gone,
    for the folders that it replaces.
    """
    entry.parent.mkdir(parents=True, exist_ok=True)
    step.folder.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=entry.parent))
    new = temporary / "new"
    try:
        new.mkdir()
        lay(new)
        wanted = standing(step, new)
        pairs = ((step.folder / name, new / name) for name in wanted)
        if standing(step, step.folder) == wanted and all(folders.same(*p, rights=rights) for p in pairs):
            return False
        (temporary / "work").mkdir()
        folders.copy(step.folder, temporary / "work", folders.scan(step.folder))
        (temporary / "gone").mkdir()
        (temporary / UNFINISHED).touch()
        os.rename(temporary, entry)
        return True
    finally:
        shutil.rmtree(temporary, ignore_errors=True)  # it is there no more where all went well


def _swap(step: Step, entry: Path, rights: bool, done: list[Callable[[], None]]) -> None:
    """Moves what differs; `done` gets, for each thing done, the call that takes it back."""
    folder, staged = step.folder, entry / "new"
    old, new = standing(step, folder), standing(step, staged)
    stays = {name for name in new if folders.same(folder / name, staged / name, rights=rights)}

    def do(act: Callable[..., None], *paths: Path, back: Callable[..., None]) -> None:
        act(*paths)
        done.append(partial(back, *reversed(paths)))

    for name, kind in old.items():
        if kind != "folder" and name not in stays:
            # what the learner saved a moment ago takes the place of its copy
            do(os.replace, folder / name, entry / "work" / name, back=os.replace)
    for name, kind in reversed(old.items()):
        if kind == "folder" and new.get(name) != "folder":
            if os.listdir(folder / name):
                continue  # a pipe or the like in it stays, and so does the folder
            try:
                # moved, because a full disk would have no room to make it again
                do(os.rename, folder / name, entry / "gone" / str(len(done)), back=os.rename)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                # as for a folder of a container's image: https://docs.kernel.org/filesystems/overlayfs.html
                do(os.rmdir, folder / name, back=os.mkdir)
    for name, kind in new.items():
        path = folder / name
        for missing in [above for above in reversed(path.parents) if above.is_relative_to(folder)]:
            if not os.path.lexists(missing):
                do(os.mkdir, missing, back=os.rmdir)
        if name in stays:
            continue
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, "it was saved this very moment", str(path))
        if kind == "folder":
            do(os.mkdir, path, back=os.rmdir)
        else:
            do(os.replace, staged / name, path, back=os.replace)


@contextlib.contextmanager
def _told(step: Step, then: str) -> Iterator[None]:
    """Makes the sentence of an error of the disk; `then` says what became of the work."""
    try:
        yield
    except OSError as error:
        raise _sentence(step, error, then) from None


def _sentence(step: Step, error: OSError, then: str) -> WorkbookError:
    name = os.path.basename(os.fsdecode(error.filename or ""))
    name = "".join(letter if letter.isprintable() else "?" for letter in name)
    return WorkbookError(
        f"steps/{step.slug} cannot be changed: {error.strerror or error}"
        + (f" ({name})" if name else "")
        + f". {then} Make room or give yourself the right to write there, then try again."
    )
