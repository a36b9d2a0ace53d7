"""`read`: a step's notebook in Jupyter."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import webbrowser
from pathlib import Path

from workbook.course import Step, WorkbookError


def notebook_of(step: Step) -> Path:
    """The step's notebook; raises WorkbookError where there is none, or no Jupyter to open it with."""
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
    return path


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
        return f"Jupyter opens {path.name} in your browser. Ctrl-C here stops it."
    return (
        "No browser is to be had here. Jupyter prints an address with the word token in it: open that in a "
        f"browser, then click {path.name}. Ctrl-C here stops Jupyter."
    )


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
