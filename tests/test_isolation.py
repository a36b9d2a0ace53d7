"""What each level of isolation takes from a program, and what the doctor says of it."""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.checking.results import Check, StepResult
from workbook.course import WorkbookError
from workbook.doctor import attacks, machine
from workbook.grading.outcome import outcome
from workbook.program import isolation
from workbook.program.hosts import Spec
from workbook.program.program import Program

ROOT = Path(__file__).resolve().parent.parent
APP = "from flask import Flask\napp = Flask(__name__)\n"
TELLS = """
import json, os, resource
tells = {
    "uid": os.getuid(), "groups": os.getgroups(), "files": os.listdir("."), "home": os.environ["HOME"],
    "names": sorted(os.environ), "top": sorted(os.listdir("/")),
    "tasks": resource.getrlimit(resource.RLIMIT_NPROC)[0],
}
print(json.dumps(tells))
"""


@pytest.fixture(params=["sandbox", "limits"])
def level(request):
    """Each level that works on this machine."""
    if isolation.trouble(request.param):
        pytest.skip(isolation.trouble(request.param))
    return request.param


def told(level: str, code: str, folder: Path | None = None) -> str:
    """What a program prints while it is loaded at a level."""
    with contextlib.closing(isolation.host(level, ["flask"])) as host:
        program = Program(host, Spec({"app.py": (code + APP).encode()}))
        program.begin()
        printed = program.loaded["printed"]
        program.close()
    return printed


def test_a_program_is_never_root(level):
    """Whoever grades, a program has no right of root and none of root's groups."""
    tells = json.loads(told(level, TELLS))
    assert tells["uid"] != 0
    assert os.getuid() or not tells["groups"]
    assert tells["tasks"] > 0


def test_a_program_finds_no_secret_in_its_environment(level, monkeypatch):
    """Of the grader's environment a program sees nothing but the language and the time zone."""
    monkeypatch.setenv("GRADER_TOKEN", "secret")
    tells = json.loads(told(level, TELLS))
    assert set(tells["names"]) <= {
        "PATH",
        "LANG",
        "LC_ALL",
        "LC_CTYPE",
        "TZ",
        "HOME",
        "USERPROFILE",
        "PYTHONUTF8",
        "TMPDIR",
        "TEMP",
        "TMP",
    }
    assert sorted(tells["files"]) == [".tmp", "app.py"]


def test_a_sandbox_holds_python_and_nothing_else():
    """The root of a sandbox has the system's libraries, Python and the candidate, and no home, no etc, no var."""
    if isolation.trouble("sandbox"):
        pytest.skip(isolation.trouble("sandbox"))
    seen = json.loads(told("sandbox", TELLS))["top"]
    prefixes = {Path(path).parts[1] for path in (sys.prefix, sys.base_prefix, str(ROOT))}
    assert set(seen) <= {"bin", "dev", "etc", "lib", "lib32", "lib64", "nix", "proc", "tmp", "usr", *prefixes}
    listed = told("sandbox", f"import os\nprint(*sorted(os.listdir({str(ROOT / 'workbook')!r})))\n")
    assert set(listed.split()) - {"__pycache__"} == {"__init__.py", "candidate"}


def test_one_sandbox_serves_program_after_program(level):
    """A host of one submission starts its programs one after the other, each in an empty folder."""
    with contextlib.closing(isolation.host(level, ["flask"])) as host:
        for number in range(3):
            code = f"import os\nopen('left-{number}', 'w').close()\nprint(sorted({{*os.listdir()}} - {{'.tmp'}}))\n"
            program = Program(host, Spec({"app.py": (code + APP).encode()}))
            program.begin()
            assert program.loaded["printed"] == f"['app.py', 'left-{number}']\n"
            program.close()


def test_a_killed_fork_server_spoils_nothing_for_the_next_program(level):
    """After an attack on what runs it the host starts the next program as if nothing had been."""
    with contextlib.closing(isolation.host(level, ["flask"])) as host:
        program = Program(
            host, Spec({"app.py": b"import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(5)\n"})
        )
        with pytest.raises(Exception, match="blocked"):
            program.begin()
        program.close()
        following = Program(host, Spec({"app.py": APP.encode()}))
        following.begin()
        following.close()


def test_a_level_that_does_not_work_says_why_and_the_mend(monkeypatch):
    """Without bubblewrap, `--isolation sandbox` refuses with the command that installs it."""
    monkeypatch.setattr(isolation.shutil, "which", lambda name: None)
    isolation.trouble.cache_clear()
    try:
        with pytest.raises(
            WorkbookError, match=r"'sandbox' does not work here.*(apt install bubblewrap|only Linux)"
        ):
            isolation.require("sandbox")
        assert isolation.best() != "sandbox"
    finally:
        isolation.trouble.cache_clear()


