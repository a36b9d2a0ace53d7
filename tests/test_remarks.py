"""A remark: the check passes, and the learner is told what would be better."""

import json
import subprocess
import sys

import pytest

from tests.desk import ROOT, Desk
from workbook.checking.results import Check, StepResult
from workbook.checking.screen import step_screen

OWN = '''from workbook.checking import advise


def test_own(client):
    """It is asked."""
    advise(client.get("/").status_code == 418, "answer as a teapot. Say 418.")
'''


@pytest.fixture
def remarked(tmp_path):
    """What `check 1` says of the solution, with an instructor's own check that remarks: (screen, object)."""
    desk = Desk(tmp_path)
    desk.keep("01_hello")
    own = tmp_path / "own"
    own.mkdir()
    (own / "test_01_hello.py").write_text(OWN, "utf-8")
    asked = ("check", "1", "--program", str(ROOT / "solutions/01_hello"), "--checks", str(own))
    done = desk.learn(*asked)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, json.loads(desk.learn(*asked, "--json").stdout)


def test_a_remark_stands_on_the_screen_of_a_finished_step(remarked):
    """The step is finished, and the remark is read before that is said."""
    screen, _ = remarked
    assert screen.index("Better still: answer as a teapot. Say 418.") < screen.index("Finished.")


def test_a_check_with_a_remark_has_passed(remarked):
    """The object says passed, and its message is the remark."""
    _, told = remarked
    own = next(check for check in told["checks"] if check["id"] == "test_own")
    assert (told["status"], own["status"], own["message"]) == (
        "passed",
        "passed",
        "answer as a teapot. Say 418.",
    )


def test_plain_pytest_tells_the_remark(tmp_path):
    """Below its own lines, after the number of checks that pass."""
    (tmp_path / "test_01_hello.py").write_text(OWN, "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "workbook.checking.plugin",
    ]
    command += [tmp_path, "--program", "solutions/01_hello"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 checks pass" in done.stdout
    assert "Better still: answer as a teapot. Say 418." in done.stdout


def test_a_failing_step_keeps_its_remarks_to_itself(tmp_path):
    """Where something fails, the failure alone is shown."""
    checks = [
        Check("a", "A.", message="do better."),
        Check("b", "B.", status="failed", expected="1", got="2"),
    ]
    assert "do better" not in step_screen(StepResult("01_hello", checks=checks))
    assert "do better" in step_screen(StepResult("01_hello", checks=checks[:1]))
