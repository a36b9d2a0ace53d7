"""What a cell of a notebook uses: a prediction, a solution's code, its running program."""

from __future__ import annotations

import html
import importlib
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from workbook.course import Step, WorkbookError, find
from workbook.learner.parts import parts
from workbook.program import intake

_loaded: list[tempfile.TemporaryDirectory[str]] = []


@dataclass(frozen=True)
class Prediction:
    """A question with closed choices; its answer stays folded away until the reader opens it."""

    question: str
    choices: tuple[str, ...]
    answer: str

    def __repr__(self) -> str:
        return f"Predict: {self.question}\n  {'   '.join(self.choices)}\nThe answer, once you chose: _.answer"

    def _repr_html_(self) -> str:
        choices = "".join(f"<li>{_marked(choice)}</li>" for choice in self.choices)
        return (
            f"<p><b>Predict:</b> {_marked(self.question)}</p>\n<ul>{choices}</ul>\n"
            f"<details><summary>Show the answer</summary><p>{_marked(self.answer)}</p></details>"
        )


def predict(question: str, choices: Sequence[str], answer: object) -> Prediction:
    """A question whose right choice is what the code gave; text in backticks is shown as code.

    Raises WorkbookError where `answer`, as text, is none of the choices.
    """
    if str(answer) not in choices:
        raise WorkbookError(
            f"The code gave {str(answer)!r}, which is none of the choices {', '.join(choices)}. "
            "Mend the choices, or the code that finds the answer."
        )
    return Prediction(question, tuple(choices), str(answer))


def _marked(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))


@dataclass(frozen=True)
class Shown:
    """A piece of a solution; Markdown, so that every viewer highlights it in its own colours."""

    place: str
    code: str

    def __repr__(self) -> str:
        return f"# {self.place}\n{self.code}"

    def _repr_markdown_(self) -> str:
        return f"`{self.place}`:\n\n```python\n{self.code}\n```"


def show(slug: str, name: str) -> Shown:
    """The function or class with this name, from the solution of a step; raises WorkbookError without one."""
    step = _step(slug)
    found = [part for part in parts(intake.read(step.solution)) if part.name == name]
    if len(found) != 1:
        many = "no" if not found else "more than one"
        raise WorkbookError(f"solutions/{step.slug} has {many} function or class {name!r}. Name another.")
    return Shown(f"solutions/{step.slug}/{found[0].file}", found[0].text.strip())


def solution(slug: str) -> ModuleType:
    """The module with the app of a step's solution, freshly loaded: nothing of an earlier load is in it.

    It runs from a copy in a temporary folder, where its database file is made too. Raises WorkbookError.
    """
    step = _step(slug)
    folder = tempfile.TemporaryDirectory(prefix="workbook-notebook-", ignore_cleanup_errors=True)
    _loaded.append(folder)
    place = Path(folder.name) / step.slug
    shutil.copytree(step.solution, place, ignore=shutil.ignore_patterns("__pycache__", "instance"))
    old = {Path(one.name) for one in _loaded}
    for name, module in list(sys.modules.items()):
        if old & set(Path(getattr(module, "__file__", None) or "/").parents):
            del sys.modules[name]
    target = "app" if (place / "app.py").is_file() else "social_api.app"
    sys.path.insert(0, str(place))
    try:
        return importlib.import_module(target)
    finally:
        sys.path.remove(str(place))


def _step(slug: str) -> Step:
    step = find(slug)
    if not step.solution.is_dir():
        raise WorkbookError(f"There is no folder solutions/{step.slug}. Name a step that has a solution.")
    return step
