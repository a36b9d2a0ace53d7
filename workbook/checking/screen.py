"""A step's result on a terminal: the first failure whole, the others one line each."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator

import click

from workbook.checking import words
from workbook.checking.results import Check, StepResult

SIGNS = {"passed": "✓", "failed": "✗", "error": "!", "waiting": "…", "skipped": "-"}
COLOURS = {"passed": "green", "failed": "red", "error": "magenta", "waiting": "yellow", "skipped": "yellow"}
MOST = 8  # checks named beside the first failure


def width() -> int:
    """The columns to write in: the terminal's, at most 80."""
    return min(words.WIDTH, shutil.get_terminal_size().columns)


def wrapped(text: str) -> str:
    """A line in as many lines as the terminal's width asks for; colours take no room."""
    room = width() + len(text) - len(click.unstyle(text))
    return "\n".join(textwrap.wrap(text, room, subsequent_indent="  ", break_on_hyphens=False))


def sign(status: str) -> str:
    """The symbol of a status, in its colour."""
    return click.style(SIGNS[status], fg=COLOURS[status], bold=True)


def bar(done: int, total: int) -> str:
    """A progress bar with the numbers beside it."""
    return f"{track(done, total)} {done} of {total} steps finished"


def track(done: int, total: int) -> str:
    """A progress bar alone; it leaves room for 32 columns beside it."""
    size = max(10, min(40, width() - 32))
    full = round(size * done / total) if total else 0
    return f"[{click.style('#' * full, fg='green')}{'-' * (size - full)}]"


def step_screen(result: StepResult) -> str:
    """What `check` prints for one step."""
    failing = [check for check in result.checks if check.status in ("failed", "error")]
    lines = [heading(result), ""]
    if failing:
        lines += [whole(failing[0]), ""]
        lines += [wrapped(line) for line in _others(failing, result)]
    waiting = sum(check.status == "waiting" for check in result.checks)
    if waiting:
        lines.append(f"{sign('waiting')} {waiting} more wait until then")
    skipped = [check for check in result.checks if check.status == "skipped"]
    lines += [wrapped(f"{sign('skipped')} skipped: {check.title} ({check.message})") for check in skipped]
    if not failing:
        lines += [f"{wrapped(f'Better still: {remark}')}\n" for remark in result.remarks]
        lines.append(click.style("Finished." if not skipped else "Nothing failed.", fg="green", bold=True))
    return "\n".join(lines)


def heading(result: StepResult) -> str:
    """A step's name with how many of its checks pass."""
    status = (
        "passed" if result.status == "passed" else "skipped" if result.status == "incomplete" else "failed"
    )
    text = f"Step {result.step}: {result.passed} of {len(result.checks)} checks pass"
    return f"{sign(status)} {click.style(text, bold=True)}"


def whole(check: Check) -> str:
    """A failed check with all that its message says."""
    todo = f"TODO {check.todo} · " if check.todo else ""
    return f"{sign(check.status)} {todo}{words.message(check, width())}"


def _others(failing: list[Check], result: StepResult) -> Iterator[str]:
    """The other failed checks, one line for all cases of one."""
    cases: dict[str, list[Check]] = {}
    for check in failing:
        cases.setdefault(check.id.partition("[")[0], []).append(check)
    first, *rest = cases.values()
    if len(first) > 1:
        of = sum(check.id.partition("[")[0] == first[0].id.partition("[")[0] for check in result.checks)
        yield f"{sign('failed')} this check has {of} inputs and fails with {len(first)} of them"
    for checks in rest[:MOST]:
        check = checks[0]
        todo = f"TODO {check.todo} · " if check.todo else ""
        many = f" ({len(checks)} inputs)" if len(checks) > 1 else ""
        title = check.title.rpartition(" [")[0] if "[" in check.id else check.title
        yield f"{sign(check.status)} {todo}{title}{many}"
    if len(rest) > MOST:
        yield f"{sign('failed')} {len(rest) - MOST} more"


def ladder(todo: int, rungs: list[str]) -> str:
    """A TODO's hints as a numbered list."""
    lines = [click.style(f"Hints for TODO {todo}", bold=True)]
    for number, rung in enumerate(rungs, 1):
        lines += textwrap.wrap(f"{number}. {rung}", width(), subsequent_indent="   ", break_on_hyphens=False)
    return "\n".join(lines) + "\n"
