"""What a checker is written with: `expect`, the matchers, and the marks of a check.

todo = pytest.mark.todo      the TODO that a check belongs to; none for a guard
points = pytest.mark.points  what it is worth, one unless said otherwise
waits_for                    the check without which it cannot say anything
target                       the program's module or factory, as in target("social_api.app:create_app");
                             with config={...}, the mapping that the factory is called with
"""

import pytest

from workbook.checking.expect import PROGRAM, TEXT, Failed, Text, advise, expect, require

todo = pytest.mark.todo
points = pytest.mark.points
waits_for = pytest.mark.waits_for
target = pytest.mark.target

__all__ = [
    "PROGRAM",
    "TEXT",
    "Failed",
    "Text",
    "advise",
    "expect",
    "points",
    "require",
    "target",
    "todo",
    "waits_for",
]
