"""What `watch` shows, as text: the verdict with the place to edit, what was learnt, and the keys."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from pathlib import Path

import click

from workbook import course
from workbook.checking import screen
from workbook.checking.results import StepResult
from workbook.course import Step
from workbook.learner import hints

KEYS = "h hint · n next · l list · r run again · q quit"


def verdict(result: StepResult, state: str) -> str:
    """A step's result as `check` shows it, with a bar and `state` below its first line."""
    first, rest = screen.step_screen(result).split("\n", 1)
    return f"{first}\n{progress(result, state)}\n{rest}"


def progress(result: StepResult, state: str) -> str:
    """A bar of the checks that pass."""
    return f"{screen.track(result.passed, len(result.checks))} {click.style(state, dim=True)}"


def goal(step: Step) -> str:
    """The goal of a step's README, one sentence; empty where it names none."""
    try:
        text = (step.folder / "README.md").read_text("utf-8", "replace")
    except OSError:
        return ""
    found = re.search(r"^\*\*Goal:\*\*(.+?)(About \d+ minutes|\n\n)", text, re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def finished(step: Step, result: StepResult, way_on: str | None) -> str:
    """What a finished step was for, which TODOs no check can see, and how to go on."""
    lines = [f"You reached the goal: {reached}"] if (reached := goal(step)) else []
    checked = {check.todo for check in result.checks}
    for todo in hints.left(step):
        if todo not in checked:
            lines.append(f"No check can see TODO {todo}. Its comment still stands in your files: is it done?")
    lines.append(f"Next: {way_on}" if way_on else "That was the last step.")
    return "\n".join(screen.wrapped(line) for line in lines)


def following(step: Step) -> Step | None:
    """The step after this one."""
    return next((other for other in course.steps(step.root) if other.number > step.number), None)


def place(step: Step, result: StepResult) -> tuple[Path, int | None]:
    """The file to edit and its line: where the first failure happened, else its TODO."""
    failing = next((check for check in result.checks if check.status in ("failed", "error")), None)
    found = re.match(r"([^:]+):(\d+)", failing.where or "") if failing else None
    if found and (step.folder / found[1]).is_file():
        return step.folder / found[1], int(found[2])
    todo = hints.todo_of(step, result)
    for path in sorted(step.folder.rglob("*.py")):
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if todo and re.search(rf"# TODO {todo}\b", line):
                return path, number
    return step.root / step.edited(), None


def shown(path: Path, line: int | None, linked: bool) -> str:
    """A path as an editor opens it, from the current folder where that is above it."""
    here = Path.cwd()
    text = str(path.relative_to(here) if path.is_relative_to(here) else path) + (f":{line}" if line else "")
    if not linked:
        return text
    # https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
    address = f"file://{socket.gethostname()}{path.as_uri().removeprefix('file://')}"
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\"


def links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is known to open links.

    Those that find `file:line` in a text by themselves, such as that of VS Code, need none; over ssh the file
    is on the other machine.
    """
    if "FORCE_HYPERLINK" in environment:
        return environment["FORCE_HYPERLINK"] != "0"
    if "SSH_CONNECTION" in environment or "TMUX" in environment:
        return False
    known = ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "VTE_VERSION")
    programs = ("iTerm.app", "WezTerm", "ghostty")
    return any(name in environment for name in known) or environment.get("TERM_PROGRAM") in programs


def fitted(body: str, foot: str, columns: int, rows: int) -> str:
    """Both parts in a terminal's size: where the body is too long, its last lines go."""
    lines, below = body.split("\n"), foot.split("\n")
    room = rows - height(below, columns) - 1
    if height(lines, columns) > room:
        while len(lines) > 1 and height(lines, columns) > room - 1:
            lines.pop()
        lines.append("… (the terminal is too low for the rest)")
    return "\n".join([*lines, "", *below])


def height(lines: list[str], columns: int) -> int:
    """The rows that lines take."""
    return sum(max(1, -(-len(bare(line)) // columns)) for line in lines)


def bare(text: str) -> str:
    """A text without colours and links."""
    return re.sub(r"\x1b\]8;;[^\x1b]*\x1b\\", "", uncoloured(text))


def uncoloured(text: str) -> str:
    """A text without colours; what moves the cursor stays."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)
