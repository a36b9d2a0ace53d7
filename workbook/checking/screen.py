"""A step's result on a terminal: the first failure whole, the others one line each."""

from __future__ import annotations

from workbook.checking.results import StepResult

SIGNS = {
    "passed": "✓ passed ",
    "failed": "✗ failed ",
    "error": "! error  ",
    "waiting": "… waiting",
    "skipped": "- skipped",
}


def bar(done: int, total: int, width: int = 30) -> str:
    """A progress bar of `width` characters with the numbers beside it."""
    full = round(width * done / total) if total else 0
    return f"[{'#' * full}{'-' * (width - full)}] {done} of {total} steps finished"


def step_screen(result: StepResult, again: str | None) -> str:
    """What `check` prints for one step."""
    failing = [check for check in result.checks if check.status in ("failed", "error")]
    lines = [f"Step {result.step}: {result.passed} of {len(result.checks)} checks pass"]
    if result.status == "passed":
        lines.append(f"✓ Finished. (seed {result.seed})")
        return "\n".join(lines)
    lines.append("")
    for index, check in enumerate(failing):
        todo = f"TODO {check.todo} · " if check.todo else ""
        if index == 0:
            lines += [f"✗ {todo}{check.message}", ""]
        else:
            lines.append(f"✗ {todo}{check.title}")
    waiting = sum(check.status == "waiting" for check in result.checks)
    if waiting:
        lines.append(f"… {waiting} more checks wait for these")
    for check in result.checks:
        if check.status == "skipped":
            lines.append(f"- skipped: {check.title} ({check.message})")
    lines.append(f"seed {result.seed}" + (f" · again: {again}" if again else ""))
    return "\n".join(lines)
