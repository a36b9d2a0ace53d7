"""grading.toml, which stands in the folder of the grades: weights, late policy, what an import error counts."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbook.course import Step, WorkbookError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pytest brings it on Python 3.10

NAME = "grading.toml"
TEMPLATE = """\
# How points become grades. Take away the "# " in front of what you want, save, and run the same
# grade command again: it takes a moment, because no program has to run again.

# [weights]                  # how much a step counts; 1 where nothing is said, 0 leaves it out
# 3 = 2
# 08_models = 1.5

# [late]                     # needs a column "submitted" in the roster: day and time of the hand-in
# deadline = 2030-03-01T23:59:00+01:00
# percent_per_day = 10       # of the points earned, for each day begun
# floor = 50                 # the percent that a late hand-in keeps at least
# grace_minutes = 15         # within these nothing is taken off

# [policy]
# import_error = "blank"     # a program that cannot be imported: "zero", or "blank" for you to look at

# [gradebook]
# bom = true                 # lets Excel open gradebook.csv with a double click and right letters
"""


@dataclass(frozen=True)
class Late:
    """What a late hand-in loses. `deadline` may be without a time zone; then hand-ins are too."""

    deadline: datetime
    percent_per_day: Decimal
    floor: Decimal = Decimal(0)  # percent
    grace_minutes: Decimal = Decimal(0)

    def days(self, submitted: datetime) -> int:
        """The days begun since the deadline; 0 up to the end of the grace."""
        seconds = (submitted - self.deadline).total_seconds()
        return 0 if seconds <= self.grace_minutes * 60 else math.ceil(seconds / 86400)

    def kept(self, days: int) -> Decimal:
        """The share of the points earned that is kept, from 0 to 1."""
        return max(self.floor, 100 - days * self.percent_per_day, Decimal(0)) / 100


@dataclass(frozen=True)
class Settings:
    """What grading.toml says, or what holds without one."""

    weights: dict[str, Decimal] = field(default_factory=dict)  # by slug
    late: Late | None = None
    import_error: str = "zero"  # zero | blank
    bom: bool = False


def read(path: Path, steps: Sequence[Step]) -> Settings:
    """The settings in a file, or what holds where there is none; `steps` are all of the course.

    Raises WorkbookError with the mend where something in it cannot be meant.
    """
    try:
        told = tomllib.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise WorkbookError(f"{path} cannot be read: {error.strerror or error}.") from None
    except ValueError as error:  # no TOML, or not UTF-8
        raise WorkbookError(f"{path} is no TOML file: {error}. Mend that place and try again.") from None
    table = _Table(told, str(path))
    policy, gradebook = table.table("policy", "import_error"), table.table("gradebook", "bom")
    weights = {}
    for name in (given := table.table("weights")).told:
        slug = next((step.slug for step in steps if named(step, name)), None)
        if slug is None:
            raise WorkbookError(f"{path}: [weights] names {name!r}, and there is no such step.")
        weights[slug] = given.number(name)
    late = None
    if "late" in told:
        given = table.table("late", "deadline", "percent_per_day", "floor", "grace_minutes")
        deadline = given.told.get("deadline")
        if not isinstance(deadline, datetime):
            raise given.wrong("deadline", "a day and a time, as in 2030-03-01T23:59:00+01:00")
        numbers = {name: given.number(name) for name in ("floor", "grace_minutes") if name in given.told}
        late = Late(deadline, given.number("percent_per_day"), **numbers)
    table.nothing_but("weights", "late", "policy", "gradebook")
    return Settings(
        weights,
        late,
        policy.one_of("import_error", "zero", "blank"),
        gradebook.one_of("bom", False, True),
    )


def named(step: Step, name: str) -> bool:
    """Whether "3", "03" or "03_users" names this step."""
    return name == step.slug or (name.isascii() and name.isdigit() and int(name) == step.number)


@dataclass(frozen=True)
class _Table:
    """A table of the file; each question that its text does not answer is a sentence."""

    told: dict[str, Any]
    where: str

    def table(self, name: str, *keys: str) -> _Table:
        """A table in this one, empty where it is not there; with `keys`, nothing else may stand in it."""
        value = self.told.get(name, {})
        if not isinstance(value, dict):
            raise self.wrong(name, f"a table: write [{name}] on a line of its own")
        inner = _Table(value, f"{self.where}: [{name}]")
        if keys:
            inner.nothing_but(*keys)
        return inner

    def nothing_but(self, *keys: str) -> None:
        """Raises WorkbookError for a key that means nothing here, such as a misspelt one."""
        for name in self.told:
            if name not in keys:
                raise WorkbookError(
                    f"{self.where}: {name!r} means nothing here. Known are {', '.join(keys)}."
                )

    def number(self, name: str) -> Decimal:
        """A number that is not negative."""
        value = self.told.get(name)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.wrong(name, "a number, as in 10 or 1.5")
        number = Decimal(value)
        if not number.is_finite() or number < 0:
            raise self.wrong(name, "a number that is not negative")
        return number

    def one_of(self, name: str, first: Any, *others: Any) -> Any:
        """One of some values, `first` where nothing is said."""
        value = self.told.get(name, first)
        if type(value) is not type(first) or value not in (first, *others):
            known = " or ".join(str(other).lower() for other in (first, *others))
            raise self.wrong(name, known)
        return value

    def wrong(self, name: str, wanted: str) -> WorkbookError:
        return WorkbookError(f"{self.where}: {name} must be {wanted}.")
