"""The commands of learn.py, one small function each."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from workbook import course
from workbook.checking import screen
from workbook.checking.results import StepResult, status_of
from workbook.checking.run import Exam, examine
from workbook.course import Step, WorkbookError
from workbook.doctor.command import doctor
from workbook.grading.commands import grade
from workbook.grading.export import export
from workbook.learner import hints, keep, news, read, serve, watch_words
from workbook.learner import watch as watching
from workbook.learner.pages import Pages
from workbook.maintain import new, test, verify
from workbook.program import intake
from workbook.program.hosts import modules_for


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """A workbook in which you build a social media API with Flask. Without a command: where you are."""
    # https://no-color.org: set and not empty
    context.color = False if os.environ.get("NO_COLOR") else None
    if context.invoked_subcommand is None:
        overview()


def command(step: Step, name: str = "check") -> str:
    """How the learner types a command for a step."""
    python = "py" if os.name == "nt" else "python3"
    return f"{python} learn.py {name} {step.number}"


def overview() -> None:
    """All steps with their state, and the first unfinished one with what to do next."""
    steps = course.steps()
    results = examine(steps, lambda exam: _up_to_the_first_unfinished(exam, steps))
    here = steps[len(results) - 1]
    finished = sum(result.status != "failed" for result in results)
    click.echo(screen.bar(finished, len(steps)))
    for step, result in zip(steps, [*results, *[None] * len(steps)], strict=False):
        click.echo(f"  {state_line(step, result)}")
    click.echo()
    if changed := news.latest(steps):
        click.echo(f"{news.shown(changed)}\n")
    if finished == len(steps):
        click.echo("Every step is finished.")
        return
    click.echo(f"Next: edit {here.edited()}, then type: {command(here)}")
    click.echo(f"What to do stands in steps/{here.slug}/README.md. A hint: {command(here, 'hint')}")
    click.echo()
    click.echo(screen.step_screen(results[-1]))


def _up_to_the_first_unfinished(exam: Exam, steps: list[Step]) -> list[StepResult]:
    results = []
    for step in steps:
        results.append(exam.check(step, intake.read(step.folder)))
        if results[-1].status == "failed":
            break
    return results


def state_line(step: Step, result: StepResult | None) -> str:
    """A step with its state in symbol and word; a step that was not checked has none."""
    if result is None:
        return f"· {step.slug}"
    word = {"passed": "finished", "incomplete": "finished, some not tried", "failed": "not finished"}[
        result.status
    ]
    sign = screen.sign({"incomplete": "skipped"}.get(result.status, result.status))
    return f"{sign} {step.slug:<16} {word}, {result.passed} of {len(result.checks)} checks pass"


@cli.command()
@click.argument("step", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON and nothing else.")
@click.option("--plain", is_flag=True, help="Plain lines, without colour.")
@click.option("--program", type=click.Path(path_type=Path), help="Check the program in this folder instead.")
@click.option("--checks", type=click.Path(path_type=Path), help="Add the checkers in this folder.")
@click.option("--all", "everything", is_flag=True, help="Check all steps.")
@click.pass_context
def check(
    context: click.Context,
    step: str | None,
    as_json: bool,
    plain: bool,
    program: Path | None,
    checks: Path | None,
    everything: bool,
) -> None:
    """Run a step's checker; STEP is 3, 03 or 03_users. Without STEP: the first unfinished one.

    With --all, the folder of --program may hold one folder a step, named like the step.
    """
    if plain:
        context.color = False
    if program and not step and not everything:
        raise WorkbookError("Say which step the program belongs to, as in: learn.py check 3 --program DIR")
    chosen = [course.find(step)] if step else course.steps()
    # read before anything starts, so that a folder that is not there is told at once
    sources = {one.slug: _source(one, program) for one in chosen}
    files = {slug: intake.read(folder) for slug, folder in sources.items()}

    def judge(exam: Exam) -> list[StepResult]:
        results = []
        for one in chosen:
            result = exam.check(one, files[one.slug])
            results.append(result)
            if everything and not as_json:
                click.echo(screen.step_screen(result) + "\n")
            if not everything and result.status == "failed":
                break
        return results

    every_file = {f"{slug}/{name}": content for slug in files for name, content in files[slug].items()}
    results = examine(chosen, judge, checks=checks, modules=modules_for(every_file))
    if not everything:
        results = results[-1:]
    if as_json:
        click.echo(json.dumps(_as_json(results, everything), ensure_ascii=False, indent=2))
    elif not everything:
        click.echo(screen.step_screen(results[0]))
        if results[0].status != "failed" and not program:
            here = course.find(results[0].step)
            following = watch_words.following(here)
            click.echo(watch_words.finished(here, results[0], command(following) if following else None))
    sys.exit(1 if status_of(results) == "failed" else 0)


def _source(step: Step, program: Path | None) -> Path:
    """The folder of a step's program."""
    if program is None:
        return step.folder
    return program / step.slug if (program / step.slug).is_dir() else program


def _as_json(results: list[StepResult], everything: bool) -> dict[str, Any]:
    """What --json prints, schema 1."""
    objects = [result.to_json() for result in results]
    return {"schema": 1, "status": status_of(results), "steps": objects} if everything else objects[0]


