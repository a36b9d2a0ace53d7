"""The hints of a step: a ladder of three for each TODO, climbed one rung at a time."""

from __future__ import annotations

import re

from workbook.checking.results import StepResult
from workbook.course import Step, WorkbookError
from workbook.learner import store

Ladders = dict[int, list[str]]


def ladders(step: Step) -> Ladders:
    """The rungs of each TODO, from steps/NN_slug/hints.md."""
    text = (step.folder / "hints.md").read_text("utf-8")
    parts = re.split(r"^## TODO (\d+)$", text, flags=re.MULTILINE)[1:]
    return {int(number): _rungs(part) for number, part in zip(parts[::2], parts[1::2], strict=True)}


def _rungs(text: str) -> list[str]:
    """The points of a numbered list; each may go over several lines."""
    points = re.split(r"^\d\. ", text.strip(), flags=re.MULTILINE)[1:]
    return [" ".join(point.split()) for point in points]


def todo_of(step: Step, result: StepResult) -> int:
    """The TODO to help with: that of the first failing check, or 0 where no TODO can help yet.

    A TODO before it may have no check of its own; it comes first while its comment stands in the file and
    no later TODO is done.
    """
    failing = next((check.todo for check in result.checks if check.status in ("failed", "error")), 0)
    checked = {check.todo for check in result.checks}
    green = max((check.todo for check in result.checks if check.todo < failing), default=0)
    return min(
        (todo for todo in left(step) if todo not in checked and green < todo < failing), default=failing
    )


def left(step: Step) -> list[int]:
    """The numbers of the TODOs whose comments stand in a step's files."""
    sources = [path.read_text("utf-8", "replace") for path in step.folder.rglob("*.py")]
    return sorted({int(number) for source in sources for number in re.findall(r"# TODO (\d+)", source)})


def next_rung(step: Step, todo: int) -> tuple[int, list[str]]:
    """The number of the next rung of a TODO and the whole ladder; the last rung stays the last."""
    ladder = ladders(step).get(todo)
    if not ladder:
        raise WorkbookError(f"There is no hint for TODO {todo} of step {step.slug}.")
    seen = store.recall("hints")
    key = f"{step.slug} {todo}"
    rung = min(int(seen.get(key, 0)) + 1, len(ladder))
    try:
        store.remember("hints", {**seen, key: rung})
    except WorkbookError:
        rung = len(ladder)  # nothing can be remembered here, so all rungs are shown
    return rung, ladder
