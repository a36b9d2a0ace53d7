"""Every screen as it stands in a terminal, compared byte for byte with the files in tests/screens/.

They are captured with tmux in 80 and 60 columns, with and without colour. After a change that you meant,
renew them and read the difference:

    RENEW_SCREENS=1 python3 learn.py test tests/test_screens.py
    git diff tests/screens
"""

import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.desk import Desk

SCREENS = Path(__file__).parent / "screens"
PATIENCE = 60.0
NUMBERS = itertools.count()
STARTER, BROKEN = "starter", "def home(:\n"

pytestmark = pytest.mark.skipif(not shutil.which("tmux"), reason="tmux captures the screens")


def normalised(text):
    """A screen without what differs from run to run: seeds, times, paths, and spaces at the end of a line."""
    text = re.sub(r"seed [0-9a-f]{8}", "seed 00000000", text)
    text = re.sub(r"at \d\d:\d\d:\d\d in +\d+\.\d\d s", "at 12:00:00 in 0.00 s", text)
    text = re.sub(r"/\S*/my workbook", "/workbook", text)
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip() + "\n"


class Tmux:
    """A tmux server of its own, with one window."""

    def __init__(self, folder, columns, **environment):
        self.name, self.columns = f"workbook-{os.getpid()}", str(columns)
        self.folder, self.environment = folder, environment

    def __call__(self, *arguments):
        command = ["tmux", "-u", "-L", self.name, "-f", "/dev/null", *arguments]
        hidden = {"NO_COLOR", "COLUMNS", "LINES", "TMUX", "SSH_CONNECTION", "FORCE_HYPERLINK"}
        kept = {name: value for name, value in os.environ.items() if name not in hidden}
        surroundings = {**kept, "LC_ALL": "C.UTF-8", **self.environment}
        done = subprocess.run(command, capture_output=True, text=True, env=surroundings, check=False)
        return done.stdout

    def run(self, *arguments):
        """Starts a command of learn.py; it stays on the screen after its end."""
        command = shlex.join([sys.executable, "-I", "-X", "utf8", "workbook/__main__.py", *arguments])
        self("kill-server")
        # a name of its own, since a server that is just being killed may still answer to the old one
        self.name = f"workbook-{os.getpid()}-{next(NUMBERS)}"
        size = ["-x", self.columns, "-y", "40"]
        self("new-session", "-d", *size, "-c", str(self.folder), f"{command}; echo END; exec sleep 600")

    def screen(self, *texts):
        """Waits until the screen holds these texts, and gives it without and with its colours."""
        deadline = time.monotonic() + PATIENCE
        while True:
            shown = self("capture-pane", "-p")
            if all(text in shown for text in texts):
                return shown, self("capture-pane", "-p", "-e")
            assert time.monotonic() < deadline, f"{texts} never came:\n{shown}"
            time.sleep(0.02)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A copy of the workbook with two steps."""
    desk = Desk(tmp_path_factory.mktemp("screens"))
    desk.keep("01_hello", "02_echo")
    for slug in ("01_hello", "02_echo"):
        app = desk.root / "steps" / slug / "app.py"
        shutil.copy(app, app.with_name(f"{STARTER}.txt"))
    return desk


@pytest.fixture(params=["80", "60", "80 NO_COLOR"])
def tmux(request, desk):
    """A terminal of each kind; without colour the screen must be the same, and have no escape sequence."""
    columns, _, without = request.param.partition(" ")
    tmux = Tmux(desk.root, columns, **({without: "1"} if without else {}))
    tmux.coloured = not without
    shutil.rmtree(desk.root / ".workbook", ignore_errors=True)
    yield tmux
    tmux("kill-server")


def put(desk, first, second):
    """Puts programs into the two steps: STARTER, "solution" or a text."""
    for slug, what in (("01_hello", first), ("02_echo", second)):
        app = desk.root / "steps" / slug / "app.py"
        if what == "solution":
            desk.solve(slug)
        elif what == STARTER:
            shutil.copy(app.with_name(f"{STARTER}.txt"), app)
        else:
            app.write_text(what, "utf-8")


def compare(tmux, name, *texts):
    """Compares what is on the screen with its two files, or renews them."""
    plain, coloured = map(normalised, tmux.screen(*texts))
    stored = {f"{name}-{tmux.columns}.txt": plain}
    if tmux.coloured:
        stored[f"{name}-{tmux.columns}_colour.txt"] = coloured
    else:
        assert coloured == plain
    for file, shown in stored.items():
        path = SCREENS / file
        if os.environ.get("RENEW_SCREENS") and tmux.coloured:
            SCREENS.mkdir(exist_ok=True)
            path.write_text(shown, "utf-8", newline="\n")
        assert shown == path.read_text("utf-8"), file


@pytest.mark.parametrize(
    ("name", "first", "second", "arguments"),
    [
        ("check_failed", STARTER, STARTER, ["check", "1"]),
        ("check_waiting", "solution", STARTER, ["check", "2"]),
        ("check_does_not_load", BROKEN, STARTER, ["check", "1"]),
        ("check_finished", "solution", STARTER, ["check", "1"]),
        ("overview", "solution", STARTER, []),
        ("list", "solution", STARTER, ["list"]),
        ("hint", "solution", STARTER, ["hint"]),
    ],
    ids=lambda value: value if isinstance(value, str) and "\n" not in value else "",
)
def test_a_command_prints_its_screen(desk, tmux, name, first, second, arguments):
    """A command's screen is the one that was stored."""
    put(desk, first, second)
    tmux.run(*arguments)
    compare(tmux, name, "\nEND")


def test_watch_shows_its_screens(desk, tmux):
    """So are those of watch: failed, a hint, the list, does not load, finished, and how it leaves the terminal."""
    put(desk, STARTER, STARTER)
    tmux.run("watch", "1")
    compare(tmux, "watch_failed", "checked at")
    tmux("send-keys", "n")
    compare(tmux, "watch_not_finished", "is not finished yet")
    tmux("send-keys", "h")
    compare(tmux, "watch_hint", "Hints for TODO")
    tmux("send-keys", "l")
    compare(tmux, "watch_list", "Any key")
    tmux("send-keys", "Enter")
    tmux.screen("checked at")
    put(desk, BROKEN, STARTER)
    compare(tmux, "watch_does_not_load", "SyntaxError", "checked at")
    put(desk, "solution", STARTER)
    compare(tmux, "watch_finished", "✓ Step 01_hello", "checked at")
    tmux("send-keys", "q")
    compare(tmux, "watch_left", "\nEND")
