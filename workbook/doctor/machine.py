"""Tries the installation: what the workbook needs of this machine, and whether a check runs."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator

from packaging.requirements import Requirement

from workbook import course
from workbook.checking.run import examine
from workbook.course import ROOT, WorkbookError
from workbook.doctor.finding import Finding
from workbook.learner import read, serve
from workbook.program import intake

OLDEST = (3, 10)
ROOM = 500 * 1024**2  # bytes
INSTALL = "python3 -m pip install -r requirements.txt"


def findings() -> Iterator[Finding]:
    """Tries one thing after the other."""
    yield python()
    yield packages()
    yield room()
    yield writing()
    yield checking()
    yield port()
    yield notebooks()
    yield browser()


def python() -> Finding:
    """Whether Python is new enough."""
    text = f"Python {platform.python_version()} in {sys.prefix}"
    if sys.version_info < OLDEST:
        return Finding("failed", text, "Install Python 3.10 or newer from https://www.python.org/downloads/")
    return Finding("passed", text)


def packages() -> Finding:
    """Whether each package that requirements.txt names is there, within its bounds."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    wanted = [Requirement(text) for text in (line.partition("#")[0].strip() for line in lines) if text]
    wrong = []
    for one in wanted:
        if one.marker and not one.marker.evaluate():
            continue
        try:
            version = importlib.metadata.version(one.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{one.name} is not installed")
            continue
        if version not in one.specifier:
            wrong.append(f"{one.name} is {version}, not {one.specifier}")
    if wrong:
        return Finding("failed", f"packages: {'; '.join(wrong)}", f"Install what is named: {INSTALL}")
    return Finding("passed", f"packages: all {len(wanted)} are there, in versions that fit")


def room() -> Finding:
    """Whether the folder for temporary files has room."""
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    text = f"disk: {free / 1e9:.1f} GB free for temporary files in {folder}"
    if free < ROOM:
        return Finding("failed", text, "Make room there for 500 MB, or set TMPDIR to a folder that has it.")
    return Finding("passed", text)


def writing() -> Finding:
    """Whether the workbook's folder can be written to; a read-only one works for all but editing and saving."""
    try:
        with tempfile.TemporaryFile(dir=ROOT):
            return Finding("passed", f"folder: {ROOT} can be written to")
    except OSError as error:
        text = f"folder: {ROOT} cannot be written to ({error.strerror})"
        return Finding("skipped", text, "To edit the steps, copy the workbook to a folder of your own.")


def checking() -> Finding:
    """Whether pytest collects all checkers, and the first solution passes its checks."""
    steps = course.steps()
    try:
        files = intake.read(steps[0].solution)
        result = examine(steps, lambda exam: exam.check(steps[0], files))
    except WorkbookError as error:
        return Finding("failed", f"checks: {error}", "Get a fresh copy of the workbook.")
    text = f"checks: pytest collects {len(steps)} steps, and a right program passes {result.passed} checks"
    if result.status == "failed":
        first = next(check for check in result.checks if check.status not in ("passed", "skipped"))
        text = f"checks: a right program fails the check {first.title!r}: {first.got}"
        return Finding("failed", text, "Get a fresh copy of the workbook.")
    return Finding("passed", text)


def port() -> Finding:
    """Whether the port that `learn.py run` serves on is free."""
    if serve.taken():
        text = f"port {serve.PORT} is taken"
        return Finding("skipped", text, "Stop the server that has it before you type `learn.py run`.")
    return Finding("passed", f"port {serve.PORT} is free")


def notebooks() -> Finding:
    """Whether Jupyter is there."""
    try:
        return Finding("passed", f"Jupyter: notebook {importlib.metadata.version('notebook')}")
    except importlib.metadata.PackageNotFoundError:
        return Finding("skipped", "Jupyter is not installed, so `learn.py read` does not work", INSTALL)


def browser() -> Finding:
    """Whether a browser can be opened."""
    if read.has_browser():
        return Finding("passed", "browser: there is one to open notebooks and reports with")
    text = "browser: none that can be opened from here"
    return Finding("skipped", text, "`learn.py read` prints an address; open it in a browser of yours.")
