"""The status of a graded step: `graded` where its checks could judge the program, else why they could not."""

from __future__ import annotations

from workbook.checking import kinds
from workbook.checking.results import Check, StepResult
from workbook.grading.unseen import visible

_STATUS = {"protocol": "crashed", "answer": "graded"}  # the other kinds are statuses themselves


def outcome(result: StepResult) -> tuple[str, str | None]:
    """A step's status, one of grading.model.STATUSES, and the reason, a sentence unless it is graded.

    One check that hangs, crashes or floods is a failed check of a graded step. The step itself is not graded
    where its program gave nothing to judge: of the checks of its TODOs none passed, and none failed by what
    the program answered. Nor is it where a program broke the protocol or attacked what runs it, whatever
    else it answered.
    """
    failed = [check for check in result.checks if check.status in ("failed", "error")]
    for check in failed:
        if check.kind == "grader-error":
            return "grader-error", f"The checker itself failed at {check.title!r}: {_cut(check.got)}."
    for check in failed:
        if check.kind == "protocol" or (check.kind == "blocked" and is_attack(check)):
            return _told(check)
    asked = [check for check in result.checks if check.todo] or result.checks
    judged = any(check.kind == "answer" or check.status == "passed" for check in asked)
    missed = [check for check in failed if check.kind != "answer"]
    if judged or not missed:
        return "graded", None
    return _told(missed[0])


def is_attack(check: Check) -> bool:
    """Whether a program was blocked because it attacked what runs it, which no mistake explains."""
    return "the program attacked" in (check.got or "")


def _told(check: Check) -> tuple[str, str]:
    kind = check.kind or "crashed"
    happened = (check.got or "").removeprefix("no program: ")
    where = f" ({check.where})" if check.where else ""
    if kind == "protocol":
        happened = (
            "the program broke the protocol: it wrote into the talk with the checker. Look at it yourself"
        )
    elif kind == "memory":
        happened = f"the program asked for more memory than it may have: {happened}"
    elif kind == "blocked" and (what := kinds.reached_for(check.got or "")):
        happened = f"the program reached for {what}: {happened}"
    elif kind == "import-error":
        happened = f"the program does not load: {happened}"
    text = _cut(happened)
    return _STATUS.get(kind, kind), f"{text[:1].upper()}{text[1:]}{where}."


def _cut(text: str | None, size: int = 300) -> str:
    """A text on one line, without its last full stop, cut where it is very long."""
    line = " ".join(visible(text or "").split()).rstrip(".")
    return line if len(line) <= size else f"{line[:size]} …"
