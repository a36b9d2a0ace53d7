"""`learn.py grade` as an instructor types it: who is judged again, what is refused, and verdicts as `check` gives."""

import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import gradings
from tests.test_grading_kill import HELLO, descendants, gone
from workbook import course
from workbook.course import WorkbookError
from workbook.grading import commands
from workbook.program import isolation

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ("04_login", "09_relations")
NAMES = ("ann", "bert", "cleo")
LINUX = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="processes are counted in Linux's /proc"
)


def rows(folder: Path) -> dict[str, dict[str, str]]:
    """The gradebook's rows by id."""
    with open(folder / "gradebook.csv", encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def statuses(folder: Path) -> dict[str, str]:
    """Each student's status."""
    return {id: row["status"] for id, row in rows(folder).items()}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of three in step 1, judged by the real command with two workers: (submissions, grades)."""
    base = tmp_path_factory.mktemp("class")
    source = gradings.hand_in(base / "in", ann=HELLO, bert="from flask import Flask\n", cleo="x = (")
    done = gradings.run(source, "--steps", "1", "--workers", "2", "--out", base / "grades")
    assert done.returncode == 0, done.stderr
    return source, base / "grades"


@pytest.fixture
def again(graded, tmp_path):
    """A copy of that class of the test's own."""
    source, grades = (shutil.copytree(folder, tmp_path / folder.name) for folder in graded)
    return source, grades


def test_one_worker_gives_the_same_bytes_as_two(graded, tmp_path):
    """Gradebook, results, feedback and report do not depend on the number of workers."""
    source, grades = graded
    assert gradings.run(source, "--steps", "1", "--workers", "1", "--out", tmp_path).returncode == 0
    assert gradings.grades(tmp_path) == gradings.grades(grades)


def test_verdicts_are_those_of_check(tmp_path):
    """Each step's object is the one that `check --json` prints for the same files, the clock apart."""
    steps = [course.find(name) for name in SAMPLE]
    for step in steps:
        right = sorted((ROOT / "tests/programs" / step.slug).glob("right_*"))
        for number, program in enumerate((step.folder, right[0], right[-1])):
            for path in program.rglob("*.py"):
                copy = tmp_path / "in" / f"student{number}" / "steps" / step.slug / path.relative_to(program)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
    done = gradings.run(tmp_path / "in", "--out", tmp_path / "out", "--steps", ",".join(SAMPLE))
    assert done.returncode == 0, done.stderr
    for student in (tmp_path / "in").iterdir():
        result = json.loads((tmp_path / "out" / "results" / f"{student.name}.json").read_text("utf-8"))
        for step, judged in zip(steps, result["steps"], strict=True):
            program = student / "steps" / step.slug
            command = [*gradings.COMMAND[:-1], "check", step.slug, "--json", "--program", str(program)]
            printed = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
            del printed["seconds"]
            assert printed == {key: judged[key] for key in printed}
            assert judged["inputs"] == judged["seed"]


def test_the_programs_are_judged_for_what_they_do(graded):
    """A right answer earns its points, a wrong one none, and a program that does not load is an import error."""
    _, grades = graded
    assert statuses(grades) == {"ann": "graded", "bert": "import-error", "cleo": "import-error"}
    assert int(rows(grades)["ann"]["01_hello"]) > 0 and rows(grades)["cleo"]["01_hello"] == "0"


def test_nothing_unchanged_is_judged_again(again):
    """The same command on the same class runs no program and changes no byte."""
    source, grades = again
    before = gradings.grades(grades)
    done = gradings.run(source, "--steps", "1", "--out", grades)
    assert "Judged now: 0; unchanged since the last run: 3." in done.stdout
    assert gradings.grades(grades) == before


def test_a_new_hand_in_alone_is_judged_again(again):
    """Whoever handed in something else is judged, and nobody else."""
    source, grades = again
    gradings.hand_in(source, bert=HELLO)
    done = gradings.run(source, "--steps", "1", "--out", grades)
    assert "Judged now: 1; unchanged since the last run: 2." in done.stdout
    assert statuses(grades)["bert"] == "graded"


def test_a_changed_checker_judges_all_again_and_overrides_stay(again, tmp_path):
    """With an instructor's own check the class is judged anew; points set by hand stand through that."""
    source, grades = again
    (grades / "overrides.csv").write_bytes(b"id,step,points,comment\r\ncleo,1,4,seen in class\r\n")
    own = tmp_path / "own"
    own.mkdir()
    text = 'def test_own(client):\n    """It answers."""\n    assert client.get("/").status_code == 200\n'
    (own / "test_01_hello.py").write_text(text, "utf-8")
    possible = int(rows(grades)["ann"]["possible"])
    done = gradings.run(source, "--steps", "1", "--checks", own, "--out", grades)
    assert "Judged now: 3; unchanged since the last run: 0." in done.stdout
    assert int(rows(grades)["ann"]["possible"]) == possible + 1
    assert rows(grades)["cleo"]["total"] == "4" and "seen in class" in rows(grades)["cleo"]["notes"]


def test_a_checker_that_raises_costs_nobody_a_point(again, tmp_path):
    """Trouble of a checker is grader-error: the cell is blank, the exit status 1, and the next run tries again."""
    source, grades = again
    own = tmp_path / "own"
    own.mkdir()
    text = 'def test_own(client):\n    """It answers."""\n    raise RuntimeError("my own mistake")\n'
    (own / "test_01_hello.py").write_text(text, "utf-8")
    for _ in range(2):
        done = gradings.run(source, "--steps", "1", "--checks", own, "--out", grades)
        assert done.returncode == 1 and "grader-error is the grader's own trouble" in done.stdout
        assert "Judged now: 0" not in done.stdout
    assert (rows(grades)["ann"]["01_hello"], rows(grades)["ann"]["total"]) == ("", "")
    assert "my own mistake" in rows(grades)["ann"]["notes"]


def test_the_roster_decides_the_rows_and_their_order(again, tmp_path):
    """One row for each student on the roster, also for one who handed in nothing; strangers are told."""
    source, grades = again
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\ncleo,Cleo\nzoe,Zoe\nann,Ann\n", "utf-8")
    done = gradings.run(source, "--steps", "1", "--roster", roster, "--out", grades)
    assert done.returncode == 0 and "bert" in done.stdout
    assert statuses(grades) == {"cleo": "import-error", "zoe": "no-submission", "ann": "graded"}
    assert list(rows(grades)) == ["cleo", "zoe", "ann"] and rows(grades)["zoe"]["total"] == "0"
    assert not (grades / "results" / "bert.json").exists()
    assert (grades / "earlier" / "001" / "results" / "bert.json").exists()


def test_a_restart_judges_all_again_and_keeps_what_was(again):
    """--restart puts the old grades aside, whole, and ends with the same bytes; overrides stay in force."""
    source, grades = again
    before = gradings.grades(grades)
    (grades / "overrides.csv").write_bytes(b"id,step,points,comment\r\ncleo,1,4,\r\n")
    done = gradings.run(source, "--steps", "1", "--restart", "--out", grades)
    assert "Judged now: 3" in done.stdout
    assert gradings.grades(grades / "earlier" / "001") == before
    assert rows(grades)["cleo"]["total"] == "4"


@LINUX
def test_a_killed_worker_costs_nobody_anything(graded, tmp_path):
    """kill -9 of a worker in the midst of it: its submission is judged once more, and nothing differs."""
    source, grades = graded
    command = [
        *gradings.COMMAND,
        str(source),
        "--steps",
        "1",
        "--workers",
        "2",
        "--out",
        str(tmp_path / "out"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not (workers := [one for one in descendants(process.pid) if b"spawn_main" in words(one)]):
        time.sleep(0.01)
    os.kill(workers[0], signal.SIGKILL)
    assert process.wait() == 0
    assert gradings.grades(tmp_path / "out") == gradings.grades(grades)


def words(process: int) -> bytes:
    """The command line of a process; empty where it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


@LINUX
def test_ctrl_c_says_how_to_go_on_and_leaves_nothing_running(graded, tmp_path):
    """Ctrl-C ends all processes of a run with status 130 and a sentence; the same command finishes it."""
    source, grades = graded
    command = [*gradings.COMMAND, str(source), "--steps", "1", "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not any(b"spawn_main" in words(one) for one in descendants(process.pid)):
        time.sleep(0.01)
    below = descendants(process.pid)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    _, said = process.communicate()
    assert (process.returncode, "Traceback" in said) == (130, False)
    assert "run the same command again" in said and gone(below)
    assert gradings.run(*command[len(gradings.COMMAND) :]).returncode == 0
    assert gradings.grades(tmp_path / "out") == gradings.grades(grades)


def refused(*arguments: object) -> str:
    """The sentence with which the command is refused before anything is done."""
    done = gradings.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "") and "Traceback" not in done.stderr
    return done.stderr


def test_what_cannot_be_carried_out_is_a_sentence(tmp_path):
    """Folders, rosters and steps that cannot be meant end with status 2 and leave nothing behind."""
    source = gradings.hand_in(tmp_path / "in", ann="")
    out, roster = tmp_path / "out", tmp_path / "roster.csv"
    roster.write_text("name\nAnn\n", "utf-8")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "gradebook.csv").write_text("mine", "utf-8")
    assert "There is no folder" in refused(tmp_path / "nothing", "--out", out)
    assert "roster" in refused(source, "--roster", roster, "--out", out)
    assert "There is no step '99'" in refused(source, "--steps", "1-99", "--out", out)
    assert "lies within the submissions" in refused(source, "--out", source / "out")
    assert "There is no folder" in refused(source, "--checks", tmp_path / "nothing", "--out", out)
    assert "nothing tells that `learn.py grade` wrote it" in refused(source, "--out", theirs)
    assert not out.exists() and os.listdir(theirs) == ["gradebook.csv"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("3", [3]), ("03_users", [3]), ("01-03", [1, 2, 3]), ("1, 4-6", [1, 4, 5, 6]), ("2,1", [1, 2])],
)
def test_steps_are_named_as_elsewhere(text, numbers):
    """Single steps, ranges and lists of them; the order is the course's."""
    assert [step.number for step in commands._steps(text)] == numbers


def test_a_range_that_is_upside_down_is_a_sentence():
    """3-1 names no step, and that is told."""
    with pytest.raises(WorkbookError, match="--steps 3-1 is empty: 3 comes after 1"):
        commands._steps("3-1")


def test_a_cluster_gives_the_same_bytes(graded, tmp_path):
    """A Dask cluster of two worker processes ends as the workers of one machine do."""
    pytest.importorskip("distributed", reason="the optional package distributed is not installed")
    source, grades = graded
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    dask = [sys.executable, "-m", "distributed.cli.dask_"]
    options = {
        "env": environment,
        "cwd": tmp_path,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    commands = [
        [*dask[:-1], dask[-1] + "scheduler", "--host", address, "--no-dashboard"],
        [*dask[:-1], dask[-1] + "worker", address, "--nworkers", "2", "--nthreads", "1", "--no-dashboard"],
    ]
    processes = [subprocess.Popen(command, **options) for command in commands]
    try:
        done = gradings.run(source, "--steps", "1", "--scheduler", address, "--out", tmp_path / "out")
        assert done.returncode == 0, done.stderr
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()
    assert gradings.grades(tmp_path / "out") == gradings.grades(grades)


def test_a_cluster_that_is_not_there_is_a_sentence(tmp_path):
    """An address at which nobody answers ends with status 2 and says how to start a cluster."""
    pytest.importorskip("distributed", reason="the optional package distributed is not installed")
    source = gradings.hand_in(tmp_path / "in", ann="")
    assert "No Dask scheduler answers" in refused(
        source, "--scheduler", "tcp://127.0.0.1:9", "--out", tmp_path / "out"
    )


def test_a_sandbox_that_does_not_work_is_refused(tmp_path, monkeypatch, capsys):
    """--isolation sandbox never falls back to less: it says why it cannot be had."""
    monkeypatch.setattr(isolation, "trouble", lambda level: "there is no bwrap.")
    source = gradings.hand_in(tmp_path / "in", ann="")
    with pytest.raises(WorkbookError, match="'sandbox' does not work here: there is no bwrap"):
        arguments = [str(source), "--out", str(tmp_path / "out"), "--isolation", "sandbox"]
        commands.grade.main(arguments, standalone_mode=False)


def test_a_checker_for_no_step_is_refused(tmp_path):
    """A file of one's own that checks none of the steps to grade is named, not passed over."""
    source, own = gradings.hand_in(tmp_path / "in", ann=HELLO), tmp_path / "own"
    own.mkdir()
    (own / "test_01_helo.py").write_text("", "utf-8")
    said = refused(source, "--steps", "1", "--checks", own, "--out", tmp_path / "out")
    assert "test_01_helo.py" in said and "test_01_hello.py" in said


def test_answers_that_cannot_be_read_are_no_grader_error(tmp_path):
    """Bytes that are no UTF-8, JSON nested too deeply and reports that make no sense cost the program its points."""
    program = (
        "from flask import Flask\n\napp = Flask(__name__)\nJSON = {'Content-Type': 'application/json'}\n\n\n"
        "@app.get('/')\ndef home():\n    return %s, 200, JSON\n"
    )
    source = gradings.hand_in(
        tmp_path / "in",
        latin=program % "'Grüße'.encode('latin-1')",
        deep=program % "'[' * 3000 + ']' * 3000",
        forged="import sys\nfrom flask import Flask\nframe = sys._getframe()\n"
        "while 'stream' not in getattr(frame.f_locals.get('self'), '__dict__', {}):\n    frame = frame.f_back\n"
        "own, pack = frame.f_locals['self'], frame.f_globals['wire'].pack\n"
        "own.stream.write(pack({'problem': {'kind': 'exception', 'error': {'type': 1}}}))\n",
    )
    done = gradings.run(source, "--steps", "1", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    assert statuses(tmp_path / "out") == {"latin": "graded", "deep": "graded", "forged": "crashed"}
