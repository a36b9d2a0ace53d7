"""`read`: a step's notebook in Jupyter, in a copy that is the learner's own.

The copy lies under .workbook/notebooks, so that what a learner writes and runs leaves the workbook's notebook as
it is, and no update meets a change. Where the workbook's notebook has changed since, the learner's copy gets
another name and stays.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import webbrowser
from datetime import datetime
from pathlib import Path

from workbook import course
from workbook.course import ROOT, Step, WorkbookError
from workbook.learner import store

FINDER = "workbook.py"  # lets the cells of a copy find the workbook's engine


def find(name: str, root: Path = ROOT) -> Step:
    """What `name` means: a step, or a notebook without one, such as 17; raises WorkbookError."""
    for path in sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        if name in (path.stem, path.stem[:2]):
            return Step(path.stem, root)
    return course.find(name, root)


def notebook_of(step: Step) -> Path:
    """The learner's copy of the step's notebook, made where there is none.

    Where nothing can be written it is the workbook's own. Raises WorkbookError where the step has no notebook,
    or no Jupyter is there to open it with.
    """
    path = step.root / "notebooks" / f"{step.slug}.ipynb"
    if not path.is_file():
        raise WorkbookError(
            f"Step {step.slug} has no notebook yet. What to do in it stands in steps/{step.slug}/README.md."
        )
    if not importlib.util.find_spec("notebook"):
        raise WorkbookError(
            "Jupyter is not installed here. To install it: "
            f"{Path(sys.executable).name} -m pip install -r requirements.txt"
        )
    own = step.root / ".workbook" / "notebooks"
    try:
        store.write(own / FINDER, (path.parent / FINDER).read_bytes())
        for each in path.parent.glob("*.ipynb"):  # all, since they link to each other
            _copy(each, own / each.name)
    except (WorkbookError, OSError):
        return path
    return own / path.name


def _copy(original: Path, own: Path) -> None:
    """Makes the copy `own`; one that was made of another state of the original and edited is moved aside."""
    note = own.with_name(f".{own.stem}.sha256")  # of the state that the copy was made of
    made_of = note.read_text("ascii") if note.is_file() else ""
    content = original.read_bytes()
    if own.is_file() and made_of == _digest(content):
        return
    if own.is_file() and made_of != _digest(own.read_bytes()):
        os.rename(own, _free(own))
    store.write(own, content)
    store.write(note, _digest(content).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _free(path: Path) -> Path:
    """A name beside `path` that says until when it was the learner's copy, and that nothing has."""
    name = f"{path.stem} until {datetime.now():%Y-%m-%d %H.%M.%S}"
    found, count = path.with_name(f"{name}.ipynb"), 1
    while found.exists():
        count += 1
        found = path.with_name(f"{name} ({count}).ipynb")
    return found


def has_browser() -> bool:
    """Whether this machine can open a browser; a server or a container mostly cannot."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return bool(os.name == "nt" or sys.platform == "darwin" or os.environ.get("BROWSER") or _has_screen())


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def announcement(path: Path, browser: bool) -> str:
    """What is told before Jupyter begins to talk."""
    if browser:
        told = f"Jupyter opens {path.name} in your browser. Ctrl-C here stops it."
    else:
        told = (
            "No browser is to be had here. Jupyter prints an address with the word token in it: open that in a "
            f"browser, then click {path.name}. Ctrl-C here stops Jupyter."
        )
    if path.parent.parent.name != ".workbook":
        return told
    told += " It is a copy of your own: write in it what you like."
    if earlier := sorted(path.parent.glob(f"{path.stem} until *.ipynb")):
        told += (
            f" The workbook's notebook has changed; your copy from before is {earlier[-1].name}, beside it."
        )
    return told


def open_in_jupyter(path: Path, browser: bool) -> int:
    """Runs Jupyter until Ctrl-C, and gives its exit status."""
    command = [sys.executable, "-m", "notebook", str(path), "--ServerApp.answer_yes=True"]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # as in a container; whoever is root may run programs anyway
    try:
        return subprocess.run(command, cwd=path.parent, check=False).returncode
    except KeyboardInterrupt:
        return 0
