"""A step on the way from its starter to its solution: what its files look like with TODOs 1 to k solved.

Nothing is written down for it. Each line of a starter stands in its solution, in order, except a TODO's
comment and the lines that end in `# replace in TODO k`; what the solution has in their place is the TODO's
answer.
"""

import re
from dataclasses import dataclass
from pathlib import Path

TODO = re.compile(r"# (?:replace in )?TODO (\d+)")


class Drifted(Exception):
    """A starter and its solution do not belong together; the text says where, and the mend."""


@dataclass(frozen=True)
class Piece:
    """Lines of a starter and of its solution that stand for each other; `todo` is 0 where they are the same."""

    todo: int
    starter: list[str]
    solution: list[str]


def pieces(starter: str, solution: str) -> list[Piece]:
    """A starter and its solution side by side; raises Drifted."""
    slots = _slots(starter.splitlines())
    lines = solution.splitlines()
    fits = _fits(slots, lines)
    if not fits[0][0]:
        raise Drifted(
            f"The solution lacks a line of the starter, or has another before: {_lost(slots, lines)!r}"
        )
    found, at = [], 0
    for index, (todo, own) in enumerate(slots):
        end = at
        if todo:
            while not fits[index + 1][end]:
                end += 1
        else:
            end += 1
        found.append(Piece(todo, own, lines[at:end]))
        at = end
    return found


def _slots(lines: list[str]) -> list[tuple[int, list[str]]]:
    """A starter's lines: (0, [a line to keep]) or (k, [neighbouring lines that TODO k replaces])."""
    slots: list[tuple[int, list[str]]] = []
    for line in lines:
        mark = TODO.search(line)
        todo = int(mark[1]) if mark else 0
        before = slots[-1][0] if slots else 0
        if todo and todo == before:
            slots[-1][1].append(line)
        elif todo and before:
            raise Drifted(
                f"TODO {before} and TODO {todo} touch. Put a line between them that the solution has too."
            )
        else:
            slots.append((todo, [line]))
    return slots


def _fits(slots: list[tuple[int, list[str]]], lines: list[str]) -> list[list[bool]]:
    """fits[i][j]: whether the slots from i on can stand for the lines from j on."""
    fits = [[False] * (len(lines) + 1) for _ in range(len(slots) + 1)]
    fits[-1][-1] = True
    for i in reversed(range(len(slots))):
        todo, own = slots[i]
        for j in reversed(range(len(lines) + 1)):
            if todo:
                fits[i][j] = fits[i + 1][j] or (j < len(lines) and fits[i][j + 1])
            else:
                fits[i][j] = j < len(lines) and lines[j] == own[0] and fits[i + 1][j + 1]
    return fits


def _lost(slots: list[tuple[int, list[str]]], lines: list[str]) -> str:
    """The first line of a starter that cannot be found in its solution."""
    for end in range(1, len(slots) + 1):
        if not _fits([*slots[:end], (1, [])], lines)[0][0]:
            return slots[end - 1][1][0]
    return "(the solution goes on where the starter has no TODO)"


def programs(folder: Path) -> dict[str, str]:
    """The Python files of a starter or solution: {path in the folder: text}."""
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in sorted(folder.rglob("*.py"))}


def stage(starter: Path, solution: Path, done: int) -> dict[str, str]:
    """The files of a step with TODOs 1 to `done` solved; raises Drifted."""
    begun, whole = programs(starter), programs(solution)
    missing = sorted(whole.keys() - begun.keys())
    if missing:
        raise Drifted(f"The starter has no {missing[0]}. Give it the file, with its TODO.")
    files = {}
    for name, text in begun.items():
        if name not in whole:
            files[name] = text  # what a learner only reads or cuts from, such as the old app.py of step 10
            continue
        parts = pieces(text, whole[name])
        chosen = [line for part in parts for line in (part.solution if part.todo <= done else part.starter)]
        files[name] = "".join(f"{line}\n" for line in chosen)
    return files


def todos(starter: Path) -> list[int]:
    """The numbers of a starter's TODOs."""
    return sorted({int(number) for text in programs(starter).values() for number in TODO.findall(text)})
