"""`reset` and `undo`: what they replace is kept whole under .workbook/kept, with its date, and never deleted."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbook.checking import screen
from workbook.course import ROOT, Step, WorkbookError
from workbook.learner import folders, starters
from workbook.learner.exchange import UNFINISHED, exchange, standing

_NAME = re.compile(r"(\d+)-(\d\d_\w+)-(\d{4}-\d\d-\d\d)-(\d\d)\.(\d\d)\.(\d\d)-(reset|undo|notebook)")


@dataclass(frozen=True)
class Kept:
    """What stood in a step's folder before a reset or an undo."""

    number: int
    slug: str
    when: str
    before: str
    path: Path

    @property
    def work(self) -> Path:
        """The folder that holds all of it, as it stood in the step's folder."""
        return self.path / "work"

    @property
    def interrupted(self) -> bool:
        """Whether the reset or undo was ended before it was through."""
        return (self.path / UNFINISHED).exists()


def all_kept(root: Path = ROOT) -> list[Kept]:
    """Everything that was kept, the oldest first."""
    try:
        names = os.listdir(root / ".workbook" / "kept")
    except OSError:
        return []
    found = []
    for name in names:
        if match := _NAME.fullmatch(name):
            number, slug, day, *time, before = match.groups()
            when = f"{day} {':'.join(time)}"
            found.append(Kept(int(number), slug, when, before, root / ".workbook" / "kept" / name))
    return sorted(found, key=lambda kept: kept.number)


def kept_of(step: Step) -> list[Kept]:
    """What was kept of one step, the oldest first."""
    return [kept for kept in all_kept(step.root) if kept.slug == step.slug]


def reset(step: Step) -> Kept | None:
    """Puts the starter back and gives what was kept; None where nothing differed. Raises WorkbookError."""
    delivered = starters.delivered(step)
    if not delivered:
        raise WorkbookError(f"There is no starter of {step.slug}. To make one: {starters.REFRESH}")

    def lay(folder: Path) -> None:
        for name, content in delivered.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with open(folder / name, "xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

    return _exchanged(step, lay, "reset")


def undo(step: Step, kept: Kept) -> Kept | None:
    """Brings back what was kept, and gives what was kept of the state that it replaced, as `reset` does."""

    def lay(folder: Path) -> None:
        folders.copy(kept.work, folder, standing(step, kept.work))

    return _exchanged(step, lay, "undo")


def replace(step: Step, lay: Callable[[Path], None]) -> Kept | None:
    """Puts what `lay` makes into the place of the work, as a notebook's cell does; gives what was kept."""
    return _exchanged(step, lay, "notebook")


def _exchanged(step: Step, lay: Callable[[Path], None], before: str) -> Kept | None:
    number = max((kept.number for kept in all_kept(step.root)), default=0) + 1
    when = datetime.now().isoformat(" ", "seconds")
    name = f"{number:04}-{step.slug}-{when.replace(' ', '-').replace(':', '.')}-{before}"
    path = step.root / ".workbook" / "kept" / name
    # a starter has no rights of its own, what was kept has
    changed = exchange(step, lay, path, rights=before == "undo")
    return Kept(number, step.slug, when, before, path) if changed else None


def choose(step: Step | None, number: int | None, root: Path = ROOT) -> Kept:
    """What `undo` means: the last that was kept, of a step or of all, or the one with this number."""
    there = kept_of(step) if step else all_kept(root)
    chosen = [kept for kept in there if number in (None, kept.number)]
    if not chosen:
        of = f" of {step.slug}" if step else ""
        which = f" under number {number}" if number is not None else ""
        raise WorkbookError(f"There is nothing to bring back{of}{which}: reset keeps what it replaces.")
    return chosen[-1]


def after_reset(step: Step, kept: Kept | None, again: str) -> str:
    """What `reset` tells; `again` is the command that brings the work back."""
    if not kept:
        return screen.wrapped(f"steps/{step.slug} holds the starter already, so nothing was changed.")
    lines = [f"steps/{step.slug} holds the starter again. Your work is kept in", f"  {_place(kept)}"]
    earlier = kept_of(step)[-2:-1]
    if earlier and earlier[0].interrupted:
        lines.append(
            f"The {earlier[0].before} before this one was interrupted. What stood there before that:"
        )
        lines.append(f"  {again} --number {earlier[0].number}")
    return "\n".join(screen.wrapped(line) for line in [*lines, f"To bring it back: {again}"])


def after_undo(step: Step, chosen: Kept, kept: Kept | None, again: str) -> str:
    """What `undo` tells; `again` is the command that takes it back."""
    if not kept:
        return screen.wrapped(f"steps/{step.slug} holds that work already, so nothing was changed.")
    lines = [f"steps/{step.slug} holds your work of {chosen.when} again. What it replaced is kept in"]
    lines += [f"  {_place(kept)}", f"To take this undo back: {again}"]
    return "\n".join(screen.wrapped(line) for line in lines)


def listing(there: list[Kept]) -> str:
    """What was kept, one line each, the newest last."""
    if not there:
        return "Nothing was kept yet: reset keeps what it replaces."
    return "\n".join(_line(kept) for kept in there)


def _line(kept: Kept) -> str:
    step = Step(kept.slug, kept.path.parents[2])
    files = sum(kind != "folder" for kind in standing(step, kept.work).values())
    note = ", which was interrupted" if kept.interrupted else ""
    before = {"reset": "a reset", "undo": "an undo", "notebook": "a cell of a notebook"}[kept.before]
    many = "1 file" if files == 1 else f"{files} files"
    return f"{kept.number:>4}  {kept.slug}  {kept.when}, before {before}{note}, {many}"


def _place(kept: Kept) -> str:
    return f".workbook/kept/{kept.path.name}"
