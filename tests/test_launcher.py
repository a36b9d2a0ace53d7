"""What learn.py does on a user's machine: real environments, made offline from wheels that are built here."""

import base64
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

LEARN = Path(__file__).resolve().parent.parent / "learn.py"
WINDOWS = os.name == "nt"
posix = pytest.mark.skipif(
    WINDOWS, reason="a stand-in for uv, links and signals are not to be had on Windows"
)

# Stands in for the workbook: says who runs it, and ends as it is told.
WORKBOOK = """
import importlib.util, json, os, sys
there = [name for name in ("toy", "extra", "tool") if importlib.util.find_spec(name)]
print(json.dumps({"python": sys.executable, "arguments": sys.argv[1:], "cwd": os.getcwd(), "there": there,
                  "pid": os.getpid(), "utf8": sys.flags.utf8_mode}))
sys.exit(7 if "fail" in sys.argv else 0)
"""

# Stands in for uv, which not every machine has: unpacks the wheels that requirements.txt names, or complains.
UV = """
import os, pathlib, sys, time, zipfile
print("uv is at work", flush=True)
time.sleep(float(os.environ.get("UV_SECONDS", 0)))
if "UV_COMPLAINT" in os.environ:
    sys.exit(os.environ["UV_COMPLAINT"])
site = next(pathlib.Path(sys.argv[4]).parent.parent.glob("lib/python*/site-packages"))
for name in pathlib.Path("requirements.txt").read_text().split():
    zipfile.ZipFile(f"../wheels/{name}-1-py3-none-any.whl").extractall(site)
sys.exit(os.environ.get("UV_LATE_COMPLAINT"))
"""


