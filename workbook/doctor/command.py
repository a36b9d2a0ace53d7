"""`learn.py doctor`. What it needs is imported when it is used: no other command waits for it."""

from __future__ import annotations

import sys

import click


@click.command()
def doctor() -> None:
    """Try this machine: does the workbook work here, and what could a submission do to it?"""
    from workbook.doctor import visit

    sys.exit(0 if visit.visit() else 1)
