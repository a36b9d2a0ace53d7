"""Right programs pass, wrong ones are told why, and each step's starter and solution keep their promises."""

import atexit
import json
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests import stages
from tests.batch import Batch
from tests.desk import lay_out
from tests.kept import edited, right_edits, right_programs, wrong_programs

ROOT = Path(__file__).resolve().parent.parent
SLUGS = sorted(path.stem.removeprefix("test_") for path in (ROOT / "checks").glob("test_*.py"))
RIGHT = [path for slug in SLUGS for path in right_programs(slug)]
WRONG = [
    pytest.param(slug, program, id=f"{slug}-{program['name']}")
    for slug in SLUGS
    for program in wrong_programs(slug)
]


RIGHT_EDITS = [
    pytest.param(slug, program, id=f"{slug}-{program['name']}")
    for slug in SLUGS
    for program in right_edits(slug)
]
RUNNING: dict[str, Batch] = {}


def check(step: str, folder: Path, only: str = "") -> dict:
    """The verdict of `learn.py check STEP --program FOLDER --json`, by one process for all programs of a step."""
    if step not in RUNNING:
        RUNNING[step] = Batch(step)
        atexit.register(RUNNING[step].close)
    return RUNNING[step].check(folder, only)


def check_alone(step: str, folder: Path) -> dict:
    """What `learn.py check STEP --program FOLDER --json` prints."""
    command = [sys.executable, "-I", "-X", "utf8", ROOT / "workbook/__main__.py"]
    command += ["check", step, "--program", folder, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def failures(result: dict) -> list[str]:
    """One line a check that did not pass."""
    return [f"{c['id']}: {c['message']}" for c in result["checks"] if c["status"] != "passed"]


def untimed(result: dict) -> dict:
    """A verdict without the seconds that it took."""
    return {key: value for key, value in result.items() if key != "seconds"}


@cache
def delivered(slug: str) -> Path:
    """A folder with a step's starter as the workbook delivered it."""
    folder = Path(tempfile.mkdtemp(prefix="starter-"))
    atexit.register(shutil.rmtree, folder)
    return lay_out(slug, folder)


@cache
def starter(slug: str) -> dict:
    """The verdict on a step's starter."""
    return check(slug, delivered(slug))


@pytest.mark.parametrize("slug", SLUGS)
def test_a_solution_passes_every_check(slug):
    """The reference of a step passes every check of its step, in a process of its own as in the batch."""
    result = check_alone(slug, ROOT / "solutions" / slug)
    assert untimed(result) == untimed(check(slug, ROOT / "solutions" / slug))
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


def stage_ids() -> list:
    """Each step with the number of TODOs that are solved, from none to all."""
    return [
        pytest.param(slug, done, id=f"{slug}-{done}")
        for slug in SLUGS
        for done in (0, *stages.todos(delivered(slug)))
    ]


@pytest.mark.parametrize(("slug", "done"), stage_ids())
def test_solving_the_todos_in_order_turns_their_checks_green(slug, done, tmp_path):
    """With TODOs 1 to k solved, exactly the checks marked 1 to k and the guards pass."""
    for name, text in stages.stage(delivered(slug), ROOT / "solutions" / slug, done).items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    checks = check(slug, tmp_path)["checks"]
    early = [f"{c['id']} (TODO {c['todo']})" for c in checks if c["status"] == "passed" and c["todo"] > done]
    late = [f"{c['id']}: {c['message']}" for c in checks if c["status"] != "passed" and c["todo"] <= done]
    assert early == [], "green too early"
    assert late == [], "not green yet"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_starter_with_every_todo_solved_is_the_solution(slug):
    """Apart from TODO comments and lines marked to be replaced, a starter stands in its solution, in order."""
    solution = ROOT / "solutions" / slug
    solved = stages.stage(delivered(slug), solution, 99)
    whole = stages.programs(solution)
    assert {name: solved[name] for name in whole} == whole


@pytest.mark.parametrize("slug", SLUGS)
def test_every_check_belongs_to_a_todo_of_the_starter(slug):
    """A check is a guard or names a TODO that the starter has."""
    marked = {one["todo"] for one in starter(slug)["checks"]} - {0}
    assert marked <= set(stages.todos(delivered(slug)))


def kept_lines(text: str) -> list[str]:
    """The lines of a program without the blank ones."""
    return [line for line in text.splitlines() if line.strip()]


def out_of_place(lines: list[str], whole: list[str]) -> str | None:
    """The first of `lines` that does not occur in `whole`, in order; None if all do."""
    rest = iter(whole)
    return next((line for line in lines if line not in rest), None)


@pytest.mark.parametrize(("slug", "following"), list(pairwise(SLUGS)))
def test_the_next_starter_begins_where_a_solution_ends(slug, following):
    """Every line of a solution stands in the next starter, in order, or is marked there to be replaced."""
    begun = stages.programs(delivered(following))
    for name, text in stages.programs(ROOT / "solutions" / slug).items():
        lines = [line.partition("  # replace in TODO ")[0] for line in begun[name].splitlines()]
        assert out_of_place(kept_lines(text), lines) is None


def test_the_drift_tests_bite():
    """A line that is missing, changed or moved is found, and so are TODOs that cannot be told apart."""
    assert out_of_place(["a", "b"], ["a", "x", "b"]) is None
    assert out_of_place(["a", "b"], ["b", "a"]) == "b"
    assert out_of_place(["a", "c"], ["a", "b"]) == "c"
    found = stages.pieces("a\n# TODO 1: x\n\nold  # replace in TODO 2\nz", "a\nnew\n\nb\nc\nz")
    assert [(part.todo, part.solution) for part in found] == [
        (0, ["a"]), (1, ["new"]), (0, [""]), (2, ["b", "c"]), (0, ["z"]),
    ]  # fmt: skip
    for begun, whole in (("a\nb", "b\na"), ("a", "a\nb"), ("# TODO 1: x\n# TODO 2: y", "a\nb")):
        with pytest.raises(stages.Drifted):
            stages.pieces(begun, whole)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_step_has_right_and_wrong_programs(slug):
    """At least four right programs and eight wrong ones prove a checker."""
    assert sum(folder.parent.name == slug for folder in RIGHT) >= 4
    assert len(wrong_programs(slug)) >= 8


@pytest.mark.parametrize("folder", RIGHT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_right_program_passes(folder):
    """A program that keeps the contract passes, however it is written."""
    assert failures(check(folder.parent.name, folder)) == []


@pytest.mark.parametrize(("slug", "program"), RIGHT_EDITS)
def test_a_small_change_that_is_right_passes(slug, program, tmp_path):
    """What the contract leaves open may be done in another way than the solution's."""
    edited(slug, program, tmp_path)
    assert failures(check(slug, tmp_path)) == []


@pytest.mark.parametrize(("slug", "program"), WRONG)
def test_a_wrong_program_is_told_why(slug, program, tmp_path):
    """A small fault in a solution fails the check that is named for it, with words that help."""
    edited(slug, program, tmp_path)
    named = program.get("fails") or program["remarked"]  # right by the contract, and told all the same
    result = check(slug, tmp_path, named)
    told = next(one for one in result["checks"] if one["id"] == named)
    status = "failed" if "fails" in program else "passed"
    assert (result["status"], told["status"]) == (status, status), failures(result)
    assert program["says"] in " ".join(told["message"].split())
    assert all(one["status"] != "error" for one in result["checks"]), failures(result)
    for one in result["checks"]:
        lines = (one["message"] or "").splitlines()
        assert len(lines) <= 12 and all(len(line) <= 80 for line in lines), one["message"]
