"""The files of a new step, which begins where the step before it ends."""

from __future__ import annotations

import re
from pathlib import Path

from workbook.course import ROOT, Step, WorkbookError, steps
from workbook.learner import starters
from workbook.program import intake

TEMPLATES = Path(__file__).parent / "new_step"
PACKAGE = "social_api.app:create_app"


def new_step(slug: str, root: Path = ROOT) -> list[Path]:
    """Writes the files of a step and gives their paths; edits no file that is there.

    Its starter and its solution are the solution of the step before, and a TODO. Raises WorkbookError for
    a name that is no step's, and where the number is taken.
    """
    if not re.fullmatch(r"\d\d_[a-z][a-z0-9_]*", slug):
        raise WorkbookError(
            f"{slug!r} is no name of a step. Give two digits and a word in small letters, as in: 18_likes"
        )
    there = steps(root)
    step, before = Step(slug, root), [one for one in there if one.slug[:2] < slug[:2]]
    taken = [one.slug for one in there if one.slug[:2] == slug[:2]]
    if taken:
        raise WorkbookError(f"There is a step {taken[0]} already. Take a number that is free.")
    if not before:
        raise WorkbookError("A new step begins where another one ends. Take a number above 01.")
    files = _files(step, before[-1])
    for path in files:
        if path.exists():
            raise WorkbookError(f"{path.relative_to(root)} is there already. Move it away, then try again.")
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    starters.refresh(root)
    return list(files)


def _files(step: Step, before: Step) -> dict[Path, bytes]:
    """{path: content} of everything that a step needs."""
    program = intake.read(before.solution)
    main = min((name for name in program if name.endswith("app.py")), key=lambda name: name.count("/"))
    todo = b"# TODO 1: say here what to write, and move this line to where it is written\n"
    package = main != "app.py"
    words = {
        "slug": step.slug,
        "number": step.slug[:2],
        "bare": str(step.number),
        "before": str(before.number),
        "title": step.slug[3:].replace("_", " "),
        "main": main,
        "names": "target, todo" if package else "todo",
        "target": f'\npytestmark = target("{PACKAGE}")\n' if package else "",
    }

    def template(name: str) -> bytes:
        return (TEMPLATES / name).read_text("utf-8").format_map(words).encode()

    programs = step.root / "tests" / "programs" / step.slug
    return {
        step.checker: template("checker.txt"),
        step.folder / "README.md": template("README.md"),
        step.folder / "hints.md": template("hints.md"),
        step.root / "checks" / "questions" / f"{step.slug}.toml": template("question.toml"),
        programs / "wrong.toml": template("wrong.toml"),
        **{step.solution / name: content for name, content in program.items()},
        **{step.folder / name: content for name, content in program.items()},
        step.folder / main: todo + program[main],
    }
