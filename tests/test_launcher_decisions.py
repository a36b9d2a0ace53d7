"""What learn.py decides and says, function by function: other systems, old Pythons, a narrow terminal."""

import ast
import errno
import glob
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

from tests import test_launcher

SOURCE = test_launcher.LEARN.read_text("utf-8")
OLD = ["2.7", "3.5", "3.6", "3.7", "3.8", "3.9"]
first_use, used, fresh = test_launcher.first_use, test_launcher.used, test_launcher.fresh


@pytest.fixture
def learn(tmp_path):
    """The module learn.py, in a folder of its own."""
    shutil.copy(test_launcher.LEARN, tmp_path)
    spec = importlib.util.spec_from_file_location("learn", tmp_path / "learn.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def old_pythons():
    """Find the Pythons on this machine that are too old for the workbook."""
    found = [shutil.which(f"python{version}") for version in OLD]
    for version in OLD:
        found += glob.glob(str(Path.home() / f".pyenv/versions/{version}.*/bin/python"))
    question = "import sys; sys.exit(sys.version_info >= (3, 10))"
    return [
        path
        for path in found
        if path and subprocess.run([path, "-c", question], stderr=subprocess.DEVNULL).returncode == 0
    ]


def test_old_python_gets_one_sentence():
    """Every older Python on this machine can parse learn.py, says that it is too old, and exits with 2."""
    pythons = old_pythons()
    if not pythons:
        pytest.skip("no Python older than 3.10 on this machine")
    for python in pythons:
        use = subprocess.run([python, test_launcher.LEARN], capture_output=True, text=True)
        assert (use.returncode, use.stdout) == (2, "")
        assert re.fullmatch(
            r"The workbook needs Python 3.10 or newer, and this is Python \d\.\d+\. .*\n", use.stderr
        )


def test_old_python_is_refused(learn, monkeypatch, capsys):
    """Nothing is set up with a Python that is too old."""
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert learn.main([]) == 2
    assert "this is Python 3.9" in capsys.readouterr().err
    assert not os.path.exists(learn.VENV)


def test_syntax_is_that_of_old_pythons():
    """learn.py has none of the syntax that came after Python 2.7."""
    new = (
        ast.JoinedStr,
        ast.AnnAssign,
        ast.NamedExpr,
        ast.Nonlocal,
        ast.YieldFrom,
        ast.AsyncFunctionDef,
        ast.MatMult,
    )
    SOURCE.encode("ascii")
    for node in ast.walk(ast.parse(SOURCE, feature_version=(3, 4))):
        assert not isinstance(node, new), node.lineno
        assert not (isinstance(node, ast.arguments) and node.kwonlyargs)
        assert not (isinstance(node, ast.arg) and node.annotation), node.lineno
        assert not (isinstance(node, ast.FunctionDef) and node.returns), node.lineno
        assert not (isinstance(node, ast.Raise) and node.cause), node.lineno
        assert not (
            isinstance(node, (ast.List, ast.Tuple)) and any(isinstance(n, ast.Starred) for n in node.elts)
        )


def test_only_the_standard_library_is_imported():
    """learn.py runs before anything is installed, so it imports nothing that has to be."""
    for node in ast.walk(ast.parse(SOURCE)):
        assert not isinstance(node, ast.ImportFrom)
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= sys.stdlib_module_names


def test_path_of_the_python_on_each_system(learn):
    """The Python of .venv is in Scripts on Windows and in bin elsewhere."""
    assert learn.venv_python(windows=True) == os.path.join(learn.VENV, "Scripts", "python.exe")
    assert learn.venv_python(windows=False) == os.path.join(learn.VENV, "bin", "python")


def test_windows_runs_the_workbook_as_a_child(learn, monkeypatch):
    """On Windows the workbook is a child whose exit status is passed on, and Ctrl-C is left to it."""
    commands, answers = [], [KeyboardInterrupt, KeyboardInterrupt, 7]

    def wait():
        answer = answers.pop(0)
        if answer is KeyboardInterrupt:
            raise answer
        return answer

    def start(command):
        commands.append(command)
        return types.SimpleNamespace(wait=wait)

    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("os.execv on Windows"))
    monkeypatch.setattr(subprocess, "Popen", start)
    assert learn.hand_over(["check", "3"], windows=True) == 7
    main = os.path.join(learn.ROOT, "workbook", "__main__.py")
    assert commands == [[learn.venv_python(windows=True), "-I", "-X", "utf8", main, "check", "3"]]


def test_windows_python_that_was_removed_is_noticed(learn, tmp_path):
    """On Windows .venv has a python.exe even when the one behind it is gone, so that is looked for too."""
    home = tmp_path / "Programs" / "Python 3"
    (tmp_path / ".venv" / "Scripts").mkdir(parents=True)
    Path(learn.venv_python(windows=True)).touch(mode=0o755)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text(f"home = {home}\nversion = 3.11.7\n")
    assert not learn.python_is_there(windows=True)
    home.mkdir(parents=True)
    (home / "python.exe").touch()
    assert learn.python_is_there(windows=True)


