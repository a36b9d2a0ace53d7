"""The commands as a learner types them: what they print, how they end, and what they leave alone."""

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.desk import ANSI, Desk
from workbook.learner import serve


@pytest.fixture
def desk(tmp_path):
    """A copy of the workbook with its first two steps."""
    desk = Desk(tmp_path)
    desk.keep("01_hello", "02_echo")
    return desk


def test_the_overview_shows_every_step_and_the_first_failure(desk):
    """`learn.py` alone shows all steps, what to edit, what to type, and exits 0."""
    desk.solve("01_hello")
    done = desk.learn()
    assert done.returncode == 0
    assert "1 of 2 steps finished" in done.stdout
    assert "✓ 01_hello" in done.stdout and "finished, 12 of 12 checks pass" in done.stdout
    assert "✗ 02_echo" in done.stdout and "not finished" in done.stdout
    assert "Next: edit steps/02_echo/app.py, then type: python3 learn.py check 2" in done.stdout
    assert "  expected: " in done.stdout


def test_a_finished_step_says_how_to_go_on(desk):
    """After the last check: the goal, the next command, and a TODO comment that no check can see."""
    desk.solve("01_hello")
    app = desk.root / "steps/01_hello/app.py"
    app.write_text(app.read_text("utf-8") + "# TODO 4: start the server\n", "utf-8")
    shown = desk.learn("check", "1").stdout
    assert "You reached the goal: a program of one file" in shown
    assert "No check can see TODO 4." in shown
    assert shown.endswith("Next: python3 learn.py check 2\n")
    desk.solve("01_hello")
    desk.solve("02_echo")
    assert desk.learn("check", "2").stdout.endswith("That was the last step.\n")


def test_the_overview_says_when_all_is_done(desk):
    """With every step solved there is nothing next."""
    desk.solve("01_hello")
    desk.solve("02_echo")
    done = desk.learn()
    assert "2 of 2 steps finished" in done.stdout and "Every step is finished." in done.stdout


def test_check_without_a_step_checks_the_first_unfinished_one(desk):
    """Steps that are finished are passed over without a word."""
    desk.solve("01_hello")
    done = desk.learn("check", "--json")
    assert (done.returncode, json.loads(done.stdout)["step"]) == (1, "02_echo")


def test_a_step_has_three_names(desk):
    """2, 02 and 02_echo are the same step."""
    steps = [
        json.loads(desk.learn("check", name, "--json").stdout)["step"] for name in ("2", "02", "02_echo")
    ]
    assert steps == ["02_echo"] * 3


def test_all_steps_in_one_object(desk):
    """`--all --json` has one object a step; the whole fails when one does."""
    desk.solve("01_hello")
    done = desk.learn("check", "--all", "--json")
    whole = json.loads(done.stdout)
    assert done.returncode == 1
    assert (whole["schema"], whole["status"]) == (1, "failed")
    assert [step["status"] for step in whole["steps"]] == ["passed", "failed"]
    assert desk.learn("check", "--all", "--program", "solutions").returncode == 0


