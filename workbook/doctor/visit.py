"""What the doctor says: each finding with its mend, then what a submission may do at each level."""

from __future__ import annotations

import textwrap

import click

from workbook.checking import screen
from workbook.doctor import attacks, machine
from workbook.doctor.finding import Finding
from workbook.program import isolation

MEANS = {
    "sandbox": "a submission sees nothing of this machine but Python",
    "limits": "a submission runs with limits, among your own programs",
    "none": "a submission runs like any program of yours, with a deadline",
}


def visit() -> bool:
    """Tries everything and says so; whether the workbook works and each level keeps its promise."""
    works = True
    click.echo("The workbook")
    for finding in machine.findings():
        works &= finding.status != "failed"
        show(finding)
    best = isolation.best()
    click.echo("\nGrading strangers' programs")
    for level in isolation.LEVELS if best == "none" else isolation.LEVELS[:-1]:
        works &= _try(level)
    told = "The workbook works here" if works else "Not everything works: see the lines with a cross"
    told += f"; `grade` would use the isolation {best}."
    click.echo()
    show(Finding("passed" if works else "failed", told))
    return works


def show(finding: Finding) -> None:
    """A finding and its mend, indented."""
    sign = screen.SIGNS[finding.status]
    click.echo(_wrapped(f"{sign} {finding.text}", "  ").replace(sign, screen.sign(finding.status), 1))
    if finding.mend:
        click.echo(_wrapped(finding.mend, "    "))


def _wrapped(text: str, indent: str) -> str:
    lines = textwrap.wrap(
        text, screen.width(), initial_indent=indent, subsequent_indent="    ", break_on_hyphens=False
    )
    return "\n".join(lines)


def _try(level: str) -> bool:
    """Shows what gets through at a level; False where something does that the level promises to stop."""
    trouble = isolation.trouble(level)
    if trouble:
        show(Finding("skipped", f"{level} does not work here: {trouble}"))
        return True
    tried = [(attack, through) for attack, through in attacks.run(level)]
    kept = all(level not in attack.stopped_by for attack, through in tried if through)
    show(Finding("passed" if kept else "failed", f"{level} works: {MEANS[level]}"))
    for attack, through in tried:
        click.echo(f"      {'GOT THROUGH' if through else 'stopped    '}  {attack.tries}")
    if not kept:
        click.echo(_wrapped("This level does not keep its promise. Do not grade strangers with it.", "    "))
    return kept
