"""Errors as a reader can use them: the lines of the notebook's own cells, and none of a framework's."""

from __future__ import annotations

import linecache
import logging
import sys
import traceback
from types import TracebackType
from typing import Any, TextIO

from workbook.course import WorkbookError


def own_lines(error: BaseException, trace: TracebackType | None, own: dict[str, Any]) -> list[str]:
    """The lines of a traceback whose frames have `own` for their globals, then the error itself.

    The same in every kernel and on every machine: no path, no count of cells, no version's line numbers.
    """
    lines, last_is_own = ["Traceback (most recent call last):"], True
    for frame, number in traceback.walk_tb(trace):
        last_is_own = frame.f_globals is own
        if last_is_own:
            name, code = frame.f_code.co_name, linecache.getline(frame.f_code.co_filename, number).strip()
            lines += [f"  line {number} of {'this cell' if name == '<module>' else name}", f"    {code}"]
    if not last_is_own:
        lines.append("  ... and lines of Flask or Python, left out here")
    return [*lines, *"".join(traceback.format_exception_only(error)).rstrip().split("\n")]


def short(
    shell: Any, kind: type, error: BaseException, trace: TracebackType, tb_offset: int = 0
) -> list[str]:
    """IPython's handler of a cell's error; one that the reader can mend is its sentence alone."""
    lines = (
        [str(error)] if isinstance(error, WorkbookError) else own_lines(error, trace, shell.user_global_ns)
    )
    shell._showtraceback(kind, error, lines)
    return lines


class ToCell(logging.Handler):
    """What a program logs, written below the cell; Flask adds no handler with a clock where there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.own: dict[str, Any] = {}

    def emit(self, record: logging.LogRecord) -> None:
        stream: TextIO = sys.stderr
        stream.write(f"{record.levelname}: {record.getMessage()}\n")
        if record.exc_info and record.exc_info[1]:
            stream.write("\n".join(own_lines(record.exc_info[1], record.exc_info[2], self.own)) + "\n")


HANDLER = ToCell()


def install(shell: Any) -> None:
    """Makes a shell show its errors, and its programs' logs, that way."""
    shell.set_custom_exc((Exception,), short)
    shell.InteractiveTB.set_mode("Minimal")  # the history's copy of an error took longer than many a cell
    HANDLER.own = shell.user_global_ns
    logging.getLogger().addHandler(HANDLER)
