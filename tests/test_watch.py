"""`learn.py watch`, on a terminal and in a pipe: one verdict a save, keys, and a clean end."""

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.desk import Desk
from tests.terminal import Lines, Terminal
from workbook.learner import watch_words

FINISHED = "✓ Step 02_echo: 16 of 16 checks pass"
VERDICT = r"(?m)^[✗✓] Step 0"
ECHO = "from flask import Flask, request\n\napp = Flask(__name__)\n"


@pytest.fixture
def desk(tmp_path):
    """A copy of the workbook with two steps, in which step 02 is being learnt."""
    desk = Desk(tmp_path)
    desk.keep("01_hello", "02_echo")
    desk.solve("01_hello")
    tmp_path.joinpath("tmp").mkdir()
    return desk


def command(desk, *arguments):
    """`learn.py watch` in the copy."""
    return [sys.executable, "-I", "-X", "utf8", str(desk.root / "workbook/__main__.py"), "watch", *arguments]


def on_terminal(desk, *arguments, **options):
    """`learn.py watch` on a terminal; what it keeps in temporary files is below the copy's folder."""
    return Terminal(command(desk, *arguments), desk.root, **options, TMPDIR=str(desk.root.parent / "tmp"))


def piped(desk, *arguments, **environment):
    """`learn.py watch` with its output in a pipe."""
    return Lines(command(desk, *arguments), desk.root, **environment)


def app(desk, slug="02_echo"):
    """The file that the learner edits."""
    return desk.root / "steps" / slug / "app.py"


def solution(desk, slug="02_echo"):
    """The text of a step's solution."""
    return (desk.root / "solutions" / slug / "app.py").read_text("utf-8")


def nothing_left(desk):
    """Whether no process of the copy runs any more and no temporary file stands."""
    here = str(desk.root).encode()
    running = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            running += [entry] if here in entry.read_bytes() else []
        except OSError:
            continue  # it has just ended
    return not running and not list((desk.root.parent / "tmp").iterdir())


def test_each_save_has_its_verdict(desk):
    """A wrong, a right and a wrong program, saved in turn, each get the verdict that `check` gives."""
    with on_terminal(desk) as terminal:
        page = terminal.shows(
            "✗ Step 02_echo: 4 of 16 checks pass", "checked at", "Edit: steps/02_echo/app.py:"
        )
        assert "  expected: 405" in page and page.endswith(watch_words.KEYS)
        app(desk).write_text(solution(desk), "utf-8")
        terminal.shows(FINISHED, "checked at")
        app(desk).write_text(solution(desk).replace("/echo", "/other"), "utf-8")
        page = terminal.shows("✗ Step 02_echo: ", "checked at")
        shown = desk.learn("check", "2").stdout.partition("\n\n")[2].partition("\nseed")[0]
        assert shown and shown in page


def test_a_finished_step_stays(desk):
    """A finished step says what was learnt and what comes next, also after the next save; n moves on."""
    desk.solve("02_echo")
    app(desk, "01_hello").write_text("app = 1\n", "utf-8")
    with on_terminal(desk, "1") as terminal:
        terminal.shows("✗ Step 01_hello", "Edit: steps/01_hello/app.py")
        terminal.press("n")
        terminal.shows("Step 01_hello is not finished yet.", "✗ Step 01_hello")
        for comment in ("", "# again\n"):
            app(desk, "01_hello").write_text(solution(desk, "01_hello") + comment, "utf-8")
            page = terminal.shows("✓ Step 01_hello: 12 of 12", "checked at")
            assert "You reached the goal: a program of one file that answers two addresses." in page
            assert "Next: press n, or type: python3 learn.py watch 2" in page
        terminal.press("n")
        terminal.shows(FINISHED, "That was the last step.")


def test_keys_help_and_list(desk):
    """h shows one hint more at each press, Enter and r the verdict, l the steps; arrows and others do nothing."""
    with on_terminal(desk, "2") as terminal:
        terminal.shows("checked at")
        terminal.press("\x1b[A\x1bOBzh")
        assert "\n2. " not in terminal.shows("Hints for TODO 1", "\n1. ")
        terminal.press("H")
        terminal.shows("Hints for TODO 1", "\n2. ")
        terminal.press("\n")
        terminal.shows("checked at", "expected: 405")
        terminal.press("hr")
        terminal.shows("checked at", "expected: 405")
        terminal.press("l")
        terminal.shows("1 of 2 steps finished", "✓ 01_hello", "✗ 02_echo", "Any key: back")
        terminal.press(" ")
        terminal.shows("✗ Step 02_echo", "checked at")


