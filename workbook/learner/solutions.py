"""`solution`: the learner's program beside the reference, and a question about it."""

from __future__ import annotations

import sys

import click

from workbook.checking import screen
from workbook.course import Step
from workbook.learner import compare, question
from workbook.learner.parts import parts
from workbook.program import intake


def not_yet(again: str) -> str:
    """Why the reference is not shown, and how it would be."""
    return "You see the reference once all checks pass.\n" + screen.wrapped(
        f"To see it before: {again} --spoil"
    )


def shown(step: Step, files: dict[str, bytes]) -> str:
    """The comparison of a learner's files ({relative path: content}) with the reference of the step."""
    reference = intake.read(step.solution)
    title = click.style(f"Step {step.slug}: steps/{step.slug} beside solutions/{step.slug}", bold=True)
    text = compare.shown(compare.compare(parts(files), parts(reference)))
    unreadable = [
        name
        for name in files
        if name.endswith(".py") and files[name].strip() and not parts({name: files[name]})
    ]
    if unreadable:
        text = (
            screen.wrapped(f"Python cannot read {', '.join(unreadable)}, so it is left out.") + f"\n\n{text}"
        )
    return f"{title}\n\n{text}"


def ask(step: Step) -> None:
    """Puts the step's question, waits for a key where there is a terminal, and tells what the program did."""
    asked = question.question_of(step)
    truth = asked and question.find_out(step, asked)
    if not asked or not truth:
        return
    offered = question.choices(asked, truth)
    click.echo("\n" + click.style("A question about your program, for you alone:", bold=True))
    click.echo(question.asked(asked, offered))
    chosen = None
    if sys.stdin.isatty() and sys.stdout.isatty():
        click.echo(f"Press {', '.join(offered)}; any other key shows the answer.")
        try:
            chosen = offered.get(click.getchar().lower())
        except (KeyboardInterrupt, EOFError):
            click.echo()
            return
    click.echo(f"\n{question.told(asked, truth, chosen)}")
