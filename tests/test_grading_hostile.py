"""Every hostile or broken program gets its exact status, and nothing of it stays."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.hostile.listing import CASES
from tests.hostile.making import ALL, SOME
from workbook.program import isolation

ROOT = Path(__file__).resolve().parent.parent
LEVELS = ("sandbox", "limits")
PEAK = 300 * 1024**2  # bytes that the process which judges may ever need


class Judge:
    """The process of tests/hostile/judge.py, in surroundings that hold secrets and an open port."""

    def __init__(self, level: str, folder: Path) -> None:
        self.level, self.secret = level, folder / "secret.txt"
        self.secret.write_text("SECRET")
        self.mark = f"98{os.getpid()}.{77 + LEVELS.index(level)}"
        self.server = socket.create_server(("127.0.0.1", 0))
        self.abstract = socket.socket(socket.AF_UNIX)
        if sys.platform == "linux":
            self.abstract.bind(f"\0{self.mark}")
            self.abstract.listen()
        # not below pytest's folder, which other users may not enter: where root grades, programs are another user
        self.temporary = tempfile.mkdtemp(prefix="hostile-")
        os.chmod(self.temporary, 0o755)
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-I", ROOT / "tests/hostile/judge.py", str(writing)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, pass_fds=[writing],
            env=os.environ | {"GRADER_SECRET": "SECRET", "TMPDIR": self.temporary},
        )  # fmt: skip
        os.close(writing)
        self.answers = os.fdopen(reading, encoding="utf-8")

    def __call__(self, name: str) -> dict:
        """What came of a program."""
        words = {
            "MARK": self.mark, "SECRET_FILE": str(self.secret), "PORT": str(self.server.getsockname()[1]),
            "ROOT": str(ROOT),
        }  # fmt: skip
        asked = json.dumps({"level": self.level, "name": name, "words": words})
        print(asked, file=self.process.stdin, flush=True)
        line = self.answers.readline()
        assert line, "the process that judges did not live through it"
        return json.loads(line)

    def marked(self) -> list[str]:
        """What bears our mark: files outside of a program's folder, and processes."""
        places = [
            ROOT,
            ROOT / "workbook",
            ROOT / "checks",
            Path("/"),
            Path("/tmp"),
            Path("/var/tmp"),
            Path("/dev/shm"),
        ]
        found = [str(path) for place in places if place.is_dir() for path in place.glob(f"*{self.mark}*")]
        found += [str(path) for path in Path(self.temporary).iterdir()]
        processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        return found + [line for line in processes.splitlines() if self.mark in line]

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)
        for open_ in (self.answers, self.server, self.abstract):
            open_.close()
        os.rmdir(self.temporary)


PROMISED = [
    pytest.param(case, level, id=f"{case.name}-{level}")
    for case in CASES
    for level in LEVELS
    if level in case.levels
]


@pytest.fixture(scope="session")
def judges(tmp_path_factory):
    """A process a level, as `grade` has one level: it judges one program after the other."""
    judges = {level: Judge(level, tmp_path_factory.mktemp(level)) for level in LEVELS}
    yield judges
    for judge in judges.values():
        judge.close()


@pytest.mark.parametrize(("case", "level"), PROMISED)
def test_a_hostile_program_gets_its_exact_status(judges, case, level):
    """The status, the reason and the passed checks are those of the listing; nothing runs or lies about after."""
    if isolation.trouble(level):
        pytest.skip(isolation.trouble(level))
    judge = judges[level]
    told = judge(case.name)
    said = " ".join(f"{told['reason']} {' '.join(told['messages'])}".split())
    assert told["status"] == case.status, said
    assert case.says in said
    assert (told["reason"] is None) == (case.status == "graded")
    if case.status == "graded":
        assert (ALL if told["passed"] == told["total"] else SOME) == case.passes, said
    assert "\x1b" not in said and "SECRET" not in said
    assert told["left"] == [], "processes outlive the submission"
    assert judge.marked() == []
    assert told["peak"] < PEAK, "the process that judges took what the program wanted it to"


def test_the_listing_is_long_and_each_program_has_a_name_of_its_own():
    """A program whose name is taken would never run."""
    assert len({case.name for case in CASES}) == len(CASES) >= 60