@cli.command("list")
def list_steps() -> None:
    """The steps with their state."""
    steps = course.steps()

    def show(exam: Exam) -> None:
        for step in steps:
            click.echo(state_line(step, exam.check(step, intake.read(step.folder))))

    examine(steps, show)


@cli.command()
@click.argument("step", required=False)
def hint(step: str | None) -> None:
    """The next hint of the first TODO that is not done; STEP is the first unfinished one if you give none."""
    chosen = [course.find(step)] if step else course.steps()
    result = examine(chosen, lambda exam: _up_to_the_first_unfinished(exam, chosen)[-1])
    one = course.find(result.step)
    if result.status != "failed":
        click.echo(f"{screen.heading(result)}\nAll hints of the step:\n")
        for todo, ladder in hints.ladders(one).items():
            click.echo(screen.ladder(todo, ladder))
        return
    todo = hints.todo_of(one, result)
    if not todo:
        click.echo(screen.step_screen(result))
        return
    rung, ladder = hints.next_rung(one, todo)
    click.echo(f"{screen.heading(result)}\n")
    click.echo(screen.ladder(todo, ladder[:rung]))
    left = len(ladder) - rung
    more = f"{left} more: {command(one, 'hint')}" if left else "That was the last one."
    click.echo(f"{more} · Then: {command(one)}")


@cli.command()
@click.argument("step", required=False)
@click.option("--plain", is_flag=True, help="Plain lines, without colour and keys.")
@click.pass_context
def watch(context: click.Context, step: str | None, plain: bool) -> None:
    """Check a step again at every save; STEP is the first unfinished one if you give none."""
    chosen = [course.find(step)] if step else course.steps()
    if not step:
        last = examine(chosen, lambda exam: _up_to_the_first_unfinished(exam, chosen)[-1])
        chosen = [course.find(last.step)]
    colour = not plain and context.find_root().color is not False
    watching.watch(chosen[0], Pages(command, state_line, plain=plain, colour=colour))


@cli.command()
@click.argument("step")
def run(step: str) -> None:
    """Serve your program of a step on http://localhost:5001, with Flask's own debug server."""
    one = course.find(step)
    if serve.taken():
        raise WorkbookError(
            f"Port {serve.PORT} is taken, perhaps by a server of yours in another terminal. "
            "Stop that one with Ctrl-C, then try again."
        )
    click.echo(f"Flask serves {one.slug} on http://localhost:{serve.PORT} · Ctrl-C stops it")
    sys.exit(serve.serve(one.folder))


@cli.command()
@click.argument("step")
def reset(step: str) -> None:
    """The starter again. Your work is kept under .workbook, with its date."""
    one = course.find(step)
    click.echo(keep.after_reset(one, keep.reset(one), command(one, "undo")))


@cli.command()
@click.argument("step", required=False)
@click.option("--list", "listed", is_flag=True, help="Show what was kept, with its numbers.")
@click.option("--number", type=int, help="Bring back what was kept under this number, not the last.")
def undo(step: str | None, listed: bool, number: int | None) -> None:
    """Bring back what the last reset or undo replaced, of STEP or of all steps."""
    one = course.find(step) if step else None
    if listed:
        click.echo(keep.listing(keep.kept_of(one) if one else keep.all_kept()))
        return
    chosen = keep.choose(one, number)
    one = one or course.find(chosen.slug)
    click.echo(keep.after_undo(one, chosen, keep.undo(one, chosen), command(one, "undo")))


@cli.command()
@click.argument("step")
@click.option("--spoil", is_flag=True, help="Show the reference before the step passes.")
@click.option("--plain", is_flag=True, help="Plain lines, without colour.")
@click.pass_context
def solution(context: click.Context, step: str, spoil: bool, plain: bool) -> None:
    """Your program beside the reference, once the step passes."""
    from workbook.learner import solutions  # no other command has to wait for what it imports

    if plain:
        context.color = False
    one = course.find(step)
    files = intake.read(one.folder)
    result = examine([one], lambda exam: exam.check(one, files), modules=modules_for(files))
    passed = result.status != "failed"
    if not passed and not spoil:
        click.echo(f"{screen.heading(result)}\n\n{solutions.not_yet(command(one, 'solution'))}")
        sys.exit(1)
    click.echo(solutions.shown(one, files))
    if passed:
        solutions.ask(one)


@cli.command("read")
@click.argument("step", required=False)
def read_notebook(step: str | None) -> None:
    """Open a step's notebook in Jupyter; STEP is the first unfinished one if you give none. 17 is on data."""
    chosen = [read.find(step)] if step else course.steps()
    if not step:
        last = examine(chosen, lambda exam: _up_to_the_first_unfinished(exam, chosen)[-1])
        chosen = [course.find(last.step)]
    path, browser = read.notebook_of(chosen[0]), read.has_browser()
    click.echo(screen.wrapped(read.announcement(path, browser)))
    sys.exit(read.open_in_jupyter(path, browser))


for one in (doctor, grade, export, new, test, verify):
    cli.add_command(one)


def main() -> None:
    """Runs the command line; what the user can mend is one sentence and exit status 2."""
    try:
        cli(prog_name="learn.py")
    except WorkbookError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
