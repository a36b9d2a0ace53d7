"""Right programs pass, wrong ones are told why, and each step's starter and solution keep their promises."""

import json
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
SLUGS = sorted(path.stem.removeprefix("test_") for path in (ROOT / "checks").glob("test_*.py"))
RIGHT = [path for slug in SLUGS for path in sorted((ROOT / "tests/programs" / slug).glob("right_*"))]
WRONG = [
    pytest.param(slug, program, id=f"{slug}-{program['name']}")
    for slug in SLUGS
    for program in tomllib.loads((ROOT / "tests/programs" / slug / "wrong.toml").read_text("utf-8"))[
        "program"
    ]
]


def check(step: str, folder: Path) -> dict:
    """What `learn.py check STEP --program FOLDER --json` prints."""
    command = [sys.executable, "-I", "-X", "utf8", ROOT / "workbook/__main__.py"]
    command += ["check", step, "--program", folder, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def failures(result: dict) -> list[str]:
    """One line a check that did not pass."""
    return [f"{c['id']}: {c['message']}" for c in result["checks"] if c["status"] != "passed"]


@cache
def starter(slug: str) -> dict:
    """The verdict on a step's starter."""
    return check(slug, ROOT / "steps" / slug)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_solution_passes_every_check(slug):
    """The reference of a step passes every check of its step."""
    result = check(slug, ROOT / "solutions" / slug)
    assert failures(result) == []
    assert result["status"] == "passed"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_starter_fails_each_check_of_a_todo_by_a_wrong_answer(slug):
    """A starter loads, passes the guards, and fails or waits in each check that belongs to a TODO."""
    for result in starter(slug)["checks"]:
        if result["todo"]:
            assert result["status"] in ("failed", "waiting"), result["id"]
            assert "no program" not in (result["got"] or ""), result["message"]
        else:
            assert result["status"] == "passed", result["message"]


def kept_lines(path: Path) -> list[str]:
    """The lines of a starter that its solution must keep."""
    lines = path.read_text("utf-8").splitlines()
    return [
        line for line in lines if line.strip() and "# TODO " not in line and "# replace in TODO " not in line
    ]


def out_of_place(lines: list[str], whole: list[str]) -> str | None:
    """The first of `lines` that does not occur in `whole`, in order; None if all do."""
    rest = iter(whole)
    return next((line for line in lines if line not in rest), None)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_solution_keeps_the_lines_of_its_starter(slug):
    """Apart from TODO comments and lines marked to be replaced, a starter stands in its solution, in order."""
    solution = (ROOT / "solutions" / slug / "app.py").read_text("utf-8").splitlines()
    assert out_of_place(kept_lines(ROOT / "steps" / slug / "app.py"), solution) is None


@pytest.mark.parametrize(("slug", "following"), list(pairwise(SLUGS)))
def test_the_next_starter_begins_where_a_solution_ends(slug, following):
    """Every line of a solution stands in the next starter, in order, or is marked there to be replaced."""
    marks = (ROOT / "steps" / following / "app.py").read_text("utf-8").splitlines()
    starter = [line.partition("  # replace in TODO ")[0] for line in marks]
    solution = kept_lines(ROOT / "solutions" / slug / "app.py")
    assert out_of_place(solution, starter) is None


def test_the_drift_tests_bite():
    """A line that is missing, changed or moved is found."""
    assert out_of_place(["a", "b"], ["a", "x", "b"]) is None
    assert out_of_place(["a", "b"], ["b", "a"]) == "b"
    assert out_of_place(["a", "c"], ["a", "b"]) == "c"


@pytest.mark.parametrize("folder", RIGHT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_right_program_passes(folder):
    """A program that keeps the contract passes, however it is written."""
    assert failures(check(folder.parent.name, folder)) == []


@pytest.mark.parametrize(("slug", "program"), WRONG)
def test_a_wrong_program_is_told_why(slug, program, tmp_path):
    """A small fault in a solution fails the check that is named for it, with words that help."""
    for path in sorted((ROOT / "solutions" / slug).glob("*.py")):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    file = tmp_path / program.get("file", "app.py")
    if "bytes" in program:
        file.write_bytes(bytes.fromhex(program["bytes"]))
    elif "whole" in program:
        file.write_text(program["whole"], "utf-8")
    else:
        text = file.read_text("utf-8")
        for old, new in program["edit"]:
            assert text.count(old) >= 1, f"the solution has no {old!r}"
            text = text.replace(old, new)
        file.write_text(text, "utf-8")
    if program.get("removed"):
        (tmp_path / program["removed"]).unlink()
    result = check(slug, tmp_path)
    by_id = {one["id"]: one for one in result["checks"]}
    assert result["status"] == "failed"
    assert by_id[program["fails"]]["status"] == "failed", failures(result)
    assert program["says"] in " ".join(by_id[program["fails"]]["message"].split())
    assert all(one["status"] != "error" for one in result["checks"]), failures(result)
    for one in result["checks"]:
        lines = (one["message"] or "").splitlines()
        assert len(lines) <= 12 and all(len(line) <= 80 for line in lines), one["message"]
