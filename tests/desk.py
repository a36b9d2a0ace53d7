"""A copy of the workbook to learn in, so that tests can edit its steps and use its commands."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from workbook.course import Step
from workbook.learner import starters

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".workbook", "__pycache__", "instance", ".*_cache", "tests", "programs"
)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def lay_out(slug: str, folder: Path) -> Path:
    """Writes a step's starter as the workbook delivered it, whatever a learner has made of steps/ meanwhile."""
    for name, content in starters.delivered(Step(slug, ROOT)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


class Desk:
    """The copy, and its commands as a learner types them."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "my workbook"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT)
        for step in (self.root / "steps").glob("[0-9]*"):
            lay_out(step.name, step)

    def learn(
        self, *arguments: str, columns: int = 80, before: Sequence[str] = (), **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """What `learn.py ARGUMENTS` does, run by the Python of the tests, with `before` in front of it."""
        python = [*before, sys.executable, "-I", "-X", "utf8"]
        command = [*python, str(self.root / "workbook/__main__.py"), *arguments]
        surroundings = {**os.environ, "COLUMNS": str(columns), **environment}
        return subprocess.run(
            command, cwd=self.root, env=surroundings, capture_output=True, text=True, timeout=120, check=False
        )

    def solve(self, slug: str) -> None:
        """Puts a step's solution in the place of its starter."""
        for path in (self.root / "solutions" / slug).rglob("*.py"):
            target = self.root / "steps" / slug / path.relative_to(self.root / "solutions" / slug)
            shutil.copy(path, target)

    def keep(self, *slugs: str) -> None:
        """Leaves only these steps in the copy, so that a test needs no more time than they take."""
        for path in (self.root / "checks").glob("test_*.py"):
            if path.stem.removeprefix("test_") not in slugs:
                path.unlink()

    def files(self) -> dict[str, bytes]:
        """Every file of the copy but compiled ones."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
