"""A grader that is killed at any moment goes on with the same command, and ends with the same bytes."""

import builtins
import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests import gradings

NAMES = ("ann", "bert", "cleo")
CRASHED = 137
pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="Windows has no fork, with which a grader is killed here"
)


def in_a_fork(work) -> int:
    """Does `work` in a fork of this process; gives its exit status."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Bomb:
    """Ends its process at the nth call that changes a file, before or after that call, without any clean-up."""

    def __init__(self, number: int, after: bool) -> None:
        self.left, self.after = number, after

    def guard(self, call):
        """The same call, which may be the last."""

        def guarded(*arguments, **options):
            self.left -= 1
            if self.left == 0 and not self.after:
                os._exit(CRASHED)
            try:
                return call(*arguments, **options)
            finally:
                if self.left == 0:
                    os._exit(CRASHED)

        return guarded

    def arm(self) -> None:
        """Guards every call with which the grader changes files."""
        for name in ("replace", "rename", "fsync", "mkdir", "unlink"):
            setattr(os, name, self.guard(getattr(os, name)))
        builtins.open = self.guard(open)


def unbroken(folder: Path, **options) -> dict[str, bytes]:
    """What one run without an accident leaves."""
    gradings.grade(gradings.a_class(*NAMES), folder, **options)
    return gradings.grades(folder)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("restart", [False, True], ids=["first run", "restart"])
def test_wherever_it_is_killed_the_same_command_ends_with_the_same_bytes(tmp_path, restart, after):
    """The process dies at each call that touches a file in turn; the next run ends as an unbroken one does."""
    expected = unbroken(tmp_path / "unbroken")
    deaths = 0
    for number in range(1, 1000):
        out = tmp_path / str(number)
        if restart:
            unbroken(out)

        def die(number=number, out=out):
            Bomb(number, after).arm()
            gradings.grade(gradings.a_class(*NAMES), out, restart=restart)

        status = in_a_fork(die)
        if status == 0:
            break
        assert status == CRASHED
        deaths += 1
        assert unbroken(out, restart=restart) == expected, f"killed at call {number}"
        assert not [path.name for path in out.glob("**/.*") if path.name != ".lock"], (
            f"killed at call {number}"
        )
    assert deaths > 25


def test_what_was_graded_before_the_kill_is_not_judged_again(tmp_path):
    """A run that goes on asks the workers for those alone that have no line in the journal."""

    def die():
        def answer(task):
            if task.entry.label == "cleo":
                os._exit(CRASHED)
            return gradings.answer(task)

        gradings.grade(gradings.a_class(*NAMES), tmp_path, gradings.Canned(answer))

    assert in_a_fork(die) == CRASHED
    summary = gradings.grade(gradings.a_class(*NAMES), tmp_path)
    assert (summary.judged, summary.unchanged) == (1, 2)


def test_a_journal_cut_short_anywhere_costs_one_submission_at_most(tmp_path):
    """However much of the last lines is missing, the next run ends with the same bytes and a journal that reads."""
    expected = unbroken(tmp_path)
    path = tmp_path / "journal.jsonl"
    whole = path.read_bytes()
    last = whole[: whole.rindex(b'{"event": "gradebook"')].rindex(b'{"event": "graded"')
    for length in range(last, len(whole), 7):
        path.write_bytes(whole[:length])
        summary = gradings.grade(gradings.a_class(*NAMES), tmp_path)
        assert gradings.grades(tmp_path) == expected and summary.judged <= 1
        torn = [line for line in path.read_text("utf-8").splitlines() if line and not is_json(line)]
        assert len(torn) <= 1
        assert gradings.grade(gradings.a_class(*NAMES), tmp_path).judged == 0


def is_json(line: str) -> bool:
    """Whether a line is whole."""
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"steps": [1]}', None], ids=str)
def test_a_damaged_result_is_judged_again(tmp_path, damage):
    """A result that is not what the journal says, or not there, is never believed."""
    expected = unbroken(tmp_path)
    path = tmp_path / "results" / "bert.json"
    path.write_bytes(path.read_bytes().replace(b'"passed"', b'"failed"') if damage is None else damage)
    assert gradings.grade(gradings.a_class(*NAMES), tmp_path).judged == 1
    assert gradings.grades(tmp_path) == expected


def descendants(process: int) -> list[int]:
    """The ids of all processes below one."""
    from workbook.candidate import limits

    return limits.descendants(process)


def gone(processes: list[int]) -> bool:
    """Whether all these processes end within a while."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not any(running(one) for one in processes):
            return True
        time.sleep(0.05)
    return False


def running(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are counted in Linux's /proc")
def test_the_real_command_killed_at_random_moments_leaves_nothing_running_and_goes_on(tmp_path):
    """kill -9 at any time of a run with real workers: no process stays, and the same command ends the same."""
    source = gradings.hand_in(tmp_path / "in", ann=HELLO, bert="from flask import Flask\n", cleo="x = (")
    options = (source, "--steps", "1", "--workers", "2")
    began = time.monotonic()
    assert gradings.run(*options, "--out", tmp_path / "unbroken").returncode == 0
    seconds = time.monotonic() - began
    expected = gradings.grades(tmp_path / "unbroken")
    moments = random.Random(1)
    temporary = tmp_path / "tmp"
    temporary.mkdir(mode=0o755)
    environment = {**os.environ, "TMPDIR": str(temporary)}
    for _ in range(6):
        command = [*gradings.COMMAND, *map(str, options), "--out", str(tmp_path / "killed")]
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        time.sleep(moments.uniform(0.2, 0.9) * seconds)
        below = descendants(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert gone(below) and not list(temporary.glob("workbook-grade-*/*"))
    assert gradings.run(*options, "--out", tmp_path / "killed").returncode == 0
    assert gradings.grades(tmp_path / "killed") == expected


HELLO = """
from flask import Flask
app = Flask(__name__)
@app.get("/")
def home():
    return {"message": "hello"}
"""