@pytest.mark.parametrize(("trouble", "free"), [(None, True), (errno.EACCES, False), (errno.ENOLCK, True)])
def test_windows_lock_is_taken_or_waited_for(learn, tmp_path, monkeypatch, trouble, free):
    """On Windows the first byte of the lock file is locked; "access denied" means that another has it."""

    def locking(descriptor, mode, count):
        assert (mode, count) == ("no waiting", 1)
        if trouble:
            raise OSError(trouble, "as Windows says it")

    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(locking=locking, LK_NBLCK="no waiting"))
    with open(tmp_path / "lock", "ab") as lock:
        assert learn.locked(lock, windows=True) == free


def test_upgraded_system_python_changes_the_stamp(learn, tmp_path):
    """When the system's python3 becomes another version, .venv is no longer what it was made from."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for version in ("python3.11", "python3.12"):
        (tmp_path / version).touch()
    stamps = []
    for version in ("python3.11", "python3.12"):
        (tmp_path / "python3").unlink(missing_ok=True)
        (tmp_path / "python3").symlink_to(tmp_path / version)
        Path(learn.venv_python()).unlink(missing_ok=True)
        Path(learn.venv_python()).symlink_to(tmp_path / "python3")
        stamps.append(learn.stamp(["requirements.txt"])[1])
    assert stamps[0] != stamps[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk is full",
        ),
        ("[WinError 112] Es steht nicht genug Speicherplatz zur Verfügung", "disk is full"),
        ("[Errno 122] Disk quota exceeded: '/home'", "disk is full"),
        ("[Errno 30] Read-only file system: '/x/.venv'", "cannot write"),
        ("[Errno 13] Permission denied: '/x/.venv'", "cannot write"),
        ("[WinError 32] Der Prozess kann nicht auf die Datei zugreifen", "another program uses .venv"),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'ProxyError(...)'",
            "needs the internet",
        ),
        ("ERROR: Exception: ReadTimeoutError: Read timed out.", "needs the internet"),
        ("cause: dns error: failed to lookup: Temporary failure in name resolution", "needs the internet"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "needs the internet"),
    ],
)
def test_known_troubles_are_put_in_words(learn, text, words):
    """What the system, pip and uv say of a common trouble becomes a sentence that says what to do."""
    assert words in learn.meaning(text)
    assert learn.COMMAND in learn.meaning(text)


def test_unknown_trouble_has_no_meaning(learn):
    """A trouble that is not known is not taken for another one."""
    assert learn.meaning("ERROR: No matching distribution found for toy==99; [Errno 113], [Errno 11]") == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "Collecting flask-sqlalchemy<4,>=3.1.1 (from -r requirements.txt (line 6))",
            "getting flask-sqlalchemy",
        ),
        ("  Downloading flask_cors-6.0.5-py3-none-any.whl (16 kB)", "getting flask_cors"),
        ("  Using cached jupyterlab-4.4-py3-none-any.whl.metadata (2 kB)", "getting jupyterlab"),
        (
            "Processing /a/files/arrow-1.4.0-py3-none-any.whl (from iso->a[b]>=4->-r requirements.txt)",
            "getting arrow",
        ),
        ("Downloading jupyterlab (11.9MiB)", "getting jupyterlab"),
        ("Installing collected packages: six, flask", "installing six (1 of 2)"),
        ("WARNING: Retrying (Retry(total=4)) after connection broken by", "no answer, trying again"),
        ("Looking in indexes: file:///a", ""),
    ],
)
def test_progress_names_the_package(learn, line, words):
    """From the lines of pip and uv, the one that last said something of use becomes the progress."""
    assert learn.doing("Collecting older\n" + line if words else line, set()) == words


@test_launcher.posix
def test_progress_fits_a_narrow_terminal(used):
    """In a terminal of 20 columns a line moves, none wraps and none is coloured; standard output is clean."""
    import fcntl
    import pty
    import struct
    import termios

    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 20, 0, 0))
    used.requirements.write_text("toy\nextra\ntool")
    use = subprocess.run(
        [sys.executable, used.root / "learn.py"],
        env=used.environment,
        stderr=terminal,
        stdout=subprocess.PIPE,
    )
    os.close(terminal)
    shown = os.read(main, 100_000).decode()
    os.close(main)
    lines = re.split(r"[\r\n]+", shown)
    assert json.loads(use.stdout)["there"] == ["toy", "extra", "tool"]
    assert max(map(len, lines)) <= 19
    assert any(re.match(r" +\d+ s  (getting|installing) [et]", line) for line in lines)
    assert lines[-2].startswith("Ready after")
    assert "\x1b" not in shown
