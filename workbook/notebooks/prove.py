"""Is what the notebooks show true? Each is run again; not one byte of its file may differ then."""

from __future__ import annotations

import difflib
import importlib.util
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.course import ROOT, WorkbookError
from workbook.learner import store
from workbook.notebooks import document
from workbook.notebooks.run import Runner, fresh_copy, in_kernels

WRITE = "python3 -m workbook.notebooks --write"
SHOWN = 12  # lines of a difference
OPTIONAL = ROOT / "requirements-data.txt"


@dataclass(frozen=True)
class Proof:
    """What came of running one notebook."""

    path: Path
    saved: bytes
    fresh: bytes  # what its file should hold
    seconds: float
    error: str  # one that no tag announces, "" without

    @property
    def trouble(self) -> str:
        """What is wrong with the saved outputs, and the mend; "" where nothing is."""
        return self.error or difference(self.path.stem, self.saved, self.fresh)


def lacking(path: Path) -> str:
    """Which packages of `OPTIONAL` a notebook imports and this Python lacks, and the mend; "" where none."""
    code = "\n".join(cell.source for cell in document.read(path).cells if cell.cell_type == "code")
    imported = set(re.findall(r"^(?:from|import) (\w+)", code, re.MULTILINE))
    optional = set(re.findall(r"^\w+", OPTIONAL.read_text("utf-8"), re.MULTILINE))
    missing = sorted(name for name in imported & optional if not importlib.util.find_spec(name))
    if not missing:
        return ""
    verb = "is" if len(missing) == 1 else "are"
    return f"{' and '.join(missing)} {verb} not installed. To install: pip install -r {OPTIONAL.name}"


def prove(paths: Sequence[Path], runner: Runner = in_kernels) -> list[Proof]:
    """Runs the notebooks in a copy of the workbook and compares; raises WorkbookError where one cannot run."""
    read = [document.read(path) for path in paths]
    with fresh_copy() as folder:
        runs = runner(read, folder)
    return [_proof(path, run) for path, run in zip(paths, runs, strict=True)]


def _proof(path: Path, run: Any) -> Proof:
    seconds = run.metadata.get("seconds", 0.0)
    return Proof(path, path.read_bytes(), document.written(run), seconds, _error(path, run))


def _error(path: Path, run: Any) -> str:
    """The first error that no tag announces, or announced error that did not come."""
    for number, cell in enumerate(run.cells, 1):
        if cell.cell_type != "code":
            continue
        error = next((one for one in cell.outputs if one.output_type == "error"), None)
        meant = "raises-exception" in cell.metadata.get("tags", [])
        if error and not meant:
            return (
                f"{path.name}, cell {number} raised {error.ename}: {error.evalue}. "
                "Mend the cell, or tag it raises-exception where the error is the lesson."
            )
        if meant and not error:
            return f"{path.name}, cell {number} raised no error. Take its tag raises-exception away."
    return ""


def difference(name: str, saved: bytes, fresh: bytes) -> str:
    """In what a saved notebook differs from the fresh one, and the mend; "" where in nothing."""
    if saved == fresh:
        return ""
    old, new = (content.decode("utf-8", "replace").splitlines() for content in (saved, fresh))
    changed = [
        line
        for line in difflib.unified_diff(old, new, "saved", "run again", n=1, lineterm="")
        if not line.startswith(("---", "+++"))
    ]
    shown = [line[:160] for line in changed[:SHOWN]] or ["  the same but for its layout or metadata"]
    told = f"{name} is not what running it gives (- saved, + run again):"
    return "\n".join([told, *shown, f"If the new one is right, write it: {WRITE} {name}"])


def write(proofs: Sequence[Proof]) -> list[Path]:
    """Makes the files hold what running them gave, but where an error came that no tag announces; gives
    those that changed. Raises WorkbookError.
    """
    changed = [proof for proof in proofs if not proof.error and proof.saved != proof.fresh]
    for proof in changed:
        store.write(proof.path, proof.fresh)
    return [proof.path for proof in changed]


def choose(names: Sequence[str], every: Sequence[Path]) -> list[Path]:
    """The notebooks that some names mean ("3", "03", "03_users"), all where there is no name."""
    chosen = []
    for name in names:
        found = [path for path in every if name in (path.stem, path.stem[:2], path.stem[:2].lstrip("0"))]
        if not found:
            there = ", ".join(path.stem for path in every)
            raise WorkbookError(f"There is no notebook {name!r}. The notebooks are: {there}.")
        chosen += found
    return chosen or list(every)