@pytest.mark.parametrize(
    ("said", "settings", "mend"),
    [
        ("bwrap: Unknown option --disable-userns", {}, "0.8 or newer"),
        (
            "bwrap: setting up uid map: Permission denied",
            {"kernel/apparmor_restrict_unprivileged_userns": "1"},
            "bwrap-userns-restrict",
        ),
        (
            "bwrap: No permissions",
            {"kernel/unprivileged_userns_clone": "0"},
            "kernel.unprivileged_userns_clone=1",
        ),
        (
            "bwrap: Creating new namespace failed",
            {"user/max_user_namespaces": "0"},
            "user.max_user_namespaces=",
        ),
        ("bwrap: Operation not permitted", {}, "container"),
    ],
)
def test_the_words_of_bubblewrap_lead_to_their_mend(monkeypatch, said, settings, mend):
    """Each known reason of a sandbox that does not start comes with the command that mends it."""
    monkeypatch.setattr(isolation, "_setting", settings.get)
    told = isolation._mend(said)
    assert told.startswith(said) and mend in told


def test_every_attack_of_the_doctor_works_where_nothing_stops_it():
    """An attack that never gets through would prove nothing: at the level none each one does, but a stay."""
    if sys.platform != "linux":
        pytest.skip("macOS and Windows know fewer attacks")
    through = {attack.tries for attack, got_through in attacks.run("none") if got_through}
    # limits bind a plain learner's program too, and its host ends what it leaves
    assert through >= {attack.tries for attack in attacks.ATTACKS} - {
        "go on after its end",
        "take 4 GB of memory",
    }


def test_no_attack_of_the_doctor_gets_through_a_level_that_promises_to_stop_it(level):
    """The doctor's attacks end where grading.md says that they end."""
    through = {attack for attack, got_through in attacks.run(level) if got_through}
    assert not [attack.tries for attack in through if level in attack.stopped_by]


def test_the_doctor_says_what_works_in_eighty_columns():
    """`learn.py doctor` names each thing that it tried with its state, and its last line is the sum."""
    done = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", ROOT / "workbook/__main__.py", "doctor"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    for words in (
        "Python 3",
        "packages:",
        "disk:",
        "checks: pytest collects",
        "port 5001",
        "sandbox",
        "limits",
    ):
        assert words in done.stdout
    assert done.stderr == ""
    crosses = [line for line in lines[:-2] if line.lstrip().startswith("✗")]
    assert done.returncode == (1 if crosses else 0)
    assert f"`grade` would use the isolation {isolation.best()}." in " ".join(done.stdout.split())


def test_the_doctor_names_a_package_that_is_missing_or_too_old(monkeypatch, tmp_path):
    """Packages outside of the bounds of requirements.txt are named with what to type."""
    (tmp_path / "requirements.txt").write_text("flask>=99  # not yet\nno-such-package-at-all\npytest\n")
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    found = machine.packages()
    assert found.status == "failed" and "pip install -r requirements.txt" in found.mend
    assert re.search(r"flask is 3\.\S+, not >=99; no-such-package-at-all is not installed", found.text)


def result(*checks: Check) -> StepResult:
    """A step's result with these checks."""
    return StepResult("01_hello", checks=list(checks))


def check(status: str, kind: str | None = None, todo: int = 1, got: str | None = None) -> Check:
    """A check with what decides on an outcome."""
    return Check("test_x", "The title", todo, status, kind=kind, got=got)


@pytest.mark.parametrize(
    ("checks", "status", "reason"),
    [
        ([check("passed"), check("failed", "timeout")], "graded", None),
        ([check("failed", "answer"), check("failed", "crashed")], "graded", None),
        ([check("passed", todo=0), check("failed", "timeout", got="no answer")], "timeout", "No answer."),
        ([check("failed", "import-error", 0, "no program: X"), check("waiting")], "import-error",
            "The program does not load: X."),
        ([check("passed"), check("failed", "protocol")], "crashed", "broke the protocol"),
        ([check("passed"), check("failed", "blocked", got="the program attacked x")], "blocked", "attacked x"),
        ([check("passed"), check("failed", "blocked", got="500 OSError: Network is unreachable")], "graded", None),
        ([check("passed"), check("error", "grader-error", got="KeyError: 'x'")], "grader-error", "KeyError: 'x'"),
        ([check("passed"), check("skipped")], "graded", None),
    ],
)  # fmt: skip
def test_the_outcome_of_a_step_follows_from_its_checks(checks, status, reason):
    """A step is graded where its TODOs could be judged; else the first failure that is no answer says why not."""
    got = outcome(result(*checks))
    assert got[0] == status
    assert (got[1] is None) if reason is None else reason in got[1]