def test_json_has_every_promised_key(desk):
    """Every key of the promised object is there, for checks that pass, fail and wait."""
    result = json.loads(desk.learn("check", "1", "--json").stdout)
    assert {"schema", "step", "status", "passed", "total", "seconds", "checks"} <= result.keys()
    assert result["total"] == len(result["checks"]) == 12
    assert result["passed"] == sum(check["status"] == "passed" for check in result["checks"])
    for check in result["checks"]:
        assert {"id", "title", "status"} <= check.keys()
        assert isinstance(check["todo"], int) and isinstance(check["points"], int)
        for key in ("request", "sent", "expected", "got", "where", "message", "hint"):
            assert check[key] is None or isinstance(check[key], str)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check", "99"], "There is no step '99'. The steps are: 01_hello, 02_echo."),
        (["check", "1", "--program", "nowhere"], "There is no folder 'nowhere'."),
        (["check", "1", "--checks", "nowhere"], "There is no folder 'nowhere'."),
        (["check", "--program", "solutions/01_hello"], "Say which step the program belongs to"),
        (["hint", "hello"], "There is no step 'hello'."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(desk, arguments, sentence):
    """A command that cannot be carried out: exit 2, a sentence, an empty standard output, nothing changed."""
    before = desk.files()
    done = desk.learn(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(sentence) and "Traceback" not in done.stderr
    assert desk.files() == before


def test_an_instructors_own_checks_are_added(desk, tmp_path):
    """`--checks DIR` runs the checkers in DIR after the workbook's own, with the same words."""
    own = tmp_path / "own checks"
    own.mkdir()
    own.joinpath("test_01_hello.py").write_text(
        "from workbook.checking import expect\n\n"
        "def test_teapot(client):\n"
        '    """GET /teapot answers 418."""\n'
        '    expect(client.get("/teapot"), 418, next="Brew some tea.")\n'
    )
    desk.solve("01_hello")
    result = json.loads(desk.learn("check", "1", "--checks", str(own), "--json").stdout)
    assert (result["passed"], result["total"]) == (12, 13)
    assert result["checks"][-1]["id"] == "test_teapot"
    assert "GET /teapot answers 418." in result["checks"][-1]["message"]


def test_colour_is_for_terminals_that_want_it(desk):
    """A pipe, NO_COLOR and --plain give no escape sequence; a terminal gets colour and the same text."""
    plain = desk.learn("check", "1").stdout
    assert "\x1b" not in plain
    shown = {}
    for name, arguments, environment in (
        ("colour", [], {}), ("plain", ["--plain"], {}), ("no colour", [], {"NO_COLOR": "1"}),
    ):  # fmt: skip
        shown[name] = in_a_terminal(desk, ["check", "1", *arguments], environment)
    assert "\x1b[" in shown["colour"]
    assert ANSI.sub("", shown["colour"]) == shown["plain"] == shown["no colour"] == plain


def in_a_terminal(desk, arguments, environment):
    """What a command writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-I", "-X", "utf8", str(desk.root / "workbook/__main__.py"), *arguments]
    surroundings = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen(
        command, cwd=desk.root, stdout=theirs, stdin=theirs, stderr=theirs,
        env={**surroundings, "COLUMNS": "80", "TERM": "xterm-256color", **environment},
    )  # fmt: skip
    os.close(theirs)
    text = b""
    try:
        while part := os.read(ours, 65536):
            text += part
    except OSError:
        pass  # the terminal is gone, as it is when the program ends
    os.close(ours)
    process.wait(60)
    return text.decode().replace("\r\n", "\n")


def test_forty_columns_are_enough(desk):
    """In a narrow terminal no line of the verdict is longer than it."""
    lines = desk.learn("check", "1", columns=40).stdout.splitlines()
    assert max(map(len, lines)) <= 40, max(lines, key=len)


@pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap makes a folder read-only, for root as well")
def test_a_read_only_checkout_works(desk):
    """Where nothing may be written, check and hint work as usual."""
    expected = desk.learn("check", "1").stdout
    root = str(desk.root)
    locked = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", root, root, "--chdir", root]
    assert subprocess.run([*locked, "touch", "new"], capture_output=True, check=False).returncode != 0
    assert desk.learn("check", "1", before=locked).stdout == expected
    hints = desk.learn("hint", "1", before=locked)
    assert hints.returncode == 0 and "\n3. " in hints.stdout


def test_hints_come_one_at_a_time(desk):
    """Each `hint` shows one rung more; the last stays; the TODO is that of the first failing check."""
    for rungs in (1, 2, 3, 3):
        done = desk.learn("hint", "1")
        assert done.returncode == 0 and "Hints for TODO 1" in done.stdout
        assert [f"\n{number}. " in done.stdout for number in (1, 2, 3)] == [
            number <= rungs for number in (1, 2, 3)
        ]
    assert "That was the last one." in done.stdout


def test_hints_follow_the_work(desk):
    """A TODO without a check of its own is helped with until its comment is gone."""
    app = desk.root / "steps/01_hello/app.py"
    text = app.read_text("utf-8")
    app.write_text(
        text.replace("# TODO 1: return the welcome as a dict", "").replace("# replace in TODO 1", ""), "utf-8"
    )
    assert "Hints for TODO 2" in desk.learn("hint").stdout


def test_hints_are_there_after_a_pass(desk):
    """A finished step shows all of its hints."""
    desk.solve("01_hello")
    shown = desk.learn("hint", "1").stdout
    assert all(f"Hints for TODO {number}" in shown for number in (1, 2, 3, 4))


def test_checking_writes_nothing(desk):
    """No command that looks changes a file; what was shown is remembered in .workbook alone."""
    before = desk.files()
    for arguments in ([], ["check"], ["check", "1", "--json"], ["list"], ["hint"]):
        desk.learn(*arguments)
    after = desk.files()
    changed = {name for name in after if after[name] != before.get(name)}
    assert ".workbook/hints.json" in changed
    assert all(name.startswith(".workbook/") for name in changed)
    assert before.keys() <= after.keys()


def test_run_serves_a_step_until_interrupted(desk):
    """`run` answers on port 5001, says so when the port is taken, and leaves nothing behind at Ctrl-C."""
    if serve.taken():
        pytest.fail("port 5001 of this machine is taken")
    command = [sys.executable, "-I", "-X", "utf8", str(desk.root / "workbook/__main__.py"), "run", "2"]
    server = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        answer = None
        for _ in range(200):
            try:
                answer = json.load(urllib.request.urlopen("http://localhost:5001/", timeout=5))
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        assert answer == {"message": "Welcome to the Social Media API!"}
        second = desk.learn("run", "2")
        assert (second.returncode, second.stdout) == (2, "")
        assert second.stderr.startswith("Port 5001 is taken")
    finally:
        os.killpg(server.pid, signal.SIGINT)  # as a terminal does at Ctrl-C
        server.wait(20)
    assert server.returncode == 0
    assert not serve.taken()
