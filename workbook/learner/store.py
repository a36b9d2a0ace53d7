"""Files that the workbook writes for a learner: never half-written, never lost."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from workbook.course import ROOT, WorkbookError

FOLDER = ROOT / ".workbook"


def write(path: Path, content: bytes) -> None:
    """Puts `content` into a file at once: whoever reads it sees the old content or the new one.

    Raises WorkbookError where the file cannot be written; it is then as it was.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with open(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):
            os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise WorkbookError(
            f"{path} cannot be written: {error.strerror or error}. Nothing was changed. "
            "Make room or give yourself the right to write there, then try again."
        ) from None


def recall(name: str) -> dict[str, Any]:
    """What was remembered under a name; empty where nothing was, or where it cannot be read."""
    try:
        value = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def remember(name: str, value: dict[str, Any]) -> None:
    """Keeps a value under a name; raises WorkbookError where it cannot be written."""
    write(FOLDER / f"{name}.json", json.dumps(value, indent=1, sort_keys=True).encode())
