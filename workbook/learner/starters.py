"""The delivered starters: pristine copies in workbook/starters, so that a step can come back without git.

`python3 -m workbook.learner.starters` makes the copies anew from steps/, for whoever changes a starter. The
name of a copy ends in .starter, so that no editor offers it to a learner as one more app.py.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from workbook.course import ROOT, Step, steps

REFRESH = "python3 -m workbook.learner.starters"
ENDING = ".starter"
SKIPPED = {"__pycache__", "instance", ".pytest_cache", ".ruff_cache", ".mypy_cache"}
_TODO = re.compile(rb"TODO \d")


def folder_of(step: Step) -> Path:
    """Where the copies of a step's files stand that a learner edits."""
    return step.root / "workbook" / "starters" / step.slug


def list_of(step: Step) -> Path:
    """The file that names what else a step gives: README.md, hints, pages; reset leaves these alone."""
    return folder_of(step).with_suffix(".txt")


def delivered(step: Step) -> dict[str, bytes]:
    """{relative path: content} of the files that a learner edits, as the workbook delivered them."""
    folder = folder_of(step)
    return {
        path.relative_to(folder).as_posix().removesuffix(ENDING): path.read_bytes() for path in _files(folder)
    }


def given(step: Step) -> set[str]:
    """The relative paths of a step's other files."""
    try:
        return set(list_of(step).read_text("utf-8").splitlines())
    except OSError:
        return set()


def now(step: Step) -> tuple[dict[str, bytes], set[str]]:
    """What `delivered` and `given` would be if the step's folder were copied as it is."""
    edited, rest = {}, set()
    for path in _files(step.folder):
        name, content = path.relative_to(step.folder).as_posix(), path.read_bytes()
        if path.suffix == ".py" or (path.suffix != ".md" and _TODO.search(content)):
            edited[name] = content
        else:
            rest.add(name)
    return edited, rest


def _files(folder: Path) -> list[Path]:
    """Every file below a folder, but what programs and tools leave behind."""
    return sorted(
        Path(root, name)
        for root, folders, names in os.walk(folder)
        if not SKIPPED & set(Path(root).relative_to(folder).parts)
        for name in names
    )


def refresh(root: Path = ROOT) -> list[str]:
    """Makes the copies of all steps anew; gives the slugs of those that changed."""
    changed = []
    for step in steps(root):
        edited, rest = now(step)
        if (edited, rest) == (delivered(step), given(step)):
            continue
        changed.append(step.slug)
        shutil.rmtree(folder_of(step), ignore_errors=True)
        for name, content in edited.items():
            target = folder_of(step) / f"{name}{ENDING}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        list_of(step).write_text("".join(f"{name}\n" for name in sorted(rest)), "utf-8")
    return changed


if __name__ == "__main__":
    for slug in refresh():
        sys.stdout.write(f"{slug}: copied to workbook/starters\n")
