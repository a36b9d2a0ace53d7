"""The steps of the workbook, found by scanning its folders: adding a step edits no list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SLUG = re.compile(r"(\d\d)_\w+")


class WorkbookError(Exception):
    """Something that the user can mend; its text is the sentence that they read."""


@dataclass(frozen=True)
class Step:
    """One step: its slug ("03_users") and the files of the workbook that belong to it."""

    slug: str
    root: Path = ROOT

    @property
    def number(self) -> int:
        return int(self.slug[:2])

    @property
    def folder(self) -> Path:
        return self.root / "steps" / self.slug

    @property
    def solution(self) -> Path:
        return self.root / "solutions" / self.slug

    def edited(self) -> str:
        """The file with the lowest TODO, as a path from the root of the workbook."""
        found = []
        for path in sorted(self.folder.rglob("*.py")):
            numbers = re.findall(r"# (?:replace in )?TODO (\d+)", path.read_text("utf-8", "replace"))
            found += [(int(number), path.relative_to(self.root).as_posix()) for number in numbers]
        return min(found, default=(0, f"steps/{self.slug}/app.py"))[1]

    @property
    def checker(self) -> Path:
        return self.root / "checks" / f"test_{self.slug}.py"


def steps(root: Path = ROOT) -> list[Step]:
    """All steps that have a checker, in order."""
    slugs = (path.stem.removeprefix("test_") for path in (root / "checks").glob("test_*.py"))
    return [Step(slug, root) for slug in sorted(slugs) if _SLUG.fullmatch(slug)]


def find(name: str, root: Path = ROOT) -> Step:
    """The step that `name` means: "3", "03" or "03_users"; raises WorkbookError."""
    known = steps(root)
    for step in known:
        if name == step.slug or (name.isascii() and name.isdigit() and int(name) == step.number):
            return step
    there = ", ".join(step.slug for step in known)
    raise WorkbookError(f"There is no step {name!r}. The steps are: {there}.")
