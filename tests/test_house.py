"""The order of the house: who may import whom, and what every file keeps to."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import stages

ROOT = Path(__file__).resolve().parent.parent


def imported(path: Path) -> set[str]:
    """The modules that a file imports, by their full names."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def own(names: set[str]) -> set[str]:
    """Those of the workbook's own packages."""
    return {name for name in names if name.split(".")[0] in ("workbook", "checks", "tests", "solutions")}


@pytest.mark.parametrize("path", sorted(ROOT.glob("workbook/candidate/*.py")), ids=lambda path: path.name)
def test_the_untrusted_side_imports_nothing_else_of_ours(path):
    """The candidate's processes hold no check, no answer and no word of a verdict."""
    allowed = ("workbook.candidate",)
    assert all(name == "workbook" or name.startswith(allowed) for name in own(imported(path)))


@pytest.mark.parametrize(
    "path",
    sorted([*ROOT.glob("steps/**/*.py"), *ROOT.glob("solutions/**/*.py")]),
    ids=lambda path: str(path.parent.name),
)
def test_learners_files_import_nothing_of_the_workbook(path):
    """What a learner reads and edits would run without the workbook."""
    assert not own(imported(path))


@pytest.mark.parametrize("path", sorted(ROOT.glob("checks/*.py")), ids=lambda path: path.name)
def test_checkers_import_the_checking_package_alone(path):
    """A checker knows `workbook.checking` and the other checkers, and not how a program is run."""
    assert all(name.startswith(("workbook.checking", "checks")) for name in own(imported(path)))


def test_ruff_finds_nothing():
    """The code keeps to the rules in pyproject.toml."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--no-cache",
            "learn.py",
            "workbook",
            "checks",
            "tests",
            "steps",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_type_hints_of_the_engine_hold():
    """mypy finds nothing in workbook/."""
    command = [sys.executable, "-m", "mypy", "--cache-dir", os.devnull]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_an_unknown_step_is_one_sentence():
    """A step or folder that is not there: exit 2, one sentence on standard error, nothing on standard output."""
    for arguments in (["check", "99", "--json"], ["check", "1", "--program", "no such folder", "--json"]):
        command = [sys.executable, "-I", ROOT / "workbook/__main__.py", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr and done.stderr.startswith("There is no")


@pytest.mark.parametrize("slug", ["01_hello", "03_users"])
def test_plain_pytest_says_the_same_words(slug):
    """`pytest checks/test_NN_slug.py` gives the words of `learn.py check` and no traceback."""
    environment = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"checks/test_{slug}.py"]
    done = subprocess.run(environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "  expected: " in done.stdout and "Traceback" not in done.stdout and "def test_" not in done.stdout
    assert "of" in done.stdout and f"{slug}: " in done.stdout


@pytest.mark.parametrize("folder", sorted(ROOT.glob("steps/[0-9]*/")), ids=lambda path: path.name)
def test_every_todo_has_three_hints_and_a_line_in_the_readme(folder):
    """The TODOs of a starter, the ladder of hints and the README's list name the same numbers."""
    numbers = {str(number) for number in stages.todos(folder)}
    ladders = re.split(r"^## TODO (\d+)$", (folder / "hints.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
    pairs = zip(ladders[::2], ladders[1::2], strict=True)
    rungs = {number: re.findall(r"^(\d)\. ", text, flags=re.MULTILINE) for number, text in pairs}
    todos = (folder / "README.md").read_text("utf-8").partition("## Your TODOs")[2].partition("\n## ")[0]
    assert rungs == {number: ["1", "2", "3"] for number in numbers}
    assert set(re.findall(r"^(\d+)\. ", todos, flags=re.MULTILINE)) == numbers
