"""A program is judged the same whether it is forked or started as a plain process, and nothing of it stays."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbook.program.answers import DoesNotLoad, NoAnswer
from workbook.program.hosts import Spec, new_host
from workbook.program.program import Program

ROOT = Path(__file__).resolve().parent.parent
HELLO = b"""
from flask import Flask
app = Flask(__name__)
count = [0]
@app.get("/")
def home():
    count[0] += 1
    open("note.txt", "a").write("x")
    return {"count": count[0], "note": len(open("note.txt").read())}
"""
ENVIRON = {
    "REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "", "SCRIPT_NAME": "", "SERVER_NAME": "localhost",
    "SERVER_PORT": "5001", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "HTTP_HOST": "localhost:5001",
}  # fmt: skip


@pytest.fixture(params=["fork", "plain"])
def host(request):
    """A host of each kind."""
    host = new_host(request.param)
    yield host
    host.close()


def outcomes(host, source: bytes) -> list:
    """What two checks in a row see of a program, each with two requests."""
    program = Program(host, Spec({"app.py": source}))
    seen = []
    for _check in range(2):
        try:
            program.begin()
            for _request in range(2):
                seen.append((program.request(ENVIRON, b"")).body)
        except (DoesNotLoad, NoAnswer) as problem:
            seen.append(str(problem))
        program.finish()
    program.close()
    return seen


def test_each_check_gets_a_fresh_program_and_fresh_files(host):
    """Neither memory nor files of one check reach the next."""
    first, second = b'{"count":1,"note":1}\n', b'{"count":2,"note":2}\n'
    assert outcomes(host, HELLO) == [first, second, first, second]


CHANCE = b"""
from flask import Flask
from werkzeug.security import gen_salt, generate_password_hash
app = Flask(__name__)

@app.get("/")
def home():
    return {"set": list({"a", "b", "c", "d", "e", "f", "g"}), "hash": generate_password_hash("x")}

@app.get("/secret")
def secret():
    return gen_salt(20)
"""


@pytest.mark.parametrize("kind", ["fork", "plain"])
def test_a_run_can_be_repeated(kind):
    """Sets and salted hashes come out the same in each run, so that a regrade says the same; a secret does not."""
    seen, secrets = [], set()
    for _run in range(2):
        host = new_host(kind)
        program = Program(host, Spec({"app.py": CHANCE}))
        program.begin()
        seen.append([program.request(ENVIRON, b"").body for _request in range(2)])
        secrets.add(program.request({**ENVIRON, "PATH_INFO": "/secret"}, b"").body)
        program.close()
        host.close()
    assert seen[0] == seen[1]
    assert seen[0][0] != seen[0][1], "two hashes of one password still differ"
    assert len(secrets) == 2


def test_a_program_with_a_thread_is_fresh_too(host):
    """A program that cannot be copied is loaded anew for each check."""
    thread = (
        b"\nimport threading, time\nthreading.Thread(target=time.sleep, args=[60], daemon=True).start()\n"
    )
    first, second = b'{"count":1,"note":1}\n', b'{"count":2,"note":2}\n'
    assert outcomes(host, HELLO + thread) == [first, second, first, second]


def test_a_restart_keeps_the_files_and_nothing_else(host):
    """A restarted program finds its files and an empty memory."""
    program = Program(host, Spec({"app.py": HELLO}))
    program.begin()
    program.request(ENVIRON, b"")
    program.restart()
    assert program.request(ENVIRON, b"").body == b'{"count":1,"note":2}\n'
    program.close()


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        (b"import os; os._exit(0)", "ended"),
        (b"import sys; sys.exit()", "exit"),
        (b"import ctypes; ctypes.string_at(0)", "ended"),
        (b"raise RuntimeError", "exception"),
        (b"while True: print('x' * 1000)", "output-limit"),
        (b"while True:\n    try:\n        while True: pass\n    except BaseException: pass", "timeout"),
    ],
)
def test_a_program_that_does_not_load_says_how(host, ending, kind):
    """Exits, crashes, floods and loops while loading are told apart."""
    assert outcomes(host, HELLO + b"\n" + ending) == [kind, kind]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets us find a process that left its group")
def test_no_process_outlives_a_forked_program(tmp_path):
    """A process that left its group and lost its parent is ended with the program."""
    mark = tmp_path / "still there"
    escape = f"""
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(1)
        open({str(mark)!r}, "w").close()
    os._exit(0)
"""
    host = new_host("fork")
    outcomes(host, HELLO + escape.encode())
    host.close()
    time.sleep(1.2)
    assert not mark.exists()


def test_both_hosts_give_the_same_verdict(tmp_path):
    """`check --json` says the same, word for word, whichever host runs the program."""
    (tmp_path / "app.py").write_bytes(
        HELLO.replace(b'return {"count"', b'return 1 / 0 if count[0] > 1 else {"count"')
    )
    command = [sys.executable, "-I", ROOT / "workbook/__main__.py", "check", "1", "--program", tmp_path]
    screens = [
        subprocess.run(
            command, capture_output=True, text=True, check=False, env=os.environ | {"WORKBOOK_HOST": kind}
        )
        for kind in ("fork", "plain")
    ]
    assert screens[0].stdout == screens[1].stdout
    assert "checks pass" in screens[0].stdout


def in_a_process(source: str) -> list[str]:
    """The lines that a few lines of Python print, in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_hashing_is_cheap_and_still_right():
    """Werkzeug's default methods get a low cost, one that a program names keeps its own, and each hash checks."""
    methods = ["scrypt", "pbkdf2", "pbkdf2:sha512", "scrypt:1024:8:1", "pbkdf2:sha256:2000"]
    lines = in_a_process(
        "from workbook.candidate import hashing\n"
        "hashing.cheapen()\n"
        "from werkzeug.security import check_password_hash as check, generate_password_hash as make\n"
        f"for method in {methods}:\n"
        "    stored = make('right', method)\n"
        "    print(stored.split('$')[0], check(stored, 'right'), check(stored, 'wrong'))\n"
    )
    costs = [
        "scrypt:128:8:1",
        "pbkdf2:sha256:1000",
        "pbkdf2:sha512:1000",
        "scrypt:1024:8:1",
        "pbkdf2:sha256:2000",
    ]
    assert lines == [f"{cost} True False" for cost in costs]


def test_the_fork_server_can_warm_up():
    """What fills the caches of Flask and SQLAlchemy runs to its end, and its tables are no program's."""
    lines = in_a_process(
        "from workbook.candidate import databases, server\n"
        "server.warm_up(['flask', 'flask_sqlalchemy'])\n"
        "print(len(databases.ENGINES))\n"
    )
    assert lines == ["0"]
