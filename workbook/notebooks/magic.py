"""`%%check 03`: the cell becomes the learner's file of a step, and the step's checker judges it on the spot."""

from __future__ import annotations

from typing import Any

from workbook.course import Step, WorkbookError, find
from workbook.notebooks import desk, errors
from workbook.notebooks.verdict import Verdict, check, command


def load(shell: Any) -> None:
    """Gives a shell the magic and errors without a framework's lines."""
    errors.install(shell)

    def run(line: str, cell: str) -> Verdict:
        verdict, text = judged(line, cell)
        if text:
            shell.set_next_input(text, replace=True)
        return verdict

    shell.register_magic_function(run, "cell", "check")


def judged(line: str, cell: str) -> tuple[Verdict, str]:
    """The verdict on a step, and what the cell should hold from now on; "" where it stays as it is.

    A cell with nothing but comments writes nothing: it gets the learner's file to edit. Raises WorkbookError.
    """
    words = line.split()
    if not 1 <= len(words) <= 2:
        raise WorkbookError("%%check needs the number of a step behind it, as in: %%check 3")
    step, named = find(words[0]), words[1] if len(words) == 2 else None
    if not all(not text.strip() or text.startswith("#") for text in cell.splitlines()):
        note, text = _save(step, desk.file_of(step, named), cell), ""
    elif named or len(desk.names(step)) == 1:
        name = desk.file_of(step, named)
        text = f"%%check {line.strip()}\n{desk.opened(step, name)}"
        note = f"steps/{step.slug}/{name} is as it was. Edit it in this cell, then run the cell again."
    else:
        first = desk.names(step)[-1]
        note, text = f"Your files are as they were. To edit one of them here: %%check {words[0]} {first}", ""
    return Verdict(check(step), note), text


def _save(step: Step, name: str, cell: str) -> str:
    place = f"steps/{step.slug}/{name}"
    if desk.content(step, name) == cell.encode():
        return f"{place} holds this cell already."
    if desk.changed_elsewhere(step, name):
        return (
            f"{place} was changed outside of this cell, so it is as it was. To get it into the cell, leave "
            "a comment alone here; to put the cell in its place all the same, run the cell once more."
        )
    desk.write(step, name, cell)
    return f"This cell is now {place}. To bring back what stood there: {command(step, 'undo')}"
