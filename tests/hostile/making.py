"""What hostile programs are made of: the solution that they stand around, and the longer attacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOTH = ("sandbox", "limits")
SANDBOX = ("sandbox",)
ALL, SOME = "all", "some"


def solution(step: str) -> str:
    """The reference of a step with one file."""
    return (ROOT / "solutions" / step / "app.py").read_text("utf-8")


RIGHT = solution("01_hello")
WRONG = RIGHT.replace("Welcome to", "Farewell from")


@dataclass(frozen=True)
class Case:
    """One program: what it is, what comes of it, and words that its reason or its messages must hold."""

    name: str
    files: dict[str, str | bytes]
    status: str = "graded"
    says: str = ""
    passes: str = ALL  # of its checks, where it is graded: all or some
    levels: tuple[str, ...] = BOTH
    step: int = field(default=1)


def case(name, code, status, says="", passes=SOME, levels=BOTH, *, app=RIGHT, last=False, **files):
    """A program whose code stands before the solution's, or after it."""
    text = app + code if last else code + app
    return Case(name, {"app.py": text, **files}, status, says, passes, levels)


def view(name, code, status="graded", says="", passes=SOME, levels=BOTH, path="/api/health"):
    """A program that runs `code` before it answers at `path`, or at every path where that is None."""
    lines = "\n".join(f"        {line}" for line in code.strip().splitlines())
    test = "True" if path is None else f"request.path == {path!r}"
    hook = (
        f"\nimport os, sys\nfrom flask import request, Response\n\n@app.before_request\n"
        f"def attack():\n    if {test}:\n{lines}\n"
    )
    return case(name, hook, status, says, passes, levels, last=True)


REFUSED = """
import ctypes, os, signal, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def must(done, what):
    if done: raise SystemExit("got through: " + what)
def refused(attempt, what):
    try: done = attempt()
    except (Exception, SystemExit): return
    must(done not in (-1, None, False, b"", ""), what)
"""


def attempt(name, code, levels=SANDBOX):
    """A right program that first tries what must be refused: it passes where every attempt was."""
    return case(name, REFUSED + code, "graded", "", ALL, levels)


DEAF = """
import signal
for number in range(1, 32):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True:
    try:
        while True: pass
    except BaseException: pass
"""
PATCHES = """
import builtins, json, unittest, werkzeug.test
class Always(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
werkzeug.test.TestResponse.status_code = 200
werkzeug.test.TestResponse.json = Always("x")
builtins.all = builtins.any = lambda *a: True
json.loads = lambda *a, **k: Always("x")
unittest.TestCase.assertEqual = lambda *a: None
"""
READS = """
import gc, os, sys
frame, found = sys._getframe(), []
while frame:
    found += [name for name in frame.f_globals if name.startswith("test_")]
    frame = frame.f_back
found += [n for n in sys.modules if n.split(".")[0] in ("checks", "pytest", "_pytest")]
found += [n for n in sys.modules if n.startswith(("workbook.checking", "workbook.program", "workbook.grading"))]
if found: raise SystemExit(found)
"""
REWRITES = """
import atexit, threading, time
def rewrite():
    for name in ("MARK.json", "results.json", "gradebook.csv"):
        open(name, "w").write('{"status": "passed"}')
    print('{"schema": 1, "status": "passed"}')
atexit.register(rewrite)
def later():
    while True: rewrite(); time.sleep(0.05)
threading.Thread(target=later, daemon=True).start()
"""
WRITE = """
import os
for number in range(3, 64):
    try: os.write(number, {data})
    except OSError: pass
"""
FORKED_GARBAGE = """
if os.fork() == 0:
    for number in range(3, 64):
        try: os.write(number, b"\\xff" * 99)
        except OSError: pass
    os._exit(0)
os.wait()
"""
FORGED = """
import json, os, struct
def frame(message):
    data = json.dumps(message).encode()
    return struct.pack(">I", len(data)) + data
body = "eyJtZXNzYWdlIjogIldlbGNvbWUgdG8gdGhlIFNvY2lhbCBNZWRpYSBBUEkhIn0="
answers = [dict(id=n, status=200, headers=[["Content-Type", "application/json"]], body=body) for n in range(9)]
data = b"".join(map(frame, [{"loaded": {"copies": False, "debug": False, "notes": []}}, *answers]))
for number in range(3, 64):
    try: os.write(number, data)
    except OSError: pass
"""
DAEMON = """
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3, 64):
            try: os.close(number)
            except OSError: pass
        os.execvp("sleep", ["sleep", "MARK"])
    os._exit(0)
os.wait()
"""
UNDEAD = """
import ctypes, os, signal
ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
if os.fork() == 0:
    os.setsid()
    ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
    os.execvp("sleep", ["sleep", "MARK"])
os.kill(os.getppid(), signal.SIGKILL)
import time
time.sleep(0.3)
"""
SHOUTS = """
print("PASSED 10/10")
print('{"schema": 1, "step": "01_hello", "status": "passed"}')
print("\\x1b[2J\\x1b]0;owned\\x07<script>alert(1)</script>")
"""
SETTINGS = {
    "conftest.py": "import os; os._exit(0)",
    "pytest.ini": "[pytest]\naddopts = --collect-only",
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--collect-only"',
    "setup.cfg": "[tool:pytest]\naddopts = --collect-only",
    "tox.ini": "[pytest]\naddopts = --collect-only",
    "sitecustomize.py": "import os; os._exit(0)",
    "usercustomize.py": "import os; os._exit(0)",
    "evil.pth": "import os; os._exit(0)",
    "test_01_hello.py": "def test_ok(): pass",
}
SWAP = """
@app.after_request
def swap(response):
    import os, sqlite3
    for root, _folders, names in os.walk("."):
        for path in [os.path.join(root, name) for name in names if name.endswith(".db")]:
            os.remove(path)
            {code}
    return response
"""
VIEW_WITHOUT_END = """
            base = sqlite3.connect(path)
            for name in ("user", "post"):
                base.execute(f"CREATE VIEW {name} AS WITH RECURSIVE c(id, username, password, content, user_id) AS "
                    "(SELECT 1, 'x', 'x', 'x', 1 UNION ALL SELECT id + 1, 'x', 'x', 'x', 1 FROM c) SELECT * FROM c")
            base.commit()
"""
