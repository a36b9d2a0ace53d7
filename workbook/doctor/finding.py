"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was tried: a sentence on it, and the mend where something is to be done.

    `status` is "passed", "skipped" where something works less well, or "failed" where the workbook does not work.
    """

    status: str
    text: str
    mend: str = ""
