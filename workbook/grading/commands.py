"""`learn.py grade`: its options. What they need is imported when it is used: no other command waits for it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from workbook import course
from workbook.course import Step, WorkbookError

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
AGAIN = "\nStopped. What was graded so far is kept: run the same command again to go on there."


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder for the grades.")
@click.option("--roster", type=click.Path(path_type=Path), help="A CSV file: id,name[,email,login].")
@click.option("--steps", "chosen", help="Which steps: 3, 01-06 or 1,4-6. Without it: all.")
@click.option("--workers", type=click.IntRange(1), help="Processes that judge. Without it: one a core.")
@click.option("--isolation", "level", type=click.Choice(["auto", "sandbox", "limits"]), default="auto")
@click.option("--restart", is_flag=True, help="Begin anew; what was graded is put aside.")
@click.option("--checks", type=click.Path(path_type=Path), help="Add the checkers in this folder.")
@click.option("--scheduler", "address", help="Let the Dask cluster at this address do the work.")
def grade(
    submissions: Path,
    out: Path,
    roster: Path | None,
    chosen: str | None,
    workers: int | None,
    level: str,
    restart: bool,
    checks: Path | None,
    address: str | None,
) -> None:
    """Grade a class: SUBMISSIONS is a folder with one folder or archive a student, or a platform's zip.

    Run the same command again after an interruption, a resubmission or a change of a checker or an override:
    only what changed is judged again.
    """
    from workbook.grading import run

    steps = _steps(chosen)
    try:
        sys.exit(run.grade(submissions, out, roster, steps, workers, level, restart, checks, address))
    except KeyboardInterrupt:
        click.echo(AGAIN, err=True)
        sys.exit(INTERRUPTED)


def _steps(chosen: str | None) -> list[Step]:
    """The steps that --steps names, in the course's order; raises WorkbookError."""
    if chosen is None:
        return course.steps()
    found = set()
    for part in re.split(r"\s*,\s*", chosen.strip()):
        first, dash, last = part.partition("-")
        one, other = course.find(first.strip()).number, course.find((last if dash else first).strip()).number
        if one > other:
            raise WorkbookError(f"--steps {part} is empty: {first} comes after {last}.")
        found |= set(range(one, other + 1))
    return [step for step in course.steps() if step.number in found]
