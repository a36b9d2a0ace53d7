"""`learn.py doctor`: its words."""

from __future__ import annotations

import sys

import click

from workbook.checking import screen
from workbook.doctor import attacks, machine
from workbook.doctor.finding import Finding
from workbook.program import isolation

MEANS = {
    "sandbox": "A submission sees nothing of this machine but Python, in a room of its own.",
    "limits": "A submission runs with limits, but as a program of this machine.",
    "none": "A submission runs like any program of yours, with a deadline.",
}


@click.command()
def doctor() -> None:
    """Try this machine: does the workbook work here, and what could a submission do to it?"""
    click.echo("The workbook")
    works = True
    for finding in machine.findings():
        works &= finding.status != "failed"
        _show(finding)
    click.echo("\nGrading: what a submission may do. `grade` takes the first level that works.")
    safe = isolation.best()
    for level in isolation.LEVELS if safe == "none" else isolation.LEVELS[:-1]:
        works &= _try(level)
    sign = screen.sign("passed" if works else "failed")
    told = "The workbook works here." if works else "Something does not work: see the lines with a cross."
    click.echo(f"\n{sign} {told} Grading: {safe}.")
    sys.exit(0 if works else 1)


def _show(finding: Finding) -> None:
    click.echo(screen.wrapped(f"  {screen.sign(finding.status)} {finding.text}"))
    if finding.mend:
        click.echo(screen.wrapped(f"    {finding.mend}"))


def _try(level: str) -> bool:
    """Shows what gets through at a level; False where something does that the level promises to stop."""
    trouble = isolation.trouble(level)
    if trouble:
        _show(Finding("skipped", f"{level} does not work: {trouble}"))
        return True
    tried = list(attacks.run(level))
    through = [attack.tries for attack, got_through in tried if got_through]
    stopped = [attack.tries for attack, got_through in tried if not got_through]
    kept = level != "sandbox" or not through
    kept &= "go on after its end" not in through
    _show(Finding("passed" if kept else "failed", f"{level} works. {MEANS[level]}"))
    for word, what in (("cannot", stopped), ("CAN", through)):
        if what:
            click.echo(screen.wrapped(f"    it {word}: {', '.join(what)}"))
    if not kept:
        click.echo(screen.wrapped("    This level does not keep its promise here: do not grade strangers with it."))
    return kept
