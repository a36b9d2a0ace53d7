"""pytest as editors start it finds the checks of a step, from the root and from the step's own folder."""

import subprocess
import sys
from functools import cache

import pytest

from tests.desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A copy of the workbook with a step of one file and a step that is a package."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.keep("03_users", "10_blueprints")
    return desk


def run(desk, folder, *arguments):
    """What pytest prints when it is started in a folder of the workbook."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(
        command, cwd=desk.root / folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


@cache
def collected(desk, folder, *arguments):
    """The names of the tests that pytest collects there."""
    lines = run(desk, folder, "--collect-only", "-q", *arguments).splitlines()
    return [line.partition("::")[2] for line in lines if "::" in line]


@pytest.mark.parametrize("slug", ["03_users", "10_blueprints"])
def test_a_steps_folder_has_the_steps_checks(desk, slug):
    """`pytest --collect-only` in the folder of a step lists what its checker has, each check once."""
    from_the_root = collected(desk, ".", f"checks/test_{slug}.py")
    assert len(from_the_root) > 20
    pyproject = desk.root / "steps" / slug / "pyproject.toml"
    why = 'add to it, below [tool.pytest.ini_options]:  addopts = "--confcutdir=.."'
    if pyproject.exists():
        assert "--confcutdir=.." in pyproject.read_text("utf-8"), why
    assert collected(desk, f"steps/{slug}") == from_the_root


def test_all_ways_to_name_a_step_find_its_checks(desk):
    """A folder as argument, a dot, and another root directory, as editors give, find the same checks."""
    wanted = collected(desk, ".", "checks/test_03_users.py")
    assert collected(desk, ".", "steps/03_users") == wanted
    assert collected(desk, "steps/03_users", ".", "--rootdir=.") == wanted


def test_the_root_has_all_checks(desk):
    """`pytest --collect-only` in the workbook's folder lists the checks of every step once, and no tests of ours."""
    first, second = (collected(desk, ".", f"checks/test_{slug}.py") for slug in ("03_users", "10_blueprints"))
    assert collected(desk, ".") == first + second


def test_a_learners_own_tests_are_found_too(desk):
    """A test that a learner writes in a step's folder is collected beside the checks."""
    own = desk.root / "steps/03_users/test_mine.py"
    own.write_text("def test_mine():\n    pass\n")
    try:
        found = collected.__wrapped__(desk, "steps/03_users")
        assert "test_mine" in found and len(found) > 20
    finally:
        own.unlink()


@pytest.mark.parametrize("folder", [".", "steps/03_users"])
def test_one_check_says_its_words(desk, folder):
    """One check by its name, as an editor runs it, says the learner's words and shows no code of ours."""
    checks = "checks" if folder == "." else "../../checks"
    text = run(desk, folder, f"{checks}/test_03_users.py::test_body_that_is_no_object_is_400")
    assert "  expected: 400" in text and "1 failed" in text and "def test_" not in text


def test_a_learners_program_gets_none_of_it(desk):
    """The file that wires the editors is in no step's folder, and checks go on without it."""
    from workbook.course import Step
    from workbook.program import intake

    assert "conftest.py" not in intake.read(desk.root / "steps/03_users")
    assert Step("03_users", desk.root).folder.parent == desk.root / "steps"
    wiring = desk.root / "steps/conftest.py"
    text = wiring.read_bytes()
    before = desk.learn("check", "3").stdout
    wiring.unlink()
    try:
        assert desk.learn("check", "3").stdout == before
    finally:
        wiring.write_bytes(text)
