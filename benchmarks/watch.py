"""How long a save waits for its verdict: `learn.py watch`, beside plain Flask checks that are run at each save.

    .venv/bin/python benchmarks/watch.py [--saves 12] [STEP ...]

Measured through a pseudo-terminal, from the end of the write to the moment the whole verdict has been printed; a
right and a wrong program take turns, and so do the two watchers. Median and 95th percentile, in seconds. The peer is
pytest-watcher (`ptw`), put into a temporary environment where it is not importable; it runs the same checks on
Flask's own client, in one process, without a judge (benchmarks/plain_client.py).
"""

import argparse
import contextlib
import os
import platform
import pty
import re
import select
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.desk import Desk
from workbook import course

PATIENCE = 60.0
READY = "Current runner args"  # pytest-watcher forgets a save that comes before it has printed this


class Terminal:
    """A command on a pseudo-terminal."""

    def __init__(self, command: list[str], folder: Path, **environment: str) -> None:
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "40", **environment},
        )  # fmt: skip
        os.close(theirs)
        self.text = ""

    def until(self, pattern: str) -> float:
        """Reads until a pattern has been printed since the last call; gives the time when it had."""
        deadline = time.perf_counter() + PATIENCE
        while not (found := re.search(pattern, self.text)):
            if time.perf_counter() > deadline:
                raise SystemExit(f"{pattern!r} never came. The last was:\n{self.text[-2000:]}")
            self.rest(1, once=True)
        self.text = self.text[found.end() :]
        return time.perf_counter()

    def rest(self, quiet: float, once: bool = False) -> None:
        """Reads what still comes, until nothing has come for so many seconds."""
        while select.select([self.ours], [], [], quiet)[0]:
            self.text += os.read(self.ours, 65536).decode("utf-8", "replace")
            if once:
                return

    def close(self) -> None:
        """Ends the command and what it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.ours)


def peer_command(folder: Path) -> list[str]:
    """How pytest-watcher is started: from this environment, or from one made for it."""
    probe = [sys.executable, "-c", "import pytest_watcher"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return [sys.executable, "-m", "pytest_watcher"]
    # pytest-watcher 0.6.3 sees no save with watchdog 7, whose patterns mean something else
    venv.create(folder / "peer", with_pip=True, system_site_packages=False)
    python = folder / "peer" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "-qq", "pytest-watcher", "watchdog<7"], check=True)
    return [str(python), "-m", "pytest_watcher"]


def write(path: Path, text: str) -> float:
    """Saves a file in place, as many editors do; gives the time at the end of the write."""
    path.write_text(text, "utf-8")
    return time.perf_counter()


def measure(desk: Desk, slug: str, saves: int, peer: list[str]) -> tuple[list[float], list[float]]:
    """The seconds from save to verdict: ours, the peer's."""
    step = course.find(slug, desk.root)
    desk.solve(slug)
    mine = next(path for path in sorted(step.folder.rglob("app.py")))
    right = mine.read_text("utf-8")
    wrong = right + "\n\n@app.before_request\ndef nothing():\n    return {}, 418\n"
    if "def create_app" in right:
        wrong = right.replace(
            "    return app\n", "    app.before_request(lambda: ({}, 418))\n    return app\n"
        )
    theirs = desk.root / "plain"
    shutil.copytree(step.folder, theirs)
    other = theirs / mine.relative_to(step.folder)
    ours = Terminal([sys.executable, "-I", "-X", "utf8", "workbook/__main__.py", "watch", slug], desk.root)
    ours.until("checked at")
    with_ptw = Terminal(
        [*peer, str(theirs), "--now", "--delay", "0", "--runner", str(desk.root / "plain_pytest"),
         "--ignore-patterns", "*.db", str(step.checker)],
        desk.root, PROGRAM=str(theirs), PYTHONPATH=str(desk.root),
    )  # fmt: skip
    with_ptw.until(READY)
    rows: tuple[list[float], list[float]] = ([], [])
    try:
        for run in range(saves + 1):
            text = f"{right if run % 2 else wrong}# save {run}\n"
            sign = "✓" if run % 2 else "✗"
            for terminal, path, pattern, row in (
                (ours, mine, f"(?s){sign}.*Step {slug}.*checked at .* in .* q quit", rows[0]),
                (with_ptw, other, r"\d (passed|failed).* in ", rows[1]),
            ):
                terminal.rest(0.3)
                terminal.text = ""
                began = write(path, text)
                row.append(terminal.until(pattern) - began)
                if terminal is with_ptw:
                    with_ptw.until(READY)
    finally:
        ours.close()
        with_ptw.close()
        shutil.rmtree(theirs)
    return rows[0][1:], rows[1][1:]  # the first save warms both up


def percentile(values: list[float], part: float) -> float:
    """The smallest value that at least `part` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def main() -> None:
    """Prints one line a step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--saves", type=int, default=12)
    parser.add_argument("steps", nargs="*")
    options = parser.parse_args()
    steps = [course.find(name) for name in options.steps] or course.steps()
    with tempfile.TemporaryDirectory() as folder:
        peer = peer_command(Path(folder))
        desk = Desk(Path(folder))
        shutil.copytree(ROOT / "benchmarks", desk.root / "benchmarks", dirs_exist_ok=True)
        runner = desk.root / "plain_pytest"
        runner.write_text(
            f"#!/bin/sh\nexec '{sys.executable}' -m pytest -q --noconftest -p no:cacheprovider "
            '-p benchmarks.plain_client "$@"\n'
        )
        runner.chmod(0o755)
        print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
        print(f"load {os.getloadavg()[0]:.1f}, {options.saves} saves a step")
        print(f"{'':<16}{'learn.py watch':^18}{'pytest-watcher':^18}")
        print(f"{'step':<16}{'median':>9}{'p95':>9}{'median':>9}{'p95':>9}")
        for step in steps:
            both = measure(desk, step.slug, options.saves, peer)
            figures = [f"{statistics.median(row):>9.3f}{percentile(row, 0.95):>9.3f}" for row in both]
            print(f"{step.slug:<16}{''.join(figures)}", flush=True)


if __name__ == "__main__":
    main()
