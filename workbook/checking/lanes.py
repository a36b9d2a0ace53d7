"""Judges the checks of a step side by side: some in this process, some in forks of it.

Each check has a fresh program and inputs that follow from its name, so it says the same in any lane.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import IO

from workbook.candidate import limits
from workbook.checking.results import Check

_NUMBER = struct.Struct("H")
Judge = Callable[[int], Check]


def cores() -> int:
    """How many processes can work at once; 1 where the system cannot fork."""
    if not hasattr(os, "fork"):
        return 1
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def side_by_side(
    numbers: list[int],
    judge: Judge,
    enter: Sequence[Callable[[], None]],
    seen: Callable[[dict[int, Check]], bool],
) -> dict[int, Check]:
    """What `judge` says of each number, from this process and one fork of it for each of `enter`.

    A fork calls its `enter` first. `seen` is told after each check of this process what is known by then;
    where it gives True, the rest is left out. What a fork fails to tell is judged here.
    """
    todo, given = os.pipe()
    os.write(given, b"".join(_NUMBER.pack(number) for number in numbers))
    os.close(given)
    known: dict[int, Check] = {}
    forks = [_Fork(judge, prepare, todo, known) for prepare in enter]
    done = False
    try:
        for number in _taken(todo):
            known[number] = judge(number)
            if seen(known):
                return known
        done = True
    finally:
        os.close(todo)
        for fork in forks:
            fork.end(at_once=not done)
    for number in [one for one in numbers if one not in known]:
        known[number] = judge(number)
    return known


def _taken(todo: int) -> Iterator[int]:
    """The numbers that this lane takes from the pipe until none is left."""
    while data := os.read(todo, _NUMBER.size):
        yield _NUMBER.unpack(data)[0]


class _Fork:
    """A fork of this process that judges, and the thread that hears what it found."""

    def __init__(self, judge: Judge, prepare: Callable[[], None], todo: int, known: dict[int, Check]) -> None:
        incoming, outgoing = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            try:
                os.close(incoming)
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever forked us hears of Ctrl-C and ends us
                limits.die_with_parent()
                prepare()
                with os.fdopen(outgoing, "w", encoding="utf-8") as out:
                    for number in _taken(todo):
                        check = judge(number)
                        if check.status != "error":  # this lane may be in trouble, and the first one is not
                            out.write(json.dumps([number, asdict(check)]) + "\n")
                            out.flush()
            finally:
                os._exit(0)
        os.close(outgoing)
        self.known = known
        self.told = os.fdopen(incoming, encoding="utf-8")
        self.thread = threading.Thread(target=self._listen, args=[self.told], daemon=True)
        self.thread.start()

    def _listen(self, told: IO[str]) -> None:
        for line in told:
            try:
                number, texts = json.loads(line)
            except ValueError:  # it ended in the middle of a line
                return
            self.known[number] = Check(**texts)

    def end(self, at_once: bool) -> None:
        """Waits until it has told everything."""
        if at_once:
            os.kill(self.process, signal.SIGKILL)
        self.thread.join()
        self.told.close()
        os.waitpid(self.process, 0)
