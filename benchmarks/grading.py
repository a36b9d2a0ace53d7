"""How long a class takes and how much memory: isolated on two workers, beside plain pytest in the same run.

    .venv/bin/python benchmarks/grading.py [--students 30] [--hung 10] [--workers 2] [--isolation auto] [STEP ...]

The students hand in the solutions, each with a comment of their own; of `--hung` further ones the program of the
first step never ends to load. Plain pytest judges a submission's steps one after the other with Flask's own
client, in a new process each, without any isolation, before and after the class. The memory is the sum of what
the grader's processes hold (PSS, with what they share counted once), and apart from it that of the submissions'
own processes.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workbook import course
from workbook.candidate import limits
from workbook.course import Step
from workbook.program import intake

MEGABYTE = 1024**2
HUNG = b"while True:\n    pass\n"


def hand_in(folder: Path, steps: list[Step], students: int, hung: int) -> None:
    """Writes a class of submissions."""
    for number in range(students + hung):
        name = f"student{number:04}" if number < students else f"hung{number:04}"
        for step in steps:
            for path, content in intake.read(step.solution).items():
                target = folder / name / "steps" / step.slug / path
                target.parent.mkdir(parents=True, exist_ok=True)
                loops = step is steps[0] and name.startswith("hung") and path == "app.py"
                own = f"\n# {name}\n".encode() if path.endswith(".py") else b""
                target.write_bytes(HUNG if loops else content + own)


def plain(step: Step) -> float:
    """Seconds that plain pytest takes for one step of one submission."""
    command = [sys.executable, "-m", "pytest", "-q", "--noconftest", "-p", "no:cacheprovider"]
    own = ["-p", "benchmarks.plain_client", str(step.checker)]
    began = time.perf_counter()
    environment = {**os.environ, "PROGRAM": str(step.solution), "PYTHONPATH": str(ROOT)}
    subprocess.run([*command, *own], cwd=ROOT, env=environment, capture_output=True, check=False)
    return time.perf_counter() - began


class Memory(threading.Thread):
    """Looks every 0.3 seconds at what a process and those below it hold, and keeps the most."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.parent = self.grader = self.programs = 0

    def run(self) -> None:
        """Looks until the process is gone."""
        while Path(f"/proc/{self.process}/smaps_rollup").exists():
            below = limits.descendants(self.process)
            own = [one for one in below if b"multiprocessing" in _read(one, "cmdline")]
            parent = _held(self.process)
            self.parent = max(self.parent, parent)
            self.grader = max(self.grader, parent + sum(map(_held, own)))
            self.programs = max(self.programs, sum(map(_held, set(below) - set(own))))
            time.sleep(0.3)


def _read(process: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{process}/{name}").read_bytes()
    except OSError:
        return b""


def _held(process: int) -> int:
    """Bytes of a process, what it shares divided among those who share it."""
    found = re.search(rb"^Pss: +(\d+) kB", _read(process, "smaps_rollup"), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def grade(source: Path, out: Path, options: argparse.Namespace, steps: list[Step]) -> tuple[float, Memory]:
    """Grades a class; gives the seconds and the memory."""
    command = [sys.executable, "-I", "-X", "utf8", str(ROOT / "workbook/__main__.py"), "grade", str(source)]
    named = ",".join(step.slug for step in steps)
    command += ["--out", str(out), "--workers", str(options.workers), "--isolation", options.isolation]
    began = time.perf_counter()
    process = subprocess.Popen([*command, "--steps", named], stdout=subprocess.PIPE, text=True)
    memory = Memory(process.pid)
    memory.start()
    said, _ = process.communicate()
    seconds = time.perf_counter() - began
    print(said, end="")
    if process.returncode != 0:
        raise SystemExit(f"The grader ended with {process.returncode}.")
    memory.join()
    return seconds, memory


def main() -> None:
    """Prints what was measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--hung", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--isolation", default="auto")
    parser.add_argument("steps", nargs="*")
    options = parser.parse_args()
    steps = [course.find(name) for name in options.steps] or course.steps()
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    print(
        f"load {os.getloadavg()[0]:.1f}, {options.students} students and {options.hung} hung, {len(steps)} steps"
    )
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "in"), Path(folder, "out")
        hand_in(source, steps, options.students, options.hung)
        beside = [plain(step) for step in steps]
        whole, memory = grade(source, out, options, steps)
        again, _ = grade(source, out, options, steps)
        beside += [plain(step) for step in steps]
        told = [json.loads(line) for line in (out / "journal.jsonl").read_text("utf-8").splitlines()]
    seconds = {line["id"]: line["seconds"] for line in told if line["event"] == "graded"}
    right = [value for name, value in seconds.items() if name.startswith("student")]
    late = [value for name, value in seconds.items() if name.startswith("hung")]
    share = 1000 / options.workers / len(steps)  # a submission keeps one of the workers
    print(f"whole class                       {whole:8.1f} s, unchanged again {again:.1f} s")
    print(f"per student and step, median      {statistics.median(right) * share:8.0f} ms")
    print(f"per student and step, plain pytest{statistics.median(beside) * 1000:8.0f} ms")
    if late:
        print(f"a hung submission, median         {statistics.median(late):8.1f} s")
    for name, held in (
        ("parent", memory.parent),
        ("parent and workers", memory.grader),
        ("programs", memory.programs),
    ):
        print(f"memory, {name:<26}{held / MEGABYTE:8.0f} MB at most")


if __name__ == "__main__":
    main()
