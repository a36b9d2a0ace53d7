"""The learner's files, as a cell reads and writes them: what a cell replaces is kept, as with `reset`."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path, PurePosixPath

from workbook.course import Step, WorkbookError
from workbook.learner import folders, keep, starters, store
from workbook.learner.exchange import standing

SEEN = "cells"  # {file of a step: digest of what a cell last read or wrote there}


def names(step: Step) -> list[str]:
    """The Python files of a step that a learner edits."""
    return sorted(name for name in starters.delivered(step) if name.endswith(".py"))


def file_of(step: Step, name: str | None) -> str:
    """The file of a step that a cell stands for; raises WorkbookError where that is not clear."""
    edited = names(step)
    if name is None and len(edited) == 1:
        return edited[0]
    if name is None:
        raise WorkbookError(
            f"Step {step.slug} has several files. Name yours, as in: %%check {step.number:02} {edited[-1]}"
        )
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or path.suffix != ".py":
        raise WorkbookError(f"{name!r} is no file of step {step.slug}. Name one, such as {edited[0]}.")
    return path.as_posix()


def opened(step: Step, name: str) -> str:
    """A file's text, which from now on counts as seen; raises WorkbookError where it cannot be read."""
    held = content(step, name)
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WorkbookError(
            f"steps/{step.slug}/{name} is no UTF-8 text. Save it as UTF-8 in your editor, then run the cell again."
        ) from None
    with contextlib.suppress(WorkbookError):  # where nothing can be remembered, nothing can be written either
        _see(step, name, held)
    return text.replace("\r\n", "\n")


def changed_elsewhere(step: Step, name: str) -> bool:
    """Whether a file holds work that no cell has seen; asked once more, it counts as seen."""
    held = content(step, name)
    known = {store.recall(SEEN).get(f"{step.slug}/{name}"), _digest(starters.delivered(step).get(name, b""))}
    if _digest(held) in known or not held.strip():
        return False
    _see(step, name, held)
    return True


def write(step: Step, name: str, text: str) -> None:
    """Puts a text into a file of the step, once all that stands there is kept.

    Raises WorkbookError; the step's files are then as they were.
    """

    def lay(folder: Path) -> None:
        folders.copy(step.folder, folder, standing(step, step.folder))
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())

    keep.replace(step, lay)
    _see(step, name, text.encode())


def content(step: Step, name: str) -> bytes:
    """What a file of a step holds; nothing where there is none."""
    try:
        return (step.folder / name).read_bytes()
    except OSError:
        return b""


def _see(step: Step, name: str, held: bytes) -> None:
    store.remember(SEEN, {**store.recall(SEEN), f"{step.slug}/{name}": _digest(held)})


def _digest(held: bytes) -> str:
    return hashlib.sha256(held).hexdigest()