@pytest.mark.parametrize("way", ["q", "\x03", "SIGTERM"])
def test_it_ends_without_a_trace(desk, way):
    """q, Ctrl-C and SIGTERM end it with status 0: no process, no temporary file, the terminal as before."""
    with on_terminal(desk, "2") as terminal:
        terminal.shows("checked at")
        assert not terminal.as_before()
        if way == "SIGTERM":
            terminal.process.terminate()
        else:
            terminal.press(way)
        assert terminal.wait() == 0
        assert terminal.as_before()
        assert terminal.text.endswith("\n") and "Traceback" not in terminal.text
        assert not set(re.findall(r"\x1b\[\?\w+", terminal.text))  # no mode that would have to be taken back
    assert nothing_left(desk)


def test_q_does_not_wait_for_a_program_that_hangs(desk):
    """While a request hangs, q ends it all the same."""
    app(desk).write_text("import time\ntime.sleep(4)\n" + ECHO, "utf-8")
    with on_terminal(desk, "2") as terminal:
        terminal.shows("Step 02_echo: checking")
        terminal.press("qq")
        assert terminal.wait() == 0
        assert "checked at" not in terminal.text and "Traceback" not in terminal.text
    assert nothing_left(desk)


def test_a_pipe_gets_plain_lines(desk):
    """In a pipe one verdict follows the other, without keys or escapes; Ctrl-C ends it with status 0."""
    with piped(desk, "2") as lines:
        lines.has(r"Edit: steps/02_echo/app.py:\d+")
        app(desk).write_text(solution(desk), "utf-8")
        text = lines.has(r"That was the last step.")
        assert text.startswith("Watching steps/02_echo.")
        assert len(re.findall(VERDICT, text)) == 2 and FINISHED in text
        assert "\x1b" not in text and watch_words.KEYS not in text
        lines.process.send_signal(signal.SIGINT)
        assert lines.process.wait(30) == 0


def test_a_pipe_that_nobody_reads_any_more_ends_it(desk):
    """With `| head`, the first verdict after its end ends watch too, without a word."""
    with piped(desk, "2") as lines:
        lines.has("Edit: ")
        os.close(lines.process.stdout.fileno())
        lines.process.stdout = None
        app(desk).write_text(solution(desk), "utf-8")
        assert lines.process.wait(60) == 0


def test_plain_on_a_terminal(desk):
    """--plain gives the lines of a pipe on a terminal as well."""
    with on_terminal(desk, "2", "--plain") as terminal:
        while "Edit: " not in terminal.text:
            terminal.read(1)
        assert "\x1b" not in terminal.text and terminal.as_before()


def test_no_color_has_no_colour(desk):
    """With NO_COLOR the page is the same, without colours and links."""
    with on_terminal(desk, "2", FORCE_HYPERLINK="1") as terminal:
        coloured = terminal.shows("checked at")
        assert "\x1b[32m" in terminal.text
        assert re.search(
            r"\x1b\]8;;file://\S+/steps/02_echo/app.py\x1b\\steps/02_echo/app.py:\d", terminal.text
        )
    with on_terminal(desk, "2", NO_COLOR="1", FORCE_HYPERLINK="1") as terminal:
        plain = terminal.shows("checked at")
        assert set(re.findall(r"\x1b.\w?", terminal.text)) == {"\x1b[H", "\x1b[K", "\x1b[J"}
    at = re.compile(r"at .* s")
    assert at.sub("", plain) == at.sub("", coloured)


def test_a_resized_terminal_is_drawn_anew(desk):
    """Made narrower and lower, the terminal shows the page in its new size: 60 columns are enough."""
    with on_terminal(desk, "2") as terminal:
        terminal.shows("checked at")
        terminal.resize(60, 16)
        page = terminal.shows("too low for the rest", "Edit: ", watch_words.KEYS)
        assert max(map(len, page.splitlines())) <= 60 and len(page.splitlines()) <= 16
        assert page.startswith("✗ Step 02_echo") and "expected: 405" in page


