"""Item analysis: what a class's results tell about the checks, rather than about the students.

Classical test theory, as in L. Crocker, J. Algina, "Introduction to Classical and Modern Test Theory", 1986,
chapter 14; the correction is S. Henrysson's, Psychometrika 28 (1963), https://doi.org/10.1007/BF02289618.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

FEWEST = 10  # students with a verdict; below, a difficulty is an anecdote and a correlation noise
TRIED = ("passed", "failed", "waiting")  # a skipped or broken check says nothing of a student


@dataclass
class Item:
    """One check over the class. Sums are updated student by student, so that no student has to be kept.

    The updates of means and moments follow B. P. Welford, "Note on a Method for Calculating Corrected Sums of
    Squares and Products", Technometrics 4 (1962): no difference of large numbers is taken.
    """

    step: str
    id: str
    title: str
    tried: int = 0
    passed: int = 0
    waiting: int = 0
    related: int = 0  # of the tried: those with other checks to compare with
    _mean: float = field(default=0.0, repr=False)
    _mean_rest: float = field(default=0.0, repr=False)
    _square: float = field(default=0.0, repr=False)
    _square_rest: float = field(default=0.0, repr=False)
    _product: float = field(default=0.0, repr=False)

    def add(self, status: str, rest: float | None) -> None:
        """One student's verdict; `rest` is the share of points on all their other checks, None without any."""
        passed = status == "passed"
        self.tried += 1
        self.passed += passed
        self.waiting += status == "waiting"
        if rest is None:
            return
        self.related += 1
        off, off_rest = passed - self._mean, rest - self._mean_rest
        self._mean += off / self.related
        self._mean_rest += off_rest / self.related
        self._square += off * (passed - self._mean)
        self._square_rest += off_rest * (rest - self._mean_rest)
        self._product += off * (rest - self._mean_rest)

    @property
    def difficulty(self) -> float:
        """The share that pass among those tried, 0 to 1: the lower, the harder."""
        return self.passed / self.tried if self.tried else 0.0

    @property
    def discrimination(self) -> float | None:
        """The corrected point-biserial (item-rest) correlation, -1 to 1.

        None with fewer than FEWEST students, or where all have the same verdict or all the same rest.
        """
        spread = self._square * self._square_rest
        if self.related < FEWEST or not 0 < self.passed < self.tried or spread < 1e-18:
            return None
        return max(-1.0, min(1.0, self._product / math.sqrt(spread)))


class Items:
    """The checks of a class, in the order of the steps and of their checkers."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], Item] = {}

    def add(self, result: dict[str, Any]) -> None:
        """One student's result: the object of results/ID.json. Only graded steps count."""
        steps = [step for step in result["steps"] if step["outcome"] == "graded"]
        tried = [
            (step["step"], check) for step in steps for check in step["checks"] if check["status"] in TRIED
        ]
        possible = sum(check["points"] for _, check in tried)
        earned = sum(check["points"] for _, check in tried if check["status"] == "passed")
        for slug, check in tried:
            others = possible - check["points"]
            rest = (earned - check["points"] * (check["status"] == "passed")) / others if others else None
            new = Item(slug, check["id"], check["title"])
            self._items.setdefault((slug, check["id"]), new).add(check["status"], rest)

    def all(self) -> list[Item]:
        """Every check that somebody was judged by, step by step."""
        return sorted(self._items.values(), key=lambda item: item.step)  # stable: checks keep their order
