"""The commands of learn.py, one small function each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from workbook import course
from workbook.course import ROOT, Step, WorkbookError


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """A workbook in which you build a social media API with Flask. Without a command: where you are."""
    if context.invoked_subcommand is None:
        overview()


def command(step: Step, name: str = "check") -> str:
    """How the learner types a command for a step."""
    python = "py" if os.name == "nt" else "python3"
    return f"{python} learn.py {name} {step.number}"


def overview() -> None:
    """Checks the steps from the first on, until one is not finished, and says what to do next."""
    from workbook.checking.screen import bar, step_screen

    steps = course.steps()
    for index, step in enumerate(steps):
        result = examine(step)
        if result.status == "failed":
            click.echo(bar(index, len(steps)))
            click.echo()
            click.echo(f"Next: step {step.slug}. Edit steps/{step.slug}/app.py, then: {command(step)}")
            click.echo()
            click.echo(step_screen(result, None))
            return
        click.echo(f"✓ {step.slug}: {result.passed} of {len(result.checks)} checks pass")
    click.echo(bar(len(steps), len(steps)))
    click.echo("Every step is finished.")


def examine(step: Step, program: Path | None = None) -> Any:
    """The result of a step's checks."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    from workbook.checking.plugin import run

    if program is not None and not program.is_dir():
        raise WorkbookError(f"There is no folder {str(program)!r}. Name the folder that holds the program.")
    return run(step.checker, program)


@cli.command()
@click.argument("step", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON and nothing else.")
@click.option("--plain", is_flag=True, help="Plain lines, without colour.")
@click.option("--program", type=click.Path(path_type=Path), help="Check the program in this folder instead.")
@click.option("--all", "everything", is_flag=True, help="Check all steps.")
def check(step: str | None, as_json: bool, plain: bool, program: Path | None, everything: bool) -> None:
    """Run a step's checker; STEP is 3, 03 or 03_users. Without STEP: the first unfinished one."""
    from workbook.checking.screen import step_screen

    chosen = course.steps() if everything or not step else [course.find(step)]
    results = []
    for one in chosen:
        results.append(examine(one, program))
        if not everything and results[-1].status == "failed":
            break
    if not everything:
        results = results[-1:]
    failed = any(result.status == "failed" for result in results)
    if as_json:
        objects = [result.to_json() for result in results]
        status = (
            "failed" if failed else "incomplete" if any(r.status != "passed" for r in results) else "passed"
        )
        whole = {"schema": 1, "status": status, "steps": objects} if everything else objects[0]
        click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        for one, result in zip(
            chosen if everything else [course.find(results[0].step)], results, strict=True
        ):
            click.echo(step_screen(result, command(one)))
    sys.exit(1 if failed else 0)


@cli.command("list")
def list_steps() -> None:
    """The steps with their state."""
    for step in course.steps():
        result = examine(step)
        sign = {"passed": "✓", "failed": "·", "incomplete": "?"}[result.status]
        click.echo(f"{sign} {step.slug:<16} {result.passed} of {len(result.checks)} checks pass")


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1)
def test(arguments: tuple[str, ...]) -> None:
    """Pass the workbook's own tests; ARGUMENTS go to pytest."""
    which = arguments or ("tests",)
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", *which], cwd=ROOT, check=False
    )
    sys.exit(0 if result.returncode == 0 else 1)


def main() -> None:
    """Runs the command line; what the user can mend is one sentence and exit status 2."""
    try:
        cli(prog_name="learn.py")
    except WorkbookError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