class Checkout:
    """A miniature of the workbook, below `folder`, and an environment without uv, index or settings."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "Übungsordner [1], 100% neu"
        self.venv = self.root / ".venv"
        self.python = self.venv / ("Scripts/python.exe" if WINDOWS else "bin/python")
        self.log = self.venv / "setup.log"
        self.requirements = self.root / "requirements.txt"
        kept = {
            name: text for name, text in os.environ.items() if not name.startswith(("PIP_", "UV_", "PYTHON"))
        }
        self.environment = kept | {
            "PATH": str(folder / "bin"),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": (folder / "wheels").as_uri(),
        }

    def start(self, *arguments: str, python: object = sys.executable, before=(), **environment: str):
        """Start learn.py from the folder above it, in a process group of its own."""
        return subprocess.Popen(
            [*before, str(python), str(self.root / "learn.py"), *arguments],
            cwd=self.root.parent,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def learn(self, *arguments: str, **options):
        """Run learn.py to its end."""
        process = self.start(*arguments, **options)
        process.out, process.err = process.communicate(timeout=60)
        return process

    def wait_for_log(self, words: str) -> None:
        """Wait until the set-up has come to `words`."""
        deadline = time.monotonic() + 30
        while not self.log.exists() or words not in self.log.read_text("utf-8"):
            assert time.monotonic() < deadline, f"the set-up never came to {words}"
            time.sleep(0.01)


def build_wheel(folder: Path, name: str) -> None:
    """Build version 1 of an empty package: a wheel is a zip file with three notes about itself."""
    notes = f"{name}-1.dist-info/"
    files = {
        f"{name}/__init__.py": "",
        notes + "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        notes + "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text)}\n"
    files[notes + "RECORD"] = record + notes + "RECORD,,\n"
    with zipfile.ZipFile(folder / f"{name}-1-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


def new_checkout(folder: Path) -> Checkout:
    """Lay out a miniature that nobody has used yet."""
    checkout = Checkout(folder)
    for path in (checkout.root / "workbook", folder / "wheels", folder / "bin"):
        path.mkdir(parents=True)
    shutil.copy(LEARN, checkout.root)
    checkout.requirements.write_text("toy")
    (checkout.root / "requirements-dev.txt").write_text("tool")
    (checkout.root / "workbook" / "__main__.py").write_text(WORKBOOK)
    for name in ("toy", "extra", "tool"):
        build_wheel(folder / "wheels", name)
    return checkout


def add_uv(checkout: Checkout) -> None:
    """Put the stand-in for uv on the PATH."""
    folder = checkout.root.parent / "bin"
    (folder / "uv.py").write_text(UV)
    (folder / "uv").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{folder}/uv.py" "$@"\n')
    (folder / "uv").chmod(0o755)


@functools.cache
def use_for_the_first_time(folder: Path):
    """Set a checkout up in `folder` with pip, which takes 4 s, once for all files of tests."""
    checkout = new_checkout(folder)
    return checkout, checkout.learn("check", "--json", "two words")


@pytest.fixture(scope="session")
def first_use(tmp_path_factory):
    """A checkout after its first use, with pip, and what that use printed."""
    return use_for_the_first_time(tmp_path_factory.getbasetemp() / "first")


@pytest.fixture
def used(first_use, tmp_path):
    """A checkout of one's own that was set up elsewhere, so it has also been moved."""
    shutil.copytree(first_use[0].root.parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Checkout(tmp_path)


@pytest.fixture
def fresh(tmp_path):
    """A checkout of one's own that nobody has used, on a machine with uv (which takes no time)."""
    checkout = new_checkout(tmp_path)
    add_uv(checkout)
    return checkout


def test_first_use_sets_up_and_runs_the_workbook(first_use):
    """The first use says what it is doing, installs with pip alone, and runs the workbook in .venv."""
    checkout, use = first_use
    said = json.loads(use.out)
    assert use.returncode == 0
    assert said["there"] == ["toy"]
    assert Path(said["python"]) == checkout.python
    assert "Setting up" in use.err and "Ready after" in use.err
    assert "\r" not in use.err and "notice" not in use.err


def test_workbook_gets_arguments_and_folder_as_typed(first_use):
    """The workbook sees the user's arguments and current folder unchanged, and runs in UTF-8 mode."""
    checkout, use = first_use
    said = json.loads(use.out)
    assert said["arguments"] == ["check", "--json", "two words"]
    assert said["cwd"] == str(checkout.root.parent)
    assert said["utf8"] == 1


def test_later_use_is_silent(first_use):
    """A later use prints what the workbook prints, gives its exit status, and leaves .venv alone."""
    checkout, _ = first_use
    before = checkout.log.stat()
    use = checkout.learn("fail")
    assert (use.returncode, use.err) == (7, "")
    assert checkout.log.stat() == before


def test_nothing_on_the_way_gets_in_the_way(used):
    """Neither PYTHONPATH nor a file in the current folder stands in for what the workbook imports."""
    (used.root.parent / "json.py").write_text("raise SystemExit('not this one')")
    use = used.learn("check", PYTHONPATH=str(used.root.parent))
    assert (use.returncode, use.err) == (0, "")


@posix
def test_later_use_becomes_the_workbook(first_use):
    """Signals reach the workbook, because it takes the place of learn.py; nothing is started before."""
    checkout, _ = first_use
    use = checkout.learn("check")
    assert json.loads(use.out)["pid"] == use.pid
    code = "import os, runpy, sys; os.execv = lambda *_: sys.exit('subprocess' in sys.modules); "
    use = subprocess.run(
        [sys.executable, "-c", code + "runpy.run_path('learn.py', run_name='__main__')"], cwd=checkout.root
    )
    assert use.returncode == 0


def test_changed_requirements_are_added(used):
    """When requirements.txt changes, the same .venv gets what is new."""
    (used.venv / "keepsake").touch()
    used.requirements.write_text("toy\nextra")
    use = used.learn("check")
    assert json.loads(use.out)["there"] == ["toy", "extra"]
    assert "up to date" in use.err
    assert (used.venv / "keepsake").exists()
    assert used.learn("check").err == ""


def test_own_tests_get_their_tools(used):
    """Only `test` installs requirements-dev.txt, again when that changes, and no other command undoes it."""
    assert json.loads(used.learn("check").out)["there"] == ["toy"]
    assert json.loads(used.learn("test").out)["there"] == ["toy", "tool"]
    assert used.learn("test").err == used.learn("check").err == ""
    (used.root / "requirements-dev.txt").write_text("tool\nextra")
    assert json.loads(used.learn("test").out)["there"] == ["toy", "extra", "tool"]


@posix
def test_own_tests_may_come_first(fresh):
    """After `test` as the first use, the other commands have what they need."""
    assert fresh.learn("test").returncode == 0
    assert fresh.learn("check").err == ""


def test_moved_folder_still_works(used):
    """A folder that was moved or renamed after its set-up works at once, with the .venv in its new place."""
    shutil.move(used.root, used.root.with_name("another name"))
    used.root = used.root.with_name("another name")
    use = used.learn("check")
    assert use.err == ""
    assert Path(json.loads(use.out)["python"]).is_relative_to(used.root)


def test_activated_environment_works(used):
    """learn.py may be run with the Python of .venv itself, also to add to .venv or to make it anew."""
    assert used.learn("check", python=used.python).err == ""
    used.requirements.write_text("toy\nextra")
    assert json.loads(used.learn("check", python=used.python).out)["there"] == ["toy", "extra"]
    if not WINDOWS:  # where a running program cannot be deleted
        (used.venv / "setup.unfinished").touch()
        add_uv(used)  # only to be quick
        use = used.learn("check", python=used.python)
        assert "anew" in use.err
        assert json.loads(use.out)["there"] == ["toy", "extra"]


@posix
@pytest.mark.parametrize("loss", ["missing", "dangling", "broken"])
def test_lost_interpreter_is_made_anew(fresh, loss):
    """A .venv whose Python was deleted, or is a link to none or to no program, is made anew."""
    fresh.learn("check")
    program = fresh.root / fresh.python.resolve().name
    fresh.python.unlink()
    if loss != "missing":
        fresh.python.symlink_to(program)
    if loss == "broken":
        program.write_bytes(b"\0")
        program.chmod(0o755)
    use = fresh.learn("check")
    assert json.loads(use.out)["there"] == ["toy"]
    assert "anew" in use.err
    assert fresh.learn("check").err == ""


@posix
def test_environment_of_another_version_is_made_anew(fresh):
    """A .venv made by a version of Python that an upgrade of the system has replaced is made anew."""
    fresh.learn("check")
    library = next(fresh.venv.glob("lib/python*"))
    library.rename(library.with_name("python3.1"))
    (fresh.venv / "requirements.txt.stamp").write_text("python3.1")
    use = fresh.learn("check")
    assert json.loads(use.out)["there"] == ["toy"]
    assert "anew" in use.err


@pytest.mark.skipif(not shutil.which("uv"), reason="uv is not on the PATH of this machine")
def test_real_uv_installs(tmp_path):
    """Where uv is on the PATH it installs, and no pip is needed."""
    checkout = new_checkout(tmp_path)
    (tmp_path / "bin" / "uv").symlink_to(shutil.which("uv"))
    use = checkout.learn("check", UV_OFFLINE="1", UV_FIND_LINKS=(tmp_path / "wheels").as_uri())
    assert json.loads(use.out)["there"] == ["toy"]
    assert "ensurepip" not in checkout.log.read_text("utf-8")
