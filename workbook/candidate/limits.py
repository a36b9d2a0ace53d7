"""What the system may take from a program: memory, files, processes, and its life when ours ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

MEMORY = 1024**3  # bytes of address space
FILE_SIZE = 64 * 1024**2  # bytes of one file
OPEN_FILES = 256
CPU_SECONDS = 60

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38


def _prctl() -> Callable[[int, int], int] | None:
    """Linux's prctl(2), or None elsewhere."""
    if sys.platform != "linux":
        return None
    try:
        function = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return None
    return lambda option, value: int(function(option, value, 0, 0, 0))


prctl = _prctl()


def die_with_parent() -> None:
    """Ends this process when its parent ends, where the system can (Linux)."""
    if prctl:
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Makes processes whose parent ended children of this one, so that they can be found (Linux)."""
    if prctl:
        prctl(_PR_SET_CHILD_SUBREAPER, 1)


def hide() -> None:
    """Keeps other processes of the same user from reading and changing this one's memory (Linux)."""
    if prctl:
        prctl(_PR_SET_DUMPABLE, 0)


def wall_in(user: int | None, tasks: int | None) -> None:
    """What a fork server of strangers' programs gives up for good before it loads anything.

    It becomes `user` (root's limits would not bind), may have `tasks` processes and threads together with
    all of that user, gains no rights from a program file, is not to be traced by the programs that it
    starts, and is the first to go where the machine runs out of memory.
    """
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:  # not Linux
        pass
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    if tasks is not None:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
        allowed = tasks if hard == resource.RLIM_INFINITY else min(tasks, hard)
        resource.setrlimit(resource.RLIMIT_NPROC, (allowed, allowed))
    if prctl:
        prctl(_PR_SET_NO_NEW_PRIVS, 1)
    hide()


def restrict() -> None:
    """Limits memory, files and CPU time of this process and its children, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, value in (
        ("RLIMIT_AS", MEMORY),
        ("RLIMIT_FSIZE", FILE_SIZE),
        ("RLIMIT_NOFILE", OPEN_FILES),
        ("RLIMIT_CPU", CPU_SECONDS),
        ("RLIMIT_CORE", 0),
    ):
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):  # macOS refuses some of them
            continue
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def children(process: int) -> list[int]:
    """The ids of a process's children, on Linux; empty elsewhere."""
    found: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{process}/task"):
            with open(f"/proc/{process}/task/{thread}/children") as file:
                found += map(int, file.read().split())
    except (OSError, ValueError):
        pass
    return found


def descendants(process: int, spared: frozenset[int] = frozenset()) -> list[int]:
    """All processes below `process`, but for `spared` ones and those below them."""
    found: list[int] = []
    for child in children(process):
        if child not in spared:
            found += [child, *descendants(child, spared)]
    return found


def alive(process: int) -> bool:
    """Whether a process of that id exists."""
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True
