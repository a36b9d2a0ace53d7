"""`learn.py export`: what `grade` found, in the file that a learning platform imports."""

from __future__ import annotations

import itertools
from pathlib import Path

import click

from workbook.checking import screen
from workbook.course import WorkbookError
from workbook.learner.store import write

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@click.command()
@click.argument("format", type=click.Choice(["canvas", "moodle", "gradescope", "csv"]))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write."
)
@click.option("--template", type=click.Path(path_type=Path), help="The file of your platform to fill in.")
@click.option("--delimiter", type=click.Choice(list(_DELIMITERS)), help="Between the cells of csv.")
@click.option(
    "--bom", is_flag=True, help="Begin csv and moodle files with the sign by which Excel knows UTF-8."
)
def export(
    format: str, folder: Path, out: Path, template: Path | None, delimiter: str | None, bom: bool
) -> None:
    """Write the grades in DIR, which `learn.py grade` made, as a file for a learning platform.

    canvas and moodle fill in the file that you name with --template; the template itself stays as it is.
    """
    # no other command has to wait for what these import
    from workbook.grading import canvas, dialect, gradescope, marks, moodle

    for option, given, formats in (
        ("--template", template, ("canvas", "moodle")),
        ("--delimiter", delimiter, ("csv",)),
        ("--bom", bom, ("csv",) if template else ("csv", "moodle")),
    ):
        if given and format not in formats:
            raise WorkbookError(f"{option} is for {' and '.join(formats)}; leave it out here.")
    found = marks.read(folder)
    for source in (template, folder / marks.GRADEBOOK):
        if source and out.exists() and source.exists() and out.samefile(source):
            raise WorkbookError(
                f"--out {out} is the file that is read. Name another one, so that it stays as it is."
            )
    if format == "canvas":
        content, said = canvas.fill(template, found)
    elif format == "moodle":
        content, said = moodle.export(template, found, bom=bom)
    elif format == "gradescope":
        content, said = gradescope.export(out, found)
    else:
        content, said = dialect.translated(marks.table(folder), _DELIMITERS[delimiter or "comma"], bom), []
    kept = _keep(out)
    write(out, content)
    for sentence in said:
        click.echo(screen.wrapped(sentence))
    if kept:
        click.echo(screen.wrapped(f"What {out.name} held before is kept in {kept.name}."))
    click.echo(screen.wrapped(f"Written: {out}"))


def _keep(out: Path) -> Path | None:
    """Copies the file that is about to be replaced to FILE.bak, or FILE.bak2 and on; None where there is none."""
    if not out.exists():
        return None
    names = (f"{out.name}.bak{count if count > 1 else ''}" for count in itertools.count(1))
    kept = next(path for path in map(out.with_name, names) if not path.exists())
    try:
        content = out.read_bytes()
    except OSError as error:
        raise WorkbookError(
            f"{out} is there and cannot be kept: {error.strerror or error}. Give --out another name."
        ) from None
    write(kept, content)
    return kept
