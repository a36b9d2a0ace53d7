"""The rules that every notebook keeps; what breaks one is told with its mend."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from workbook.course import Step, steps
from workbook.learner.parts import OUTSIDE, parts
from workbook.notebooks import document
from workbook.program import intake

Rule = Callable[[Any, Path], Iterator[str]]
MOST_LINES, MOST_PICTURE, MOST_BYTES = 12, 20_000, 60_000
LEAST_PREDICTIONS = 3
SLOW = re.compile(r"\b(simply|just|easy|easily|obviously|of course)\b", re.IGNORECASE)


def broken(path: Path) -> list[str]:
    """One sentence for each rule that a notebook breaks, and how to mend it."""
    notebook = document.read(path)
    return [f"{path.stem}{told}" for rule in RULES for told in rule(notebook, path)]


def _code(notebook: Any) -> Iterator[tuple[int, Any]]:
    """(its number from 1 on, the cell) of each code cell."""
    return ((at, cell) for at, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code")


def _texts(notebook: Any) -> Iterator[tuple[int, str]]:
    """(number of the cell, text) of all that a reader sees but pictures: prose, code and outputs."""
    for at, cell in enumerate(notebook.cells, 1):
        yield at, cell.source
        for output in cell.get("outputs", []):
            yield from (
                (at, text) for name, text in output.get("data", {}).items() if not name.startswith("image/")
            )
            yield from ((at, text) for text in [output.get("text", ""), *output.get("traceback", [])])


def opens_and_closes(notebook: Any, path: Path) -> Iterator[str]:
    """The objectives stand first, and the recap, with as many points and the command to type, last."""
    first, last = notebook.cells[0], notebook.cells[-1]
    if first.cell_type != "markdown" or not re.search(r"^## You will", first.source, re.MULTILINE):
        yield ": the first cell holds no objectives. Begin them with the line: ## You will see"
    if last.cell_type != "markdown" or not re.search(r"^## Recap$", last.source, re.MULTILINE):
        yield ": the last cell holds no recap. Begin it with the line: ## Recap"
    points = [len(re.findall(r"^- ", cell.source, re.MULTILINE)) for cell in (first, last)]
    if points[0] != points[1] or not points[0]:
        yield f": {points[0]} objectives and {points[1]} points of the recap. Write one point for each objective."
    command = f"python3 learn.py check {int(path.stem[:2])}"
    if path.stem in {step.slug for step in steps()} and command not in last.source:
        yield f": the recap names no command. Write into it: {command}"


def prose_between(notebook: Any, path: Path) -> Iterator[str]:
    """Markdown stands between any two code cells."""
    for at, (cell, following) in enumerate(zip(notebook.cells, notebook.cells[1:], strict=False), 1):
        if cell.cell_type == following.cell_type == "code":
            yield f", cells {at} and {at + 1}: code follows code. Say between them what the reader will see."


def short_cells(notebook: Any, path: Path) -> Iterator[str]:
    """A code cell has at most 12 lines."""
    for at, cell in _code(notebook):
        if (lines := len(cell.source.splitlines())) > MOST_LINES:
            yield f", cell {at} has {lines} lines. Show one thing in at most {MOST_LINES}."


def predictions(notebook: Any, path: Path) -> Iterator[str]:
    """The reader predicts three results or more before seeing them."""
    asked = sum(len(re.findall(r"^predict\(", cell.source, re.MULTILINE)) for _, cell in _code(notebook))
    if asked < LEAST_PREDICTIONS:
        yield f" has {asked} predictions. Ask at least {LEAST_PREDICTIONS}: predict(question, choices, answer)"


def deliberate_error(notebook: Any, path: Path) -> Iterator[str]:
    """One error or more is shown as a reader would meet it."""
    if not any("raises-exception" in cell.metadata.get("tags", []) for _, cell in _code(notebook)):
        yield " shows no error. Let a cell raise one of mistakes that learners make, with the tag raises-exception."


def your_turn(notebook: Any, path: Path) -> Iterator[str]:
    """The reader writes the step's file in a cell that the checker judges."""
    if path.stem not in {step.slug for step in steps()}:
        return
    turn = f"%%check {path.stem[:2]}"
    found = [cell.source.splitlines() for _, cell in _code(notebook) if cell.source.startswith(turn)]
    if not found:
        yield f" has no cell for the reader's turn. Add one that begins with: {turn}"
    elif any(not line.startswith("#") for lines in found for line in lines[1:]):
        yield f": the cell {turn} holds code. Leave a comment in it alone: the reader's file appears there."


