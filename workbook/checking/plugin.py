"""The pytest plugin: the fixtures and marks of a check, and a learner's words in place of pytest's own."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbook.checking import words
from workbook.checking.examiner import Examiner
from workbook.checking.expect import Remark
from workbook.checking.report import LOADS, fill
from workbook.checking.results import Check
from workbook.checking.subject import BrowserClient, Subject
from workbook.checking.vary import Vary
from workbook.program.program import Program

EXAMINER = pytest.StashKey[Examiner]()
_CHECKER = re.compile(r"test_(\d\d_\w+)")
WAITING = "waiting for: "


def pytest_addoption(parser: pytest.Parser) -> None:
    """--program DIR stands in for the learner's files."""
    parser.addoption("--program", metavar="DIR", default=None, help="the folder of the program to check")


def pytest_configure(config: pytest.Config) -> None:
    """Names the marks and makes the run's examiner."""
    config.addinivalue_line("markers", "todo(number): the TODO that the check belongs to")
    config.addinivalue_line("markers", "points(number): what the check is worth")
    config.addinivalue_line("markers", "waits_for(name): the check that this one needs")
    config.addinivalue_line("markers", "target(name, config): the module or factory of the program")
    if EXAMINER not in config.stash:
        folder = config.getoption("program", None)
        config.stash[EXAMINER] = Examiner(folder=Path(folder) if folder else None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leaves nothing running."""
    if EXAMINER in config.stash:
        config.stash[EXAMINER].close()


def slug_of(item: pytest.Item) -> str | None:
    """The step that a test file checks; None for a test that is no check."""
    name = _CHECKER.fullmatch(item.path.stem)
    return name[1] if name else None


def _mark(item: pytest.Item, name: str, default: Any) -> Any:
    mark = item.get_closest_marker(name)
    return mark.args[0] if mark else default


def _subject(item: pytest.Item) -> Subject:
    """The program that a check judges; the mark `target` says how it is started."""
    mark = item.get_closest_marker("target")
    config = mark.kwargs.get("config") if mark else None
    return item.config.stash[EXAMINER].subject(slug_of(item) or "", _mark(item, "target", "app"), config)


def title(item: pytest.Item) -> str:
    """The first line of a check's docstring; a parametrised check adds its case."""
    text = (getattr(item.obj, "__doc__", None) or item.name).strip().splitlines()[0]  # type: ignore[attr-defined]
    case = getattr(item, "callspec", None)
    return f"{text} [{case.id}]" if case else text


def new_check(item: pytest.Item) -> Check:
    """A check before it has run."""
    return Check(item.name, title(item), _mark(item, "todo", 0), points=_mark(item, "points", 1))


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Iterator[Program]:
    """The program itself, freshly loaded, for what HTTP does not show."""
    subject = _subject(request.node)
    subject.forget()
    subject.program.begin()
    yield subject.program
    subject.program.finish()


@pytest.fixture
def new_client(request: pytest.FixtureRequest, program: Program) -> Callable[[], BrowserClient]:
    """Makes further clients, each with cookies of its own."""
    subject = _subject(request.node)
    return lambda: BrowserClient(subject)


@pytest.fixture
def client(new_client: Callable[[], BrowserClient]) -> BrowserClient:
    """A client of the program, with the interface of Flask's own test client."""
    return new_client()


@pytest.fixture
def files(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """The program's files: {relative path: content}."""
    return request.config.stash[EXAMINER].files(slug_of(request.node) or "")


@pytest.fixture
def vary(request: pytest.FixtureRequest) -> Vary:
    """Inputs that follow from the program's files, so that a run can be repeated."""
    seed = request.config.stash[EXAMINER].result(slug_of(request.node) or "").seed
    return Vary(f"{seed} {request.node.name}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A check waits for the one it needs, and all wait for a program that does not load."""
    slug = slug_of(item)
    if not slug:
        return
    waiting = unmet(item, item.config.stash[EXAMINER].result(slug).checks)
    if waiting:
        pytest.skip(WAITING + waiting)


def unmet(item: pytest.Item, checks: list[Check]) -> str | None:
    """The title of the check that this one needs and that did not pass, if there is one.

    Nothing can be asked of a program that did not load for the first check: all others wait for that one.
    """
    if checks and checks[0].expected == LOADS:
        return checks[0].title
    needed = {mark.args[0] for mark in item.iter_markers("waits_for")}
    failed = (check for check in checks if check.status != "passed" and check.id.partition("[")[0] in needed)
    return next((check.title for check in failed), None)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[None]:
    """Turns what happened into a Check, and pytest's traceback into its words."""
    outcome = yield
    slug = slug_of(item)
    if not slug:
        return
    examiner = item.config.stash[EXAMINER]
    result = examiner.result(slug)
    if call.when == "setup":
        examiner.current = new_check(item)
        result.checks.append(examiner.current)
    check = examiner.current
    assert check is not None
    result.seconds += call.duration
    if call.excinfo is None:
        return
    error = call.excinfo.value
    if isinstance(error, pytest.skip.Exception):
        skip(check, str(error.msg))
        return
    report = outcome.get_result()  # type: ignore[attr-defined]
    if isinstance(error, Remark):
        check.message = textwrap.fill(str(error), words.WIDTH)
        report.longrepr, report.outcome = None, "passed"
        return
    fill(check, error, _subject(item), int(slug[:2]))
    report.longrepr, report.outcome = check.message, "failed"


def skip(check: Check, reason: str) -> None:
    """Notes that a check did not run, and why."""
    check.status = "waiting" if reason.startswith(WAITING) else "skipped"
    check.message = textwrap.fill(reason, words.WIDTH)


def pytest_report_teststatus(report: pytest.TestReport, config: pytest.Config) -> Any:
    """A check that waits is called so."""
    if report.skipped and isinstance(report.longrepr, tuple) and WAITING in report.longrepr[2]:
        return "waiting", "w", "WAITING"
    return None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tells the remarks, and the seed, so that a run can be repeated."""
    for step in terminalreporter.config.stash[EXAMINER].results.values():
        terminalreporter.write_line(
            f"{step.step}: {step.passed} of {len(step.checks)} checks pass; seed {step.seed}"
        )
        for remark in step.remarks:
            terminalreporter.write_line(textwrap.fill(f"Better still: {remark}", words.WIDTH))
