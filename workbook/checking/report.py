"""What an exception in a check comes to: the texts of a `Check`."""

from __future__ import annotations

import sqlite3

from workbook.checking import advice, kinds, words
from workbook.checking.expect import PROGRAM, Failed
from workbook.checking.results import Check
from workbook.checking.subject import Subject
from workbook.course import WorkbookError
from workbook.program.answers import DoesNotLoad, NoAnswer

LOADS = "a program that loads"  # what a check expected that found none
FORGED = (
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
)  # by what a program tells of itself that we never would


def fill(check: Check, error: BaseException, subject: Subject, step: int = 0) -> None:
    """Writes into a check of step number `step` why it failed, in a learner's words."""
    if isinstance(error, WorkbookError):
        raise error
    check.status = "failed"
    check.request, check.sent = subject.asked.request, subject.asked.sent
    check.kind = "answer"
    if isinstance(error, Failed):
        _differs(check, error, subject, step)
    elif isinstance(error, DoesNotLoad):
        try:
            happened, check.where, check.hint = words.problem(error.fact, error.notes)
            check.kind = kinds.of_exception(error.fact.get("error")) or "import-error"
        except FORGED:
            happened, check.kind = "a report that makes no sense", "protocol"
        check.expected, check.got = LOADS, f"no program: {happened}"
    elif isinstance(error, NoAnswer):
        check.kind = kinds.of_no_answer(error)
        happened, check.where, check.hint = words.no_answer(error)
        if error.kind == "blocked":
            happened, check.hint = f"the program {error.detail}", "Take out whatever touches other processes."
        if check.request is None:
            check.expected, check.got = LOADS, f"no program: while it was loaded, {happened}"
        else:
            check.expected, check.got = "an answer", happened
    elif isinstance(error, RecursionError):
        check.expected, check.got = "an answer that can be read", "JSON that is nested too deeply"
    elif isinstance(error, sqlite3.Error):
        check.expected, check.got = "a database that SQLite can read", f"{type(error).__name__}: {error}"
    elif isinstance(error, AssertionError):
        check.expected, check.got = "what this check asserts", str(error).partition("\n")[0]
    else:
        check.status, check.kind = "error", "grader-error"
        check.got = f"the checker itself failed: {type(error).__name__}: {error}"
        check.hint = "This is no fault of yours. Please report it with the name of the check."
    check.message = words.message(check)


def _differs(check: Check, error: Failed, subject: Subject, step: int) -> None:
    """The program answered, but not what the check wants."""
    check.expected, check.got, check.hint = error.expected, error.got, error.next
    if error.response is PROGRAM:
        check.request = check.sent = None
        return
    asked = getattr(error.response, "asked", subject.asked)
    check.request, check.sent, answer = asked.request, asked.sent, asked.answer
    if not answer:
        return
    try:
        check.where = words.last_place(answer.error) or words.place(answer.view)
    except FORGED:
        check.kind = "protocol"
        return
    if answer.status >= 500:
        check.kind = kinds.of_exception(answer.error) or check.kind
    known = advice.advice(answer.error, step)
    known = known or advice.status_advice(check.request or "", answer, error.expected, asked.sent_json)
    check.hint = known or error.next
    if answer.error and answer.status >= 500 and str(answer.status) not in error.expected:
        check.got = f"{answer.status} {answer.error.get('type')}: {answer.error.get('text')}"
