"""How long a verdict takes: warm, cold, and beside plain pytest with Flask's own client on the same checks.

    .venv/bin/python benchmarks/verdict.py [--runs 7] [STEP ...]

All figures of a line are taken in one run, alternating, on the step's solution; each is the median of the runs,
in seconds. A warm verdict is what `watch` gives after a save: pytest is imported, the checks are collected.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from workbook import course
from workbook.checking.run import Exam, examine
from workbook.course import Step
from workbook.program import intake

PYTHON = [sys.executable, "-I", "-X", "utf8"]


def seconds(command: list[str], **environment: str) -> float:
    """How long a command takes; it must end well."""
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - began


def cold(step: Step) -> float:
    """`learn.py check STEP`, everything included."""
    return seconds([*PYTHON, "workbook/__main__.py", "check", step.slug, "--program", str(step.solution)])


def plain(step: Step) -> float:
    """Plain pytest on the same checks, with Flask's own client in the same process."""
    command = [sys.executable, "-m", "pytest", "-q", "--noconftest", "-p", "no:cacheprovider"]
    own = ["-p", "benchmarks.plain_client", str(step.checker)]
    return seconds([*command, *own], PROGRAM=str(step.solution), PYTHONPATH=str(ROOT))


def warm(exam: Exam, step: Step, run: int) -> float:
    """The verdict on a changed file, with the checks already collected."""
    files = intake.read(step.solution)
    name = next(name for name in files if name.endswith("app.py"))
    result = exam.check(step, {**files, name: files[name] + f"\n# save {run}\n".encode()})
    if result.status != "passed":
        raise SystemExit(f"The solution of {step.slug} does not pass.")
    return result.seconds


def measure(step: Step, runs: int) -> list[float]:
    """Medians: warm, cold, plain pytest."""

    def alternate(exam: Exam) -> list[tuple[float, float, float]]:
        warm(exam, step, -1)
        return [(warm(exam, step, run), cold(step), plain(step)) for run in range(runs)]

    rows = examine([step], alternate)
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def main() -> None:
    """Prints one line a step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("steps", nargs="*")
    options = parser.parse_args()
    steps = [course.find(name) for name in options.steps] or course.steps()
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    print(f"load {os.getloadavg()[0]:.1f}, {options.runs} runs")
    print(f"{'step':<16}{'warm':>8}{'cold':>8}{'plain pytest':>14}")
    for step in steps:
        one, two, three = measure(step, options.runs)
        print(f"{step.slug:<16}{one:>8.2f}{two:>8.2f}{three:>14.2f}", flush=True)


if __name__ == "__main__":
    main()
