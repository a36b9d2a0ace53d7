"""Item analysis: what the checks of a class tell about themselves."""

import statistics

import pytest

from tests.made_results import a_class, check, result, step
from workbook.grading.items import Items


def analysed(results):
    """The items of a class, by their step and check."""
    items = Items()
    for one in results:
        items.add(one)
    return {(item.step, item.id): item for item in items.all()}


def one_step(*statuses, **more):
    """A student with one step whose checks have these statuses."""
    checks = [check(number, status) for number, status in enumerate(statuses)]
    return result("s", [step("01_hello", checks, **more)])


def test_the_difficulty_is_the_share_that_pass():
    """One of four that pass is a difficulty of a quarter."""
    items = analysed([one_step("passed"), *[one_step("failed")] * 3])
    item = items["01_hello", "test_0"]
    assert (item.passed, item.tried, item.difficulty) == (1, 4, 0.25)


def test_who_waits_has_not_passed():
    """A check that waits for another counts among the tried, and its number is told."""
    item = analysed([one_step("passed"), one_step("waiting")])["01_hello", "test_0"]
    assert (item.difficulty, item.waiting) == (0.5, 1)


@pytest.mark.parametrize("status", ["skipped", "error"])
def test_what_was_not_tried_counts_for_nobody(status):
    """A check that was skipped, or broke, says nothing of a student."""
    item = analysed([one_step("passed"), one_step(status)])["01_hello", "test_0"]
    assert (item.tried, item.difficulty) == (1, 1.0)


def test_only_graded_steps_count():
    """A step that could not be graded, such as for a program that does not load, is nobody's failed check."""
    lost = one_step("failed", outcome="import-error", reason="It does not load.")
    assert analysed([one_step("passed"), lost])["01_hello", "test_0"].tried == 1


def test_the_discrimination_is_the_correlation_with_all_other_points():
    """It is Pearson's correlation of passing a check with the share of points on the rest, taken the long way."""
    results = a_class(40)
    checks = [[one for part in student["steps"] for one in part["checks"]] for student in results]
    passed = [[float(one["status"] == "passed") for one in student] for student in checks]
    items = list(analysed(results).values())
    for at, item in enumerate(items):
        mine = [student[at] for student in passed]
        rest = [(sum(student) - student[at]) / (len(student) - 1) for student in passed]
        assert item.discrimination == pytest.approx(statistics.correlation(mine, rest))


def test_points_weigh_in_the_rest():
    """The rest is a share of points, not of checks."""
    results = []
    for number in range(10):
        cheap, dear = ("passed", "failed") if number % 2 else ("failed", "passed")
        results.append(
            result("s", [step("01_hello", [check(0, dear), check(1, cheap), check(2, dear, points=5)])])
        )
    assert analysed(results)["01_hello", "test_0"].discrimination == pytest.approx(1)


@pytest.mark.parametrize("size, told", [(9, False), (10, True)])
def test_a_small_class_has_no_discrimination(size, told):
    """Below ten students there is none, rather than a number that chance made."""
    results = [one_step(*["passed" if number % 2 else "failed"] * 2) for number in range(size)]
    assert (analysed(results)["01_hello", "test_0"].discrimination is not None) is told


@pytest.mark.parametrize("others", ["passed", "failed"])
def test_without_spread_there_is_no_discrimination(others):
    """Where all do alike, in the check or in all others, there is none: no division by zero, no NaN."""
    results = [one_step("passed" if number % 2 else "failed", others) for number in range(12)]
    assert [item.discrimination for item in analysed(results).values()] == [None, None]


def test_one_check_alone_has_nothing_to_compare_with():
    """A class with a single check is analysed, without a discrimination."""
    results = [one_step("passed" if number % 2 else "failed") for number in range(12)]
    assert analysed(results)["01_hello", "test_0"].discrimination is None


def test_checks_stand_in_the_order_of_their_steps():
    """A student who lacks the first step changes no order."""
    late = result("s", [step("03_users", [check(1), check(0)])])
    assert list(analysed([late, *a_class(2)]))[:4] == [("01_hello", f"test_{number}") for number in range(4)]
