"""Where in the learner's own files something happened.

Frames of Flask, Werkzeug and Python itself say nothing to a learner, so only lines
of files below the program's folder are told, with paths relative to it.
"""

from __future__ import annotations

import inspect
import os
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

Place = dict[str, Any]  # {"file": "app.py", "line": 17, "function": "home", "text": "return x"}


def relative(path: str, folder: str) -> str | None:
    """`path` relative to `folder`, or None for a file outside of it."""
    inside = os.path.join(folder, "")
    return path[len(inside) :].replace(os.sep, "/") if path.startswith(inside) else None


def _frames(first: types.TracebackType | None) -> Iterator[tuple[types.CodeType, int]]:
    while first is not None:
        yield first.tb_frame.f_code, first.tb_lineno
        first = first.tb_next


def _place(code: types.CodeType, line: int, folder: str) -> Place | None:
    name = relative(code.co_filename, folder)
    if name is None:
        return None
    return {"file": name, "line": line, "function": code.co_name, "text": source_line(code.co_filename, line)}


def source_line(path: str, line: int) -> str:
    """Line number `line` of a file without its indentation; empty where it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for number, text in enumerate(file, 1):
                if number == line:
                    return text.strip()[:200]
    except OSError:
        pass
    return ""


def describe(error: BaseException, folder: str) -> dict[str, Any]:
    """An exception as JSON: its type, its text and the learner's lines it passed, innermost last."""
    places = [_place(code, line, folder) for code, line in _frames(error.__traceback__)]
    return {
        "type": type(error).__name__,
        "bases": [base.__name__ for base in type(error).__mro__],
        "text": _text(error)[:500],
        "places": [place for place in places if place][-6:],
    }


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a learner's exception class may raise in __str__
        return ""


def caller(folder: str) -> Place | None:
    """The innermost line of the learner's files that is being run."""
    frame = sys._getframe(1)
    while frame is not None:
        place = _place(frame.f_code, frame.f_lineno, folder)
        if place:
            return place
        frame = frame.f_back  # type: ignore[assignment]
    return None


def of_view(view: Any, folder: str) -> Place | None:
    """Where a view is defined; None for one that cannot be looked into, which is no fault of its own."""
    try:
        return of_function(view, folder)
    except Exception:  # a learner's callable may do anything when it is asked for an attribute
        return None


def of_function(function: Callable[..., Any], folder: str) -> Place | None:
    """Where a view is defined: the line of its `def`, below its decorators."""
    function = inspect.unwrap(function)
    function = getattr(function, "view_class", function)  # a MethodView answers as its class
    code = getattr(function, "__code__", None)
    if code is None:
        try:
            name, (_lines, first) = inspect.getsourcefile(function), inspect.getsourcelines(function)
        except (OSError, TypeError):
            return None
        inside = relative(name or "", folder)
        return {"file": inside, "line": first, "function": function.__name__, "text": ""} if inside else None
    line = code.co_firstlineno
    while source_line(code.co_filename, line).startswith("@"):
        line += 1
    return _place(code, line, folder)
