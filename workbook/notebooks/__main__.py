"""`python3 -m workbook.notebooks [--write] [NAMES]`: proves the notebooks, for those who write them."""

from __future__ import annotations

import sys
import textwrap

import click

from workbook.course import WorkbookError
from workbook.notebooks import document, prove, rules


@click.command()
@click.argument("names", nargs=-1)
@click.option("--write", is_flag=True, help="Save the outputs of this run.")
def main(names: tuple[str, ...], write: bool) -> None:
    """Run the notebooks in real kernels and compare every saved output with the new one."""
    chosen = {path: prove.lacking(path) for path in prove.choose(names, document.notebooks())}
    proofs = prove.prove([path for path, why in chosen.items() if not why])
    changed = prove.write(proofs) if write else []
    broken = 0
    for proof in proofs:
        trouble = proof.error if write else proof.trouble
        wrong = [*([trouble] if trouble else []), *rules.broken(proof.path)]
        state = "wrong" if wrong else "written" if proof.path in changed else "true"
        click.echo(f"{proof.path.stem:<16} {state:<8} {proof.seconds:.1f} s")
        for text in wrong:
            click.echo(textwrap.indent(text, "  "))
        broken += bool(wrong)
    for path, why in chosen.items():
        if why:
            click.echo(f"{path.stem:<16} skipped  {why}")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    try:
        main()
    except WorkbookError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
