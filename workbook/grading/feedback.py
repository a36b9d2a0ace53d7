"""feedback/ID.html: what one student is given. It holds nothing of anybody else, and no answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook.course import Step
from workbook.grading.page import render

# what to do about a step that could not be graded; None stands for nobody's: the grader's own trouble
ADVICE = {
    "no-submission": "Hand in your steps folder; it must hold {folder}.",
    "unreadable": "Hand in a .zip of your steps folder, made anew, and open it once to see that it holds {folder}.",
    "import-error": "Mend this first: as long as the program does not load, no check can say anything.",
    "crashed": "Find out what ends your program: it has to go on until it is stopped.",
    "timeout": "Look for a loop that never ends, or for something that your program waits for.",
    "memory": "Look for a list or a text that grows without end.",
    "output-limit": "Look for a print inside a loop that never ends.",
    "blocked": "Your program tried something that no step needs and that grading does not allow. Take it out.",
    "grader-error": "This is no fault of yours, and it costs you nothing. Your instructor sees it, too.",
}


def feedback(result: dict[str, Any], steps: Sequence[Step]) -> str:
    """The page of one student, from the object of results/ID.json; `steps` are the steps that were graded."""
    numbers = {step.slug: step.number for step in steps}
    shown = [_shown(step, numbers[step["step"]]) for step in result["steps"]]
    points = [step["points"] for step in result["steps"]]
    return render(
        "feedback.html",
        name=result["name"] or result["id"],
        id=result["id"],
        steps=shown,
        total=None if None in points else sum(points),
        possible=sum(step["possible"] for step in result["steps"]),
        next=next((step for step in shown if step["todo"]), None),
    )


def _shown(step: dict[str, Any], number: int) -> dict[str, Any]:
    """What the page shows of a step."""
    by_status: dict[str, list[dict[str, Any]]] = {}
    for check in step["checks"]:
        by_status.setdefault(check["status"], []).append(check)
    failed = by_status.get("failed", [])
    outcome = step["outcome"]
    return {
        "slug": step["step"],
        "number": number,
        "outcome": outcome,
        "reason": step["reason"],
        "points": step["points"],
        "possible": step["possible"],
        "comment": step.get("comment"),
        "by_hand": step.get("override", False),
        "advice": ADVICE[outcome].format(folder=f"steps/{step['step']}") if outcome in ADVICE else "",
        "failed": failed,
        "waiting": by_status.get("waiting", []),
        "passed": by_status.get("passed", []),
        "untried": by_status.get("skipped", []) + by_status.get("error", []),
        "todo": outcome not in ("graded", "grader-error") or bool(failed),
        "hint": failed[0]["hint"] if failed else None,
    }
