"""The pytest plugin: the fixtures of a check, and a learner's words in place of pytest's own."""

from __future__ import annotations

import json
import os
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from workbook.checking import words
from workbook.checking.expect import Failed, show
from workbook.checking.results import Check, StepResult
from workbook.checking.vary import Vary
from workbook.course import ROOT, WorkbookError
from workbook.program import intake
from workbook.program.hosts import Host, Spec, new_host
from workbook.program.program import Answer, DoesNotLoad, NoAnswer, Program

BASE_URL = "http://localhost:5001"


class Subject:
    """The program that a run judges, and what became of its last request."""

    def __init__(self, folder: Path, host: Host, target: str) -> None:
        self.files = intake.read(folder)
        self.seed = intake.digest(self.files)
        self.program = Program(host, Spec({n: c for n, c in self.files.items()}, target))
        self.forget()

    def forget(self) -> None:
        """Begins a new check."""
        self.request: str | None = None
        self.sent: str | None = None
        self.sent_json = False
        self.answer: Answer | None = None

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """The learner's app as a WSGI callable: asks the candidate and remembers what was said."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
        self.request = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}{query}"
        shown = show_body(body, environ.get("CONTENT_TYPE", ""))
        self.sent = f"{self.request} {shown}".strip()
        self.sent_json = bool(body) and environ.get("CONTENT_TYPE", "").startswith("application/json")
        self.answer = None
        self.answer = answer = self.program.request(environ, body)
        if answer.too_long:
            raise Failed("an answer under 4 MB", "a response over 4 MB")
        start_response(f"{answer.status} -", answer.headers)
        return [answer.body]


def show_body(body: bytes, kind: str) -> str:
    """A request's body as one could type it."""
    if not body:
        return ""
    text = body.decode("utf-8", "replace")
    if kind == "application/json":
        try:
            return show(json.loads(text))
        except ValueError:
            pass
    return f"({kind or 'no Content-Type'}) {show(text, 120)}"


class BrowserClient(Client):
    """Werkzeug's test client on the address that the workbook uses."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """As werkzeug.test.Client.open, with the API's own base URL."""
        if not args or isinstance(args[0], str):
            options.setdefault("base_url", BASE_URL)
        return super().open(*args, **options)


class Examiner:
    """One run of pytest: the programs it judges, and the results."""

    def __init__(self, config: pytest.Config) -> None:
        self.folder = config.getoption("program", None)
        self.host_kind = os.environ.get("WORKBOOK_HOST", "auto")
        self.host: Host | None = None
        self.subjects: dict[str, Subject] = {}
        self.results: dict[str, StepResult] = {}
        self.current: Check | None = None

    def subject(self, slug: str, target: str) -> Subject:
        """The program of a step: the learner's folder, or the one that --program names."""
        if slug not in self.subjects:
            folder = Path(self.folder) if self.folder else ROOT / "steps" / slug
            self.host = self.host or new_host(self.host_kind)
            self.subjects[slug] = Subject(folder, self.host, target)
        return self.subjects[slug]

    def step(self, item: pytest.Item) -> StepResult:
        """The result that a check belongs to."""
        slug = item.path.stem.removeprefix("test_")
        return self.results.setdefault(slug, StepResult(slug))

    def close(self) -> None:
        """Ends every program and process."""
        for subject in self.subjects.values():
            subject.program.close()
        if self.host:
            self.host.close()


EXAMINER = pytest.StashKey[Examiner]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """--program DIR stands in for the learner's files."""
    parser.addoption("--program", metavar="DIR", default=None, help="the folder of the program to check")