def harmless_cells(notebook: Any, path: Path) -> Iterator[str]:
    """No cell starts a server that never ends, or takes a port that may be taken."""
    for at, cell in _code(notebook):
        if re.search(r"\bapp\.run\(|\.serve_forever\(\)$", cell.source, re.MULTILINE):
            yield f", cell {at} never ends: it runs a server. Use app.test_client(), or a server in a thread."
        if re.search(r"port\s*=\s*[1-9]|make_server\([^)]*,\s*[1-9]", cell.source):
            yield f", cell {at} takes a fixed port. Give make_server the port 0 and ask it for its number."


def seen_everywhere(notebook: Any, path: Path) -> Iterator[str]:
    """Nothing that a web view leaves out, and nothing that changes from run to run or belongs to one machine."""
    for at, text in _texts(notebook):
        if found := re.search(r"```mermaid|<(svg|iframe|script|style)\b", text, re.IGNORECASE):
            yield f", cell {at} holds {found[0]}, which web views leave out. Draw with box-drawing characters."
        if found := re.search(r"\b0x[0-9a-f]{6,}", text):
            yield f", cell {at} shows the memory address {found[0]}. Print what matters of the object."
        if found := re.search(r"(/tmp|/home|/root|/Users|site-packages|[A-Z]:\\)[/\\]?\w*", text):
            yield f", cell {at} shows {found[0]}, a path of one machine. Print a file's name alone."


def plain_words(notebook: Any, path: Path) -> Iterator[str]:
    """No word that makes a reader feel slow."""
    for at, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "markdown" and (found := SLOW.search(cell.source)):
            yield f", cell {at} says {found[0]!r}. Leave the word out."


def helpers_alone(notebook: Any, path: Path) -> Iterator[str]:
    """Of the workbook a cell imports the helpers, and nothing that a reader could not use elsewhere."""
    for at, cell in _code(notebook):
        for name in re.findall(
            r"^\s*(?:from|import) ((?:workbook|checks|tests|solutions)\b\S*)", cell.source, re.M
        ):
            if name != "workbook.notebooks":
                yield f", cell {at} imports {name}. Use what workbook.notebooks gives."


def links_lead_somewhere(notebook: Any, path: Path) -> Iterator[str]:
    """A link leads to another notebook or into the web: a reader's copy has nothing else beside it."""
    for at, cell in enumerate(notebook.cells, 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", cell.source) if cell.cell_type == "markdown" else ():
            if not re.match(r"https?:|#", target) and not (path.parent / target).is_file():
                yield f", cell {at} leads to {target}, which is not beside it. Write the path as text."


def small(notebook: Any, path: Path) -> Iterator[str]:
    """A picture has at most 20 KB, a notebook 60 KB."""
    for at, cell in _code(notebook):
        for output in cell.outputs:
            size = len(base64.b64decode(output.get("data", {}).get("image/png", "")))
            if size > MOST_PICTURE:
                yield f", cell {at} has a picture of {size:,} bytes. Make it smaller, or give it fewer colours."
    if (size := path.stat().st_size) > MOST_BYTES:
        yield f" has {size:,} bytes. Shorten its outputs: at most {MOST_BYTES:,}."


def one_truth(notebook: Any, path: Path) -> Iterator[str]:
    """What has the name of a function of the step's solution does the same."""
    step = Step(path.stem)
    known = {part.name: part for part in parts(intake.read(step.solution))} if step.solution.is_dir() else {}
    for at, cell in _code(notebook):
        for part in parts({"cell.py": cell.source.encode()}):
            if part.name in known and part.name != OUTSIDE and part.means != known[part.name].means:
                yield (
                    f", cell {at}: {part.name} is not as in solutions/{step.slug}. Make it equal, "
                    f'show it with show("{step.slug}", "{part.name}"), or give it another name.'
                )


RULES: list[Rule] = [
    opens_and_closes, prose_between, short_cells, predictions, deliberate_error, your_turn, harmless_cells,
    seen_everywhere, plain_words, helpers_alone, links_lead_somewhere, small, one_truth,
]  # fmt: skip
