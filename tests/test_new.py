"""`learn.py new`: the files of a new step."""

import json

import pytest

from tests import stages
from tests.desk import Desk
from workbook.course import Step


@pytest.fixture
def desk(tmp_path):
    """A copy of the workbook."""
    return Desk(tmp_path)


@pytest.fixture
def made(desk):
    """One with a step more."""
    assert desk.learn("new", "18_likes").returncode == 0
    return desk


def test_a_new_step_waits_for_what_it_is_to_bring(made):
    """The checker of a new step runs; its guards and the earlier steps are green, its own check is red."""
    result = json.loads(made.learn("check", "18", "--json").stdout)
    red = [check["id"] for check in result["checks"] if check["status"] != "passed"]
    assert red == ["test_something_is_there"]
    assert result["passed"] > 3


def test_a_new_starter_is_its_solution_and_a_todo(made):
    """The invariant of starters holds from the first minute."""
    step = Step("18_likes", made.root)
    assert stages.todos(step.folder) == [1]
    assert stages.stage(step.folder, step.solution, 99) == stages.programs(step.solution)


def test_a_new_step_has_hints_and_can_be_reset(made):
    """What finds steps by their files finds the new one."""
    assert "Where to look" in made.learn("hint", "18").stdout
    assert made.learn("reset", "18").returncode == 0


@pytest.mark.parametrize(
    "slug, words",
    [
        ("likes", "two digits and a word"),
        ("18-likes", "two digits and a word"),
        ("../18_likes", "two digits and a word"),
        ("12_likes", "There is a step 12_cors already"),
        ("00_likes", "above 01"),
    ],
)
def test_a_name_that_will_not_do_is_refused(desk, slug, words):
    """A bad name is one sentence with the mend, and nothing is written."""
    before = desk.files()
    done = desk.learn("new", slug)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert desk.files() == before


def test_files_that_are_there_are_left_alone(desk):
    """A folder of that name without a checker is somebody's work: nothing is written over it."""
    notes = desk.root / "steps" / "18_likes" / "README.md"
    notes.parent.mkdir()
    notes.write_text("mine", "utf-8")
    before = desk.files()
    done = desk.learn("new", "18_likes")
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert desk.files() == before
