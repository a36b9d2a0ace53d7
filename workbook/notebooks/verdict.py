"""A step's verdict below a cell: a table for a page, the terminal's own words for a text view."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from dataclasses import dataclass

import click

from workbook.checking import screen
from workbook.checking.results import Check, StepResult
from workbook.course import Step, WorkbookError

# Viewers take style sheets and scripts away from what they do not trust, and number columns stand to the right.
LEFT = 'style="text-align: left"'


def check(step: Step) -> StepResult:
    """What the step's checker says to the learner's files: `learn.py check` itself, in a process of its own.

    Raises WorkbookError where the checker could not be run.
    """
    main = step.root / "workbook" / "__main__.py"
    command = [sys.executable, "-I", "-X", "utf8", str(main), "check", step.slug, "--json"]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode not in (0, 1) or not done.stdout:
        raise WorkbookError(done.stderr.strip() or f"The checker of {step.slug} ended without a verdict.")
    told = json.loads(done.stdout)
    return StepResult(told["step"], checks=[Check(**one) for one in told["checks"]])


@dataclass(frozen=True)
class Verdict:
    """What a notebook shows of a step's result, and what became of the learner's file; the text is the terminal's."""

    result: StepResult
    note: str

    def __repr__(self) -> str:
        return click.unstyle(f"{self.note}\n\n{screen.step_screen(self.result)}")

    def _repr_html_(self) -> str:
        result = self.result
        failing = [check for check in result.checks if check.status in ("failed", "error")]
        title = html.escape(click.unstyle(screen.heading(result)))
        parts = [f"<p>{_code(self.note)}</p>", f"<p><b>{title}</b></p>"]
        if failing:
            parts.append(_first(failing[0]))
        else:
            parts += [f"<p>Better still: {html.escape(remark)}</p>" for remark in result.remarks]
        rows = "\n".join(_row(check) for check in result.checks)
        head = f"<tr><th {LEFT}>state</th><th {LEFT}>TODO</th><th {LEFT}>check</th></tr>"
        table = f"<table>\n<thead>{head}</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
        parts.append(f"<details><summary>All {len(result.checks)} checks</summary>\n{table}\n</details>")
        return "\n".join(parts)


def _first(check: Check) -> str:
    """The first failure whole."""
    said = {
        "sent": check.sent, "expected": check.expected, "got": check.got, "where": check.where, "next": check.hint,
    }  # fmt: skip
    rows = [("check", check.title), *((name, text) for name, text in said.items() if text)]
    cells = "\n".join(
        f"<tr><th {LEFT}>{name}</th><td {LEFT}>{html.escape(text)}</td></tr>" for name, text in rows
    )
    return f"<table>\n<tbody>\n{cells}\n</tbody>\n</table>"


def _row(check: Check) -> str:
    state = f"{screen.SIGNS[check.status]} {check.status}"
    cells = (state, str(check.todo or ""), html.escape(check.title))
    return f"<tr>{''.join(f'<td {LEFT}>{cell}</td>' for cell in cells)}</tr>"


def _code(note: str) -> str:
    """A note whose commands, which stand behind a colon, are shown as code."""
    before, colon, command = note.partition(": ")
    return html.escape(before) + (f": <code>{html.escape(command)}</code>" if colon else "")


def command(step: Step, name: str) -> str:
    """How a command for a step is typed in a terminal."""
    return f"{'py' if os.name == 'nt' else 'python3'} learn.py {name} {step.number}"
