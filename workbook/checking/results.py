"""What came of a step's checks, and the JSON that `check --json` promises."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

# Why a check failed: the answer differs, or there is none because of what the program did.
KINDS = (
    "answer", "import-error", "crashed", "protocol", "timeout", "memory", "output-limit", "blocked", "grader-error",
)  # fmt: skip


@dataclass
class Check:
    """One check's result; texts that do not apply are None."""

    id: str
    title: str
    todo: int = 0
    status: str = "passed"  # passed | failed | error | waiting | skipped
    points: int = 1
    request: str | None = None
    sent: str | None = None
    expected: str | None = None
    got: str | None = None
    where: str | None = None
    message: str | None = None
    hint: str | None = None
    kind: str | None = None  # of a failed check: see KINDS


@dataclass
class StepResult:
    """All checks of one step, in the order in which they ran."""

    step: str
    seed: str = ""
    seconds: float = 0.0
    checks: list[Check] = field(default_factory=list)

    @property
    def passed(self) -> int:
        return sum(check.status == "passed" for check in self.checks)

    @property
    def remarks(self) -> list[str]:
        """What checks that passed have to say all the same."""
        return [
            " ".join(one.message.split()) for one in self.checks if one.status == "passed" and one.message
        ]

    @property
    def status(self) -> str:
        """passed, failed, or incomplete where nothing failed but something was skipped."""
        states = {check.status for check in self.checks}
        if not states or states & {"failed", "error", "waiting"}:
            return "failed"
        return "incomplete" if "skipped" in states else "passed"

    def to_json(self) -> dict[str, Any]:
        """The object of `check --json`, schema 1."""
        return {
            "schema": 1,
            "step": self.step,
            "status": self.status,
            "passed": self.passed,
            "total": len(self.checks),
            "seconds": round(self.seconds, 3),
            "seed": self.seed,
            "checks": [asdict(check) for check in self.checks],
        }


def status_of(results: list[StepResult]) -> str:
    """The status of several steps together."""
    states = {result.status for result in results}
    return next((status for status in ("failed", "incomplete") if status in states), "passed")
