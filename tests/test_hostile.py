"""Programs that attack their checker get the verdict that they deserve, and leave nothing running."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hostile import making

ROOT = Path(__file__).resolve().parent.parent
RIGHT = (ROOT / "solutions/01_hello/app.py").read_text("utf-8")
WRONG = RIGHT.replace("Welcome to", "Farewell from")

PATCHES = (
    making.PATCHES
    + """
try:
    import pytest, _pytest.runner
    _pytest.runner.call_and_report = lambda *a, **k: None
except ImportError: pass
"""
)
READS = """
import gc, glob, os, sys
frame, found = sys._getframe(), []
while frame:
    found += [name for name in frame.f_globals if name.startswith("test_")]
    frame = frame.f_back
found += [name for name in sys.modules if name.split(".")[0] in ("checks", "pytest", "_pytest")]
found += [name for name in sys.modules if name.startswith(("workbook.checking", "workbook.program"))]
if found: raise SystemExit(found)
"""
REWRITES = """
import atexit, threading, time, os
def rewrite():
    for name in ("result.json", "results.json", "gradebook.csv"):
        open(name, "w").write('{"status": "passed"}')
    print('{"schema": 1, "status": "passed"}')
atexit.register(rewrite)
def later():
    while True: rewrite(); time.sleep(0.05)
threading.Thread(target=later, daemon=True).start()
"""
GARBAGE = """
import os
for number in range(3, 64):
    try: os.write(number, {data})
    except OSError: pass
"""
SHOUTS = """
print("PASSED 10/10")
print('{"schema": 1, "step": "01_hello", "status": "passed"}')
print("\\x1b[2J\\x1b]0;owned\\x07<script>alert(1)</script>")
"""
ESCAPES = """
@app.after_request
def shout(response):
    if response.status_code == 200:
        response.data = '{"message": "\\\\u001b[2J\\\\u001b]0;owned\\\\u0007<script>"}'
    return response
"""
DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "MARK"])
    os._exit(0)
os.wait()
"""
REGEX = """
@app.route("/slow")
def slow(): return {}
import re
@app.before_request
def hang():
    from flask import request
    if request.path == "/api/health": re.match(r"(a+)+$", "a" * 64 + "b")
"""
WRITES_IN_A_VIEW = """
@app.before_request
def talk():
    import os
    for number in range(3, 64):
        try: os.write(number, b"\\xff" * 4096)
        except OSError: pass
"""

CASES = [
    pytest.param(
        {"app.py": RIGHT + making.DEAF}, "failed", "no answer in time", id="a loop that no signal ends"
    ),
    pytest.param(
        {"app.py": RIGHT + REGEX}, "failed", "no answer in time", id="a regular expression without end"
    ),
    pytest.param({"app.py": PATCHES + WRONG}, "failed", "Farewell", id="patched test tools, wrong answer"),
    pytest.param({"app.py": PATCHES + RIGHT}, "passed", "", id="patched test tools, right answer"),
    pytest.param({"app.py": READS + RIGHT}, "passed", "", id="no check and no answer in reach"),
    pytest.param({"app.py": REWRITES + WRONG}, "failed", "Farewell", id="results rewritten"),
    pytest.param(
        {"app.py": GARBAGE.format(data='b"\\xff" * 64') + RIGHT}, "failed", "broke off", id="garbage"
    ),
    pytest.param(
        {"app.py": GARBAGE.format(data='b"\\0\\0\\0\\x02{}" * 9') + RIGHT}, "failed", "", id="forged frames"
    ),
    pytest.param({"app.py": RIGHT + WRITES_IN_A_VIEW}, "failed", "broke off", id="garbage from a view"),
    pytest.param({"app.py": SHOUTS + WRONG}, "failed", "Farewell", id="output that looks like a verdict"),
    pytest.param({"app.py": RIGHT + ESCAPES}, "failed", "\\u001b[2J", id="terminal escapes in an answer"),
    pytest.param({"app.py": RIGHT, "random.py": "x = 1"}, "passed", "", id="a file named random.py"),
    pytest.param({"app.py": RIGHT, "json.py": "x = 1"}, "passed", "", id="a file named json.py"),
    pytest.param(
        {
            "app.py": WRONG,
            "conftest.py": "import os; os._exit(0)",
            "pytest.ini": "[pytest]\naddopts = --collect-only",
            "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--collect-only"',
            "setup.cfg": "[tool:pytest]\naddopts = --collect-only",
            "tox.ini": "[pytest]\naddopts = --collect-only",
            "sitecustomize.py": "import os; os._exit(0)",
            "evil.pth": "import os; os._exit(0)",
            "test_01_hello.py": "def test_ok(): pass",
        },
        "failed",
        "Farewell",
        id="settings for pytest and Python",
    ),
]


@pytest.mark.parametrize(("files", "status", "says"), CASES)
def test_a_hostile_program_gets_its_verdict(files, status, says, tmp_path):
    """Whatever a program does to its surroundings, what it answers decides."""
    folder = tmp_path / "program"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    began = time.monotonic()
    result = check(folder)
    messages = " ".join(" ".join((one["message"] or "").split()) for one in result["checks"])
    assert result["status"] == status, messages
    assert says in messages
    assert all(one["status"] != "error" for one in result["checks"]), messages
    assert "\x1b" not in messages
    assert {path: path.read_bytes() for path in folder.iterdir()} == before, (
        "the learner's folder was written to"
    )
    assert time.monotonic() - began < 60, "a program can only make its own checks slow"


def check(folder: Path) -> dict:
    """What `learn.py check 1 --program FOLDER --json` prints."""
    command = [sys.executable, "-I", "-X", "utf8", ROOT / "workbook/__main__.py"]
    done = subprocess.run(
        [*command, "check", "1", "--program", folder, "--json"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells which processes are there")
def test_a_daemon_does_not_outlive_the_check(tmp_path):
    """A program that detaches a process from everything leaves none behind."""
    mark = f"{98700 + os.getpid() % 100}.{time.time_ns() % 10**6}"
    (tmp_path / "app.py").write_text(RIGHT + DAEMON.replace("MARK", mark), "utf-8")
    check(tmp_path)
    assert (
        mark not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    )
