"""Checks of one step that run side by side say what they say one after the other."""

import os
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from workbook import course
from workbook.candidate import limits
from workbook.checking import lanes
from workbook.checking.results import Check
from workbook.checking.run import examine
from workbook.learner import starters
from workbook.program import intake

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
STEP = course.find("4")
NUMBERS = list(range(20))


def told(result) -> dict:
    """A result without the one figure that differs from run to run."""
    return {**result.to_json(), "seconds": 0}


def programs() -> list[dict[str, bytes]]:
    """The solution, the starter of nothing, and wrong programs: some checks fail, many wait, one program hangs."""
    solution = intake.read(STEP.solution)
    text = solution["app.py"].decode()
    wrong = tomllib.loads((ROOT / "tests/programs" / STEP.slug / "wrong.toml").read_text("utf-8"))["program"]
    edited = []
    for program in wrong[::6]:
        changed = text
        for old, new in program.get("edit", []):
            changed = changed.replace(old, new)
        edited.append({"app.py": changed.encode()})
    hung = {"app.py": text.replace('@app.route("/api/me")', '@app.route("/api/me")\n@forever').encode()}
    hung["app.py"] = (
        b"def forever(view):\n    def hang():\n        while True: pass\n    return hang\n" + hung["app.py"]
    )
    return [solution, {"app.py": b""}, {"app.py": b"import os; os._exit(3)"}, hung, *edited]


def test_two_lanes_say_what_one_says():
    """Every text of the JSON is the same, also where checks fail, wait, hang, and where nothing loads."""
    files = programs()
    one = examine([STEP], lambda exam: [told(exam.check(STEP, program)) for program in files], width=1)
    two = examine([STEP], lambda exam: [told(exam.check(STEP, program)) for program in files], width=3)
    assert len(files) > 6
    assert {result["status"] for result in one} == {"passed", "failed"}
    assert two == one


@pytest.mark.parametrize("first", [0, 1])
def test_a_check_that_waits_names_the_same_one_in_any_lane(monkeypatch, first):
    """Where two checks that it needs have failed, the first of them is named, whichever its lane has seen."""

    def unevenly(numbers, judge, enter, seen):
        known = {number: judge(number) for half in (first, 1 - first) for number in numbers[half::2]}
        seen(known)
        return known

    files = starters.delivered(STEP)
    one = examine([STEP], lambda exam: told(exam.check(STEP, files)), width=1)
    monkeypatch.setattr(lanes, "side_by_side", unevenly)
    assert examine([STEP], lambda exam: told(exam.check(STEP, files)), width=2) == one
    assert "waiting" in {check["status"] for check in one["checks"]}


def test_nothing_is_left_of_the_lanes():
    """After the verdict no process of a lane runs, and their folders are gone."""

    def check(exam):
        before = set(limits.descendants(os.getpid()))
        exam.check(STEP, intake.read(STEP.solution))
        return set(limits.descendants(os.getpid())) - before

    left = examine([STEP], check, width=3)
    assert (
        len(left) <= 2
    )  # the program of the first lane, and its copy that stands by, wait for the next save


def test_an_interrupt_leaves_nothing_behind(tmp_path, monkeypatch):
    """Ctrl-C in the middle of a run ends every lane and removes every folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = limits.children(os.getpid())

    def interrupted(result):
        raise KeyboardInterrupt

    def after_the_first(result):
        return interrupted(result) if len(result.checks) > 1 else False

    with pytest.raises(KeyboardInterrupt):
        examine(
            [STEP], lambda exam: exam.check(STEP, intake.read(STEP.solution), each=after_the_first), width=3
        )
    assert list(tmp_path.iterdir()) == []
    assert limits.children(os.getpid()) == before


def test_a_run_can_be_broken_off():
    """Where `each` gives True, the result so far comes back and no lane goes on."""

    def check(exam):
        seen = []

        def each(result):
            seen.append(len(result.checks))
            return len(seen) == 3

        result = exam.check(STEP, intake.read(STEP.solution), each=each)
        whole = exam.check(STEP, intake.read(STEP.solution))
        return len(result.checks), seen, whole

    found, seen, whole = examine([STEP], check, width=2)
    assert found == seen[-1] < len(whole.checks)
    assert whole.status == "passed"


def judged(number: int) -> Check:
    """A check that tells in which process it ran."""
    return Check(str(number), str(os.getpid()))


@pytest.mark.parametrize("forks", [0, 1, 3])
def test_each_number_is_judged_once(forks):
    """All numbers come back, whichever lane took them."""
    known = lanes.side_by_side(NUMBERS, judged, [lambda: None] * forks, lambda known: False)
    assert {number: check.id for number, check in known.items()} == {
        number: str(number) for number in NUMBERS
    }


def test_what_a_lane_cannot_tell_is_judged_here():
    """A fork that is killed, or fails, loses no check."""
    here = os.getpid()

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def fail(number: int) -> Check:
        if os.getpid() != here:
            raise RuntimeError("a lane in trouble")
        return judged(number)

    killed = lanes.side_by_side(NUMBERS, judged, [die], lambda known: False)
    failed = lanes.side_by_side(NUMBERS, fail, [lambda: None], lambda known: False)
    assert sorted(killed) == sorted(failed) == NUMBERS
    assert {check.title for check in [*killed.values(), *failed.values()]} == {str(here)}


def test_an_error_ends_the_other_lanes():
    """What the first lane raises comes out at once; a lane that would work for ever is ended."""

    def judge(number: int) -> Check:
        raise KeyboardInterrupt

    before = limits.children(os.getpid())
    with pytest.raises(KeyboardInterrupt):
        lanes.side_by_side(NUMBERS, judge, [lambda: signal.pause()], lambda known: False)
    assert limits.children(os.getpid()) == before