def pytest_configure(config: pytest.Config) -> None:
    """Names the marks and makes the run's examiner."""
    config.addinivalue_line("markers", "todo(number): the TODO that the check belongs to")
    config.addinivalue_line("markers", "points(number): what the check is worth")
    config.addinivalue_line("markers", "waits_for(name): the check that this one needs")
    config.addinivalue_line("markers", "target(name): the module or factory of the program")
    config.stash[EXAMINER] = Examiner(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leaves nothing running."""
    examiner = config.stash.get(EXAMINER, None)
    if examiner:
        examiner.close()


def _mark(item: pytest.Item, name: str, default: Any) -> Any:
    mark = item.get_closest_marker(name)
    return mark.args[0] if mark else default


def title(item: pytest.Item) -> str:
    """The first line of a check's docstring; a parametrised check adds its case."""
    text = (getattr(item.obj, "__doc__", None) or item.name).strip().splitlines()[0]  # type: ignore[attr-defined]
    case = getattr(item, "callspec", None)
    return f"{text} [{case.id}]" if case else text


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Iterator[Program]:
    """The program itself, freshly loaded, for what HTTP does not show."""
    examiner = request.config.stash[EXAMINER]
    subject = examiner.subject(request.path.stem.removeprefix("test_"), _mark(request.node, "target", "app"))
    subject.forget()
    examiner.step(request.node).seed = subject.seed
    subject.program.begin()
    yield subject.program
    subject.program.finish()


@pytest.fixture
def new_client(request: pytest.FixtureRequest, program: Program) -> Any:
    """Makes further clients, each with cookies of its own."""
    subject = request.config.stash[EXAMINER].subject(request.path.stem.removeprefix("test_"), "app")
    return lambda: BrowserClient(subject.wsgi)


@pytest.fixture
def client(new_client: Any) -> BrowserClient:
    """A client of the program, with the interface of Flask's own test client."""
    return new_client()  # type: ignore[no-any-return]


@pytest.fixture
def vary(request: pytest.FixtureRequest) -> Vary:
    """Inputs that follow from the program's files, so that a run can be repeated."""
    examiner = request.config.stash[EXAMINER]
    subject = examiner.subject(request.path.stem.removeprefix("test_"), _mark(request.node, "target", "app"))
    return Vary(f"{subject.seed} {request.node.name}")


@pytest.fixture
def files(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """The program's files: {relative path: content}."""
    examiner = request.config.stash[EXAMINER]
    return examiner.subject(
        request.path.stem.removeprefix("test_"), _mark(request.node, "target", "app")
    ).files


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A check waits for the one it needs, and all wait for a program that does not load."""
    examiner = item.config.stash[EXAMINER]
    step = examiner.step(item)
    for check in step.checks:
        if (
            check.status == "failed"
            and check.request is None
            and check.got
            and check.got.startswith("no program:")
        ):
            pytest.skip(f"waiting for: {check.title}")
    for mark in item.iter_markers("waits_for"):
        for check in step.checks:
            if check.id.partition("[")[0] == mark.args[0] and check.status != "passed":
                pytest.skip(f"waiting for: {check.title}")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[None]:
    """Turns what happened into a Check, and pytest's traceback into its words."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    examiner = item.config.stash[EXAMINER]
    step = examiner.step(item)
    if call.when == "setup":
        examiner.current = Check(
            item.name, title(item), _mark(item, "todo", 0), points=_mark(item, "points", 1)
        )
        step.checks.append(examiner.current)
    check = examiner.current
    assert check is not None
    step.seconds += call.duration
    if call.excinfo is None:
        return
    error = call.excinfo.value
    subject = examiner.subjects.get(step.step)
    if isinstance(error, pytest.skip.Exception):
        reason = str(error.msg)
        check.status = "waiting" if reason.startswith("waiting for: ") else "skipped"
        check.message = textwrap.fill(reason, words.WIDTH)
        return
    fill(check, error, subject)
    report.longrepr = check.message
    report.outcome = "failed"


def fill(check: Check, error: BaseException, subject: Subject | None) -> None:
    """Writes into a check why it failed, in a learner's words."""
    check.status = "failed"
    if subject:
        check.request, check.sent = subject.request, subject.sent
    answer = subject.answer if subject else None
    if isinstance(error, WorkbookError):
        raise error
    if isinstance(error, Failed):
        check.expected, check.got = error.expected, error.got
        check.where = words.last_place(answer.error) if answer else None
        check.where = check.where or (words.place(answer.view) if answer else None)
        known = words.advice(answer.error) if answer else None
        if answer and subject and not known:
            known = words.status_advice(check.request or "", answer, error.expected, subject.sent_json)
        check.hint = known or error.next
        if answer and answer.error and answer.status >= 500:
            check.got = f"{answer.status} {answer.error.get('type')}: {answer.error.get('text')}"
    elif isinstance(error, DoesNotLoad):
        happened, check.where, check.hint = words.problem(error.fact, error.notes)
        check.expected, check.got = "a program that loads", f"no program: {happened}"
    elif isinstance(error, NoAnswer):
        happened, check.where, check.hint = words.no_answer(error)
        loading = check.request is None
        check.expected = "a program that loads" if loading else "an answer"
        check.got = f"no program: while it was loaded, {happened}" if loading else happened
    elif isinstance(error, AssertionError):
        check.expected, check.got = "what this check asserts", str(error).partition("\n")[0]
    else:
        check.status = "error"
        check.got = f"the checker itself failed: {type(error).__name__}: {error}"
        check.hint = "This is no fault of yours. Please report it with the name of the check."
    check.message = words.message(check)


def pytest_report_teststatus(report: pytest.TestReport, config: pytest.Config) -> Any:
    """A check that waits is called so."""
    if report.skipped and isinstance(report.longrepr, tuple) and "waiting for: " in report.longrepr[2]:
        return "waiting", "w", "WAITING"
    return None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tells the seed, so that a run can be repeated."""
    for step in terminalreporter.config.stash[EXAMINER].results.values():
        terminalreporter.write_line(
            f"{step.step}: {step.passed} of {len(step.checks)} checks pass; seed {step.seed}"
        )


def run(checker: Path, program: Path | None) -> StepResult:
    """Runs one checker without a word and gives its result; raises WorkbookError where it cannot run."""
    silent = Silent()
    arguments = [
        str(checker),
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(ROOT),
        "-c",
        str(ROOT / "pyproject.toml"),
    ]
    if program:
        arguments += ["--program", str(program)]
    began = time.perf_counter()
    status = pytest.main(arguments, plugins=[silent])
    result = silent.result
    if result is None or not result.checks or status not in (0, 1):
        raise WorkbookError(f"pytest could not run {checker.name}:\n{silent.trouble}")
    result.seconds = time.perf_counter() - began
    return result


class Silent:
    """Keeps pytest's own screen quiet and takes the result."""

    result: StepResult | None = None
    trouble = ""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        config.pluginmanager.unregister(reporter)
        config.option.capture = "no"

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        results = list(session.config.stash[EXAMINER].results.values())
        self.result = results[0] if results else None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.trouble = str(report.longrepr)[-2000:]

    def pytest_internalerror(self, excrepr: Any) -> None:
        self.trouble = str(excrepr)[-2000:]
