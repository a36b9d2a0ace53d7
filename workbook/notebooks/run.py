"""Runs the notebooks in a copy of the workbook, so that nobody's own steps are touched."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from workbook.course import ROOT, WorkbookError, steps
from workbook.learner.starters import delivered

JOBS = 2
CELL_SECONDS = 60
PARTS = ("workbook", "checks", "solutions", "notebooks", "steps")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "instance", ".*")
Runner = Callable[[Sequence[Any], Path], list[Any]]


@contextlib.contextmanager
def fresh_copy(root: Path = ROOT) -> Iterator[Path]:
    """A temporary copy of the workbook with all steps as they were delivered."""
    with tempfile.TemporaryDirectory(prefix="workbook-notebooks-", ignore_cleanup_errors=True) as folder:
        for name in PARTS:
            shutil.copytree(root / name, Path(folder, name), ignore=LEFT_OUT)
        shutil.copy(root / "pyproject.toml", folder)
        for step in steps(Path(folder)):
            for name, content in delivered(step).items():
                (step.folder / name).write_bytes(content)
        yield Path(folder)


def environment(folder: Path) -> dict[str, str]:
    """The same surroundings on every machine: no settings of the user's, 80 columns, UTC."""
    fixed = {
        "COLUMNS": "80", "TZ": "UTC", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1",
        "IPYTHONDIR": str(folder / ".ipython"), "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }  # fmt: skip
    dropped = (
        "PYTHONPATH",
        "PYTHONSTARTUP",
        "NO_COLOR",
        "FORCE_COLOR",
        "FLASK_APP",
        "FLASK_DEBUG",
        "SECRET_KEY",
    )
    return {name: value for name, value in os.environ.items() if name not in dropped} | fixed


class OwnKernel(AsyncKernelManager):
    """The kernel of this Python, whatever kernels the user has installed under the same name."""

    def __init__(self, **settings: Any) -> None:
        specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
        super().__init__(**{**settings, "kernel_spec_manager": specs, "kernel_name": "python3"})


def in_kernels(notebooks: Sequence[Any], folder: Path) -> list[Any]:
    """The notebooks, each run in a real kernel of its own, two at once; `seconds` stands in the metadata.

    Raises WorkbookError where a kernel dies or a cell does not end.
    """

    def one(notebook: Any) -> Any:
        began = time.monotonic()
        run = copy.deepcopy(notebook)
        client = NotebookClient(
            run, timeout=CELL_SECONDS, allow_errors=True, record_timing=False, kernel_manager_class=OwnKernel
        )
        try:
            # a kernel's standard error holds only its remarks on itself
            surroundings = {"cwd": str(folder / "notebooks"), "env": environment(folder)}
            client.execute(**surroundings, stderr=subprocess.DEVNULL)
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
            raise WorkbookError(f"A notebook did not run to its end: {str(error).strip()[:500]}") from None
        run.metadata["seconds"] = time.monotonic() - began
        return run

    with ThreadPoolExecutor(JOBS) as pool:  # later steps take longer; begun first, none is waited for alone
        return list(pool.map(one, reversed(notebooks)))[::-1]


def in_process(notebooks: Sequence[Any], folder: Path) -> list[Any]:
    """The notebooks, all run by one process without kernels; raises WorkbookError where it dies."""
    cells = [[cell.source for cell in one.cells if cell.cell_type == "code"] for one in notebooks]
    done = subprocess.run(
        [sys.executable, "-m", "workbook.notebooks.shell"],
        cwd=folder / "notebooks",
        env=environment(folder),
        input=json.dumps(cells),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise WorkbookError(f"The notebooks did not run to their end:\n{done.stderr[-2000:]}")
    runs = copy.deepcopy(list(notebooks))
    for run, told in zip(runs, json.loads(done.stdout), strict=True):
        for cell, outputs in zip([one for one in run.cells if one.cell_type == "code"], told, strict=True):
            cell.outputs = [nbformat.from_dict(output) for output in outputs]
    return runs
