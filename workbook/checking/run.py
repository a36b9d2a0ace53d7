"""Runs checkers without a word: pytest collects them once, then any number of programs is judged."""

from __future__ import annotations

import functools
import itertools
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from workbook.checking import lanes
from workbook.checking.results import Check, StepResult
from workbook.course import ROOT, Step, WorkbookError
from workbook.program.hosts import MODULES, Host, new_host

T = TypeVar("T")

# pytest's own plugins that print, or that no check uses; each costs time at every check
NOT_NEEDED = [
    "terminal", "cacheprovider", "debugging", "doctest", "faulthandler", "junitxml", "logging", "nose", "pastebin",
    "recwarn", "setuponly", "setupplan", "stepwise", "threadexception", "unraisableexception", "warnings",
]  # fmt: skip
Files = dict[str, bytes]
MANY = 8  # checks; below that, a second lane costs more than it saves


class Exam:
    """Collected checkers, ready to judge one program after the other."""

    def __init__(self, examiner: Any, items: dict[str, list[Any]], width: int = 1) -> None:
        self._examiner, self._items, self._width = examiner, items, width
        self._used: set[Any] = set()

    def check(
        self,
        step: Step,
        files: Files,
        *,
        only: Collection[str] = (),
        each: Callable[[StepResult], bool] | None = None,
    ) -> StepResult:
        """What a step's checks say to the program with these files ({relative path: content}).

        `only` names checks, which run with those they wait for and nothing else. `each` sees the result
        so far after each check; where it gives True, the checks after it are left out.
        """
        began = time.perf_counter()
        self._examiner.judge(step.slug, files)
        items = self._items[step.slug]
        if only:
            needed = _needed(items, only)
            items = [item for item in items if item.name in needed]
        result: StepResult = self._examiner.result(step.slug)
        wide = self._width > 1 and len(items) >= MANY
        for item in items[:1] if wide else items:
            self._judge(item)
            if each and each(result):
                break
        else:
            if wide:
                result = self._side_by_side(items, result, each or (lambda _: False))
        result.seconds = time.perf_counter() - began
        return result

    def _judge(self, item: Any) -> Check:
        """Runs one check, which the examiner notes in its result."""
        if item in self._used:
            item._initrequest()  # as pytest-rerunfailures does: the same item with fixtures anew
        self._used.add(item)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        check: Check = self._examiner.current
        return check

    def _side_by_side(
        self, items: list[Any], begun: StepResult, each: Callable[[StepResult], bool]
    ) -> StepResult:
        """The result of all items, of which the first has run: the others run in several lanes."""
        from workbook.checking import plugin

        result = StepResult(begun.step, begun.seed, checks=list(begun.checks))
        hosts = self._examiner.further_hosts(self._width - 1) if result.checks[0].status == "passed" else []

        def seen(known: dict[int, Check]) -> bool:
            del result.checks[1:]
            for number in itertools.takewhile(known.__contains__, range(1, len(items))):
                check, unmet = known[number], plugin.unmet(items[number], result.checks)
                if unmet:  # its lane did not know, or knew of another one only
                    check = plugin.new_check(items[number])
                    plugin.skip(check, plugin.WAITING + unmet)
                result.checks.append(check)
            return each(result)

        enter = [functools.partial(self._examiner.move_to, host) for host in hosts]
        numbers = list(range(1, len(items)))
        try:
            seen(lanes.side_by_side(numbers, lambda number: self._judge(items[number]), enter, seen))
        finally:
            for host in hosts:
                host.close()
        self._examiner.results[begun.step] = result
        return result

    @contextmanager
    def on(self, host: Host) -> Iterator[None]:
        """Judges with this host meanwhile, such as a sandbox of one submission; whoever gave it closes it."""
        before = self._examiner.use(host)
        try:
            yield
        finally:
            self._examiner.use(before)

    def points(self, step: Step) -> int:
        """What all checks of a step are worth together."""
        marks = (item.get_closest_marker("points") for item in self._items[step.slug])
        return sum(mark.args[0] if mark else 1 for mark in marks)


def _needed(items: list[Any], names: Collection[str]) -> set[str]:
    """The names of some checks and of all that they wait for."""
    waits = {item.name: {mark.args[0] for mark in item.iter_markers("waits_for")} for item in items}
    found: set[str] = set()
    new = set(names)
    while new:
        found |= new
        bases = set().union(*(waits.get(one, set()) for one in new))
        new = {one for one in waits if one.partition("[")[0] in bases} - found
    return found


def examine(
    steps: Iterable[Step],
    use: Callable[[Exam], T],
    *,
    checks: Path | None = None,
    modules: list[str] | None = MODULES,
    width: int | None = None,
) -> T:
    """Collects the checkers of some steps and gives what `use` makes of them.

    `checks` is a folder with an instructor's own checkers; `modules` are what the programs will probably
    import, or None where each program brings a host of its own (`Exam.on`); `width` is how many checks of a
    step may run at once, the number of cores if none is given. Raises WorkbookError.
    """
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    chosen = list(steps)
    if modules is None:
        return _collect(chosen, use, None, checks, 1)
    host = new_host(os.environ.get("WORKBOOK_HOST", "auto"), modules)  # it starts while pytest is imported
    try:
        return _collect(chosen, use, host, checks, width or lanes.cores())
    finally:
        host.close()


def _collect(
    steps: list[Step], use: Callable[[Exam], T], host: Host | None, checks: Path | None, width: int
) -> T:
    import pytest

    from workbook.checking import plugin
    from workbook.checking.examiner import Examiner

    class Driver:
        """Keeps pytest's screen quiet, and lends its collected items to `use`."""

        gave: list[T]
        raised: BaseException | None = None
        trouble = ""

        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(self, config: pytest.Config) -> None:
            config.stash[plugin.EXAMINER] = Examiner(host)

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtestloop(self, session: pytest.Session) -> bool:
            if session.testsfailed:
                return True
            items: dict[str, list[Any]] = {step.slug: [] for step in steps}
            for item in session.items:
                items[plugin.slug_of(item) or ""].append(item)
            try:
                self.gave = [use(Exam(session.config.stash[plugin.EXAMINER], items, width))]
            except BaseException as error:
                self.raised = error
            return True

        def pytest_collectreport(self, report: pytest.CollectReport) -> None:
            if report.failed:
                self.trouble = str(report.longrepr)[-2000:]

        def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
            self.raised = self.raised or excinfo.value

        def pytest_internalerror(self, excrepr: Any) -> None:
            self.trouble = str(excrepr)[-2000:]

    paths = [str(step.checker) for step in steps]
    if checks:
        paths += [str(own) for step in steps for own in own_checkers(checks, step)]
    driver = Driver()
    settings = ["--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), "-s"]
    settings += [f"-pno:{name}" for name in NOT_NEEDED]
    pytest.main([*paths, *settings], plugins=[driver, plugin])
    if driver.raised:
        raise driver.raised
    if not hasattr(driver, "gave"):
        names = ", ".join(Path(path).name for path in paths)
        raise WorkbookError(f"pytest could not collect {names}:\n{driver.trouble}")
    return driver.gave[0]


def own_checkers(folder: Path, step: Step) -> list[Path]:
    """An instructor's own checkers of a step; raises WorkbookError where `folder` is none."""
    if not folder.is_dir():
        raise WorkbookError(
            f"There is no folder {str(folder)!r}. Name the folder that holds your own checkers."
        )
    return sorted(folder.glob(f"test_{step.slug}.py"))
