"""Processes of the untrusted side: how they print, wait for each other, and end."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

# As sys.__stdout__ does: the file below stays open where a program wraps sys.stdout anew.
_KEPT: list[Any] = []


def kill(process: int) -> None:
    """Kills a process and the group that it leads, if they are still there."""
    for end in (os.killpg, os.kill):
        try:
            end(process, signal.SIGKILL)
        except OSError:
            continue


def dump_traceback(process: int) -> None:
    """Lets a hung process print where it is, even inside of C code."""
    try:
        os.kill(process, signal.SIGUSR1)
    except OSError:
        return
    time.sleep(0.05)


def wait_for(process: int, seconds: float) -> int | None:
    """The exit status of a child process, negative for a signal; None while it runs or where unknown."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            ended, status = os.waitpid(process, os.WNOHANG)
        except ChildProcessError:
            return None
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= deadline:
            return None
        time.sleep(0.001)


def redirect(output: int) -> None:
    """Standard input is empty; what is printed goes to `output`, line by line."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(nothing)
    os.close(output)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  lives as long as the process
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
    _KEPT[:] = sys.stdin, sys.stdout, sys.stderr


def leave() -> None:
    """Ends this process without a word from any handler."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)
