"""Runs checkers without a word: pytest collects them once, then any number of programs is judged."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any, TypeVar

from workbook.checking.results import StepResult
from workbook.course import ROOT, Step, WorkbookError
from workbook.program.hosts import MODULES, Host, new_host

T = TypeVar("T")

# pytest's own plugins that print, or that no check uses; each costs time at every check
NOT_NEEDED = [
    "terminal", "cacheprovider", "debugging", "doctest", "faulthandler", "junitxml", "logging", "nose", "pastebin",
    "recwarn", "setuponly", "setupplan", "stepwise", "threadexception", "unraisableexception", "warnings",
]  # fmt: skip
Files = dict[str, bytes]


class Exam:
    """Collected checkers, ready to judge one program after the other."""

    def __init__(self, examiner: Any, items: dict[str, list[Any]]) -> None:
        self._examiner, self._items = examiner, items
        self._used: set[str] = set()

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
        for item, following in zip(items, [*items[1:], None], strict=True):
            if step.slug in self._used:
                item._initrequest()  # as pytest-rerunfailures does: the same item with fixtures anew
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            result: StepResult = self._examiner.result(step.slug)
            if each and each(result):
                item.session._setupstate.teardown_exact(None)
                break
        self._used.add(step.slug)
        result = self._examiner.result(step.slug)
        result.seconds = time.perf_counter() - began
        return result


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
    modules: list[str] = MODULES,
) -> T:
    """Collects the checkers of some steps and gives what `use` makes of them.

    `checks` is a folder with an instructor's own checkers; `modules` are what the programs will probably
    import. Raises WorkbookError.
    """
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    chosen = list(steps)
    host = new_host(os.environ.get("WORKBOOK_HOST", "auto"), modules)  # it starts while pytest is imported
    try:
        return _collect(chosen, use, host, checks)
    finally:
        host.close()


def _collect(steps: list[Step], use: Callable[[Exam], T], host: Host, checks: Path | None) -> T:
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
                self.gave = [use(Exam(session.config.stash[plugin.EXAMINER], items))]
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
