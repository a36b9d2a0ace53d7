"""How far a run is: a bar with the time left in a terminal, a line now and then in a file or pipe."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

EVERY_SECONDS = 10.0  # between two lines


@contextmanager
def shown(total: int) -> Iterator[Callable[[], None]]:
    """Shows a progress of `total` submissions on standard error; call what this gives after each one."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(total).one_more
        return
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, speed_estimate_period=120) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)


class _Lines:
    """Plain lines, each telling how far it is and how long the rest will take."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0
        self._began = self._told = time.monotonic()

    def one_more(self) -> None:
        """Counts a submission; says so from time to time."""
        self._done += 1
        now = time.monotonic()
        if now - self._told >= EVERY_SECONDS and self._done < self._total:
            self._told = now
            left = (now - self._began) / self._done * (self._total - self._done)
            click.echo(f"{self._done} of {self._total} done, about {_words(left)} left", err=True)


def _words(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{round(seconds)} s" if seconds < 90 else f"{minutes} min"
