"""The commands for those who write the workbook: its tests, its proof, a new step."""

from __future__ import annotations

import subprocess
import sys

import click

from workbook.course import ROOT

PARALLEL = ("-n", "2", "--dist", "worksteal")
PROOFS = (
    "test_programs", "test_mutants", "test_story", "test_house", "test_prose", "test_notebooks",
    "test_notebook_cells", "whole_grading",
)  # fmt: skip


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1)
def test(arguments: tuple[str, ...]) -> None:
    """Pass the workbook's own tests; ARGUMENTS go to pytest."""
    _pass(*(arguments or ("tests", *PARALLEL)))


@click.command()
def verify() -> None:
    """Prove that starters, solutions, checkers, hints and pages belong together; each message says the mend."""
    _pass(*(f"tests/{name}.py" for name in PROOFS), *PARALLEL)


def _pass(*arguments: str) -> None:
    """Runs pytest on the workbook itself and ends with 0 or 1."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", "--durations=10", *arguments]
    result = subprocess.run(command, cwd=ROOT, check=False)
    sys.exit(0 if result.returncode == 0 else 1)


@click.command()
@click.argument("slug", metavar="NN_SLUG")
def new(slug: str) -> None:
    """Write the files of a new step, for those who add one; NN_SLUG is like 18_likes."""
    from workbook.new import new_step

    for path in new_step(slug):
        click.echo(f"wrote {path.relative_to(ROOT)}")
    click.echo(
        f"\nIt asks for GET /api/{slug}, which nothing answers yet. Write the solution and then the TODOs;"
    )
    click.echo("CONTRIBUTING.md says what belongs where, and `learn.py test` what is missing.")
