"""The kind of a failure, for a grader: which of KINDS an exception or a missing answer comes to."""

from __future__ import annotations

import re
from typing import Any

from workbook.program.answers import NoAnswer

_MISSING_ANSWERS = {"ended": "crashed"}  # the others are called as they are

# what a sandbox or a limit says to a program that goes too far, by the text of its exception
_BLOCKED = {
    "the network": r"Name or service not known|name resolution|getaddrinfo|Network is unreachable|"
    r"No address associated|nodename nor servname|Connection refused|Max retries exceeded",
    "more processes or threads than it may have": r"Resource temporarily unavailable|can't start new thread",
    "more room for files than it may have": r"No space left on device|File too large|Too many open files|"
    r"database or disk is full",
    "a place that it may not change": r"Read-only file system|Operation not permitted",
}


def of_exception(error: dict[str, Any] | None) -> str | None:
    """ "memory" or "blocked" for an exception that a limit caused (as candidate.where tells it), else None."""
    if error is None:
        return None
    if "MemoryError" in (error.get("bases") or ()):
        return "memory"
    return "blocked" if reached_for(str(error.get("text"))) else None


def reached_for(text: str) -> str | None:
    """What a program reached for in vain, by the text of its exception: "the network"; else None."""
    return next((what for what, pattern in _BLOCKED.items() if re.search(pattern, text)), None)


def of_no_answer(error: NoAnswer) -> str:
    """The kind of a missing answer."""
    return _MISSING_ANSWERS.get(error.kind, error.kind)
