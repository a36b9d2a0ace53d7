"""Runs checkers without a word: pytest collects them once, then any number of programs is judged."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
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

    def check(self, step: Step, files: Files, *, to_the_first_failure: bool = False) -> StepResult:
        """What a step's checks say to the program with these files ({relative path: content})."""
        began = time.perf_counter()
        self._examiner.judge(step.slug, files)
        items = self._items[step.slug]
        for item, following in zip(items, [*items[1:], None], strict=True):
            if step.slug in self._used:
                item._initrequest()  # as pytest-rerunfailures does: the same item with fixtures anew
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if to_the_first_failure and self._examiner.result(step.slug).checks[-1].status != "passed":
                item.session._setupstate.teardown_exact(None)
                break
        self._used.add(step.slug)
        result: StepResult = self._examiner.result(step.slug)
        result.seconds = time.perf_counter() - began
        return result


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
