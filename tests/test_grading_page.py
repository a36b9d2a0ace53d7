"""What docs/instructors.md hands out works: its checker, its autograder for Gradescope, its workflow for GitHub."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile

import pytest
import yaml

from tests import importers, office
from tests.desk import Desk

ROOT = office.ROOT
PYTHON = " ".join(map(shlex.quote, [sys.executable, "-I", "-X", "utf8"]))


@pytest.fixture
def desk(tmp_path):
    """A copy of the workbook with two steps, and a submission that solves the first."""
    desk = Desk(tmp_path)
    desk.keep("01_hello", "03_users")
    shutil.copytree(ROOT / "solutions/01_hello", tmp_path / "submission/repo-main/steps/01_hello")
    return desk


def run(script: str, folder, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a shell script does in a folder."""
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [("", "", "passed"), ("users.append(user)", "users.append(user) if len(users) < 9 else None", "failed")],
)
def test_the_pages_checker_judges(desk, old, new, status):
    """The checker that the page shows passes a right program and fails one that forgets users."""
    folder = desk.root / "my-checks"
    folder.mkdir()
    (folder / "test_03_users.py").write_text(office.checker(), "utf-8")
    desk.solve("03_users")
    app = desk.root / "steps/03_users/app.py"
    assert old in app.read_text("utf-8")
    app.write_text(app.read_text("utf-8").replace(old, new), "utf-8")
    result = json.loads(desk.learn("check", "3", "--checks", "my-checks", "--json").stdout)
    (own,) = [check for check in result["checks"] if check["id"] == "test_fifty_users_can_register"]
    assert (own["status"], own["points"]) == (status, 3)


@pytest.mark.skipif(os.name == "nt", reason="Gradescope's machines run Linux")
def test_the_autograder_of_gradescope_writes_results(desk, tmp_path):
    """run_autograder grades the one submission and writes a results.json as Gradescope wants it."""
    here = tmp_path / "autograder"
    (here / "source").mkdir(parents=True)
    (here / "results").mkdir()
    desk.root.rename(here / "source/course")
    (tmp_path / "submission").rename(here / "submission")
    script = (ROOT / "docs/grading/run_autograder").read_text("utf-8")
    script = script.replace("/autograder", str(here)).replace(
        "python3 learn.py", f"{PYTHON} workbook/__main__.py"
    )
    done = run(script, here)
    assert done.returncode == 0, done.stderr
    result = json.loads((here / "results/results.json").read_text("utf-8"))
    assert importers.gradescope(result) > 0
    assert [test["status"] for test in result["tests"] if test["number"].startswith("1.")] == ["passed"] * 12
    assert [test["number"] for test in result["tests"]][-1] == "3" and result["tests"][-1]["score"] == 0


def test_the_autograders_zip_has_its_scripts_at_the_top(tmp_path):
    """The page's `git archive` packs both scripts at the root, as Gradescope asks, and the workbook below."""
    if not (ROOT / ".git").exists():
        pytest.skip("this copy of the workbook is no git repository")
    (command,) = re.findall(r"^    (git archive .*)$", office.PAGE.read_text("utf-8"), flags=re.MULTILINE)
    done = run(command.replace("autograder.zip", shlex.quote(str(tmp_path / "a.zip"))), ROOT)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = set(archive.namelist())
        rights = archive.getinfo("run_autograder").external_attr >> 16
    assert {"setup.sh", "run_autograder", "course/learn.py"} <= names and rights & 0o100


def test_the_setup_of_gradescope_is_a_script(tmp_path):
    """setup.sh is a shell script that names a folder and commands that are there."""
    script = (ROOT / "docs/grading/setup.sh").read_text("utf-8")
    assert run(f"bash -n <<'END'\n{script}\nEND", tmp_path).returncode == 0
    (closed,) = re.findall(r"^chmod -R go-rwx (.*)$", script, flags=re.MULTILINE)
    assert all((ROOT / name).is_dir() for name in closed.split())


@pytest.mark.skipif(not shutil.which("jq"), reason="GitHub's machines have jq, this one has not")
def test_the_workflow_tells_github_classroom_the_points(desk, tmp_path):
    """The workflow's grading step gives the reporter base64 JSON with a line a check and the points."""
    flow = yaml.safe_load((ROOT / "docs/grading/classroom.yml").read_text("utf-8"))
    (script,) = [step["run"] for step in flow["jobs"]["check"]["steps"] if step.get("id") == "workbook"]
    desk.root.rename(tmp_path / "course")
    (tmp_path / "class").mkdir()
    (tmp_path / "submission").rename(tmp_path / "class/student")
    script = script.replace("python3 course/learn.py", f"{PYTHON} course/workbook/__main__.py")
    done = run(f"set -eo pipefail\n{script}", tmp_path, GITHUB_OUTPUT=str(tmp_path / "output"))
    assert done.returncode == 0, done.stderr
    told = importers.classroom((tmp_path / "output").read_text("utf-8").removeprefix("result="))
    assert told == (
        12,
        sum(test["max_score"] for test in json.loads((tmp_path / "results.json").read_text())["tests"]),
    )