@pytest.mark.parametrize(
    "module", ["raise ImportError", "def watch(*_, **__):\n    raise OSError('no watch left')\n    yield\n"]
)
def test_without_watchfiles_it_looks_by_itself(desk, module):
    """Where watchfiles cannot be imported or fails, saves are found all the same, and the screen says how."""
    (desk.root / "watchfiles.py").write_text(module)
    with on_terminal(desk, "2") as terminal:
        terminal.shows("checked at", "Looking for saves ten times a second")
        app(desk).write_text(solution(desk), "utf-8")
        terminal.shows(FINISHED, "checked at", "Looking for saves ten times a second")


def test_a_save_by_renaming_is_one_verdict(desk):
    """An editor that writes another file and renames it causes one verdict, as do its swap files none."""
    with piped(desk, "2") as lines:
        lines.has("Edit: ")
        for name in (".app.py.swp", "app.py~", "4913", "#app.py#", "app.py.tmp"):
            app(desk).with_name(name).write_text("swap")
        app(desk).with_name(".#app.py").symlink_to("somebody@somewhere.1")
        written = app(desk).with_name("app.py.tmp")
        written.write_text(solution(desk), "utf-8")
        os.replace(written, app(desk))
        assert len(re.findall(VERDICT, lines.has(FINISHED))) == 2
        for name in (".app.py.swp", "app.py~", "4913", "#app.py#", ".#app.py"):
            app(desk).with_name(name).unlink()
        app(desk).write_text(solution(desk).replace("/echo", "/other"), "utf-8")
        assert len(re.findall(VERDICT, lines.has("Edit: ", times=2))) == 3


def test_a_deleted_file_comes_back(desk):
    """A file that is deleted is a verdict; when it is written again, so is that; the same for its folder."""
    with on_terminal(desk, "2") as terminal:
        terminal.shows("checked at")
        app(desk).unlink()
        terminal.shows("checked at", "there is no file app.py")
        app(desk).write_text(solution(desk), "utf-8")
        terminal.shows(FINISHED, "checked at")
        folder = app(desk).parent
        folder.rename(desk.root / "away")
        terminal.shows("There is no folder")
        (desk.root / "away").rename(folder)
        terminal.shows(FINISHED, "checked at")


def test_a_save_during_a_run_is_the_one_that_counts(desk):
    """A run that a save has made old is broken off; only the newest program has a verdict."""
    slow = solution(desk) + "\n\n@app.before_request\ndef wait():\n    import time\n    time.sleep(0.5)\n"
    app(desk).write_text(slow, "utf-8")
    with on_terminal(desk, "2") as terminal:
        terminal.shows("Step 02_echo: checking")
        app(desk).write_text(solution(desk).replace("/echo", "/newest"), "utf-8")
        terminal.shows("✗ Step 02_echo: ", "checked at")
        assert FINISHED not in terminal.text


def test_saves_in_quick_succession_end_with_the_newest(desk):
    """Of thirty saves at once only the last one stays on the screen."""
    with piped(desk, "2") as lines:
        lines.has("Edit: ")
        for number in range(30):
            right = solution(desk) if number % 2 else solution(desk).replace("/echo", f"/echo{number}")
            app(desk).write_text(right, "utf-8")
        text = lines.has(FINISHED + r"[^✗]*That was the last step\.\s*$")
        assert len(re.findall(VERDICT, text)) < 15


def test_a_killed_fork_server_is_started_again(desk):
    """When the process that runs the programs is killed, the next save has its verdict as ever."""
    with on_terminal(desk, "2") as terminal:
        terminal.shows("checked at")
        here = str(desk.root).encode()
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            if here in (line := entry.read_bytes()) and b"workbook.candidate" in line:
                os.kill(int(entry.parent.name), signal.SIGKILL)
        app(desk).write_text(solution(desk), "utf-8")
        app(desk).write_text(solution(desk) + "# once more\n", "utf-8")
        terminal.shows("checked at", "Step 02_echo")
        terminal.press("r")
        terminal.shows(FINISHED, "checked at")
