"""A class graded from the command line: who judges, how far it is, how it ended."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from workbook.course import Step, WorkbookError
from workbook.grading import batch, folder, journal, scheduler
from workbook.grading.model import STATUSES
from workbook.grading.progress import shown
from workbook.grading.scheduler import Place
from workbook.program import isolation

UNPROTECTED = {
    "sandbox": "",
    "limits": ": files and network are not protected from the submissions",
    "none": ": nothing is protected from the submissions",
}


def grade(
    submissions: Path,
    out: Path,
    roster: Path | None,
    steps: list[Step],
    workers: int | None,
    level: str,
    restart: bool,
    checks: Path | None,
    address: str | None,
) -> int:
    """Grades a class and says how it went; gives the exit status. The arguments are those of the command.

    Raises WorkbookError where it cannot begin.
    """
    source, target = submissions.resolve(), folder.Folder(out)
    if out.resolve().is_relative_to(source):
        raise WorkbookError(f"{out} lies within the submissions. Name a folder beside them with --out.")
    group = batch.read(source, roster, steps, checks.resolve() if checks else None)
    with target.held():
        scoring = batch.policies(target, group.students)
        with _places(workers, address, group, level) as (places, isolated):
            if restart and (earlier := target.restart()):
                click.echo(f"Beginning anew. What was graded before is in {earlier}.")
            with contextlib.closing(journal.Journal(target.path / journal.NAME)) as log:
                try:
                    summary = _run(batch.Batch(group, isolated, target, scoring, log), places)
                except WorkbookError as error:
                    click.echo(str(error), err=True)
                    return 1
    _tell(summary, group, target, isolated)
    return 1 if summary.ungraded else 0


def _run(run: batch.Batch, places: Sequence[Place]) -> batch.Summary:
    with shown(len(run.group.students)) as one_more:
        return run.grade(places, one_more)


@contextlib.contextmanager
def _places(
    workers: int | None, address: str | None, group: batch.Class, level: str
) -> Iterator[tuple[list[Place], str]]:
    """Who judges, and the isolation that they all have; raises WorkbookError."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended in order, as by Ctrl-C
    if address:
        with scheduler.cluster(address) as (places, client):
            levels = scheduler.same_everywhere(client, group.source, group.slugs, group.checks)
            weakest = max(levels, key=list(UNPROTECTED).index)
            if level == "sandbox" != weakest:
                raise WorkbookError("The sandbox does not work on every machine of the cluster.")
            yield places, weakest if level == "auto" else level
        return
    if level != "auto":
        isolation.require(level)
    with scheduler.processes(workers or _cores()) as places:
        yield places, isolation.best() if level == "auto" else level


def _cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tell(summary: batch.Summary, group: batch.Class, target: folder.Folder, isolation: str) -> None:
    """Says what came of a run and where to look."""
    counts = [f"{summary.statuses[name]} {name}" for name in STATUSES if summary.statuses[name]]
    click.echo(f"{len(group.students)} students: {', '.join(counts)}.")
    click.echo(f"Judged now: {summary.judged}; unchanged since the last run: {summary.unchanged}.")
    click.echo(f"Isolation: {isolation}{UNPROTECTED[isolation]}.")
    for note in (*group.unknown, *summary.notes):
        click.echo(note)
    if summary.ungraded:
        click.echo(
            f"grader-error is the grader's own trouble (students: {summary.ungraded}): no points are given, "
            "and the next run tries again."
        )
    click.echo(
        f"Look first at {target.path / folder.REPORT}; the grades are in {target.path / folder.GRADEBOOK}."
    )
