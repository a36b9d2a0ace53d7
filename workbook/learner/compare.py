"""A learner's program beside the reference, part by part: which parts belong together, and how they differ."""

from __future__ import annotations

import difflib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import click

from workbook.checking import screen
from workbook.learner.parts import OUTSIDE, Part

if TYPE_CHECKING:  # every command would wait for it, and this one alone needs it
    from rich.console import Console
    from rich.text import Text

ALIKE = 0.6  # two parts with other names are taken for the same one above it
AROUND = 3  # lines shown around each difference


@dataclass(frozen=True)
class Comparison:
    """Pairs (learner's, reference's) in the reference's order, and the parts that one side alone has."""

    same: list[tuple[Part, Part]]
    different: list[tuple[Part, Part]]
    yours: list[Part]
    reference: list[Part]


def compare(yours: list[Part], reference: list[Part]) -> Comparison:
    """Finds the part of each side that belongs to one of the other: by route, by name, by likeness."""
    pairs: dict[Part, Part] = {}
    left = list(yours)

    def pair(fits: Callable[[Part, Part], object]) -> None:
        for part in reference:
            other = next((mine for mine in left if fits(mine, part)), None)
            if part not in pairs and other:
                pairs[part] = other
                left.remove(other)

    pair(lambda mine, part: part.route and mine.route == part.route and mine.file == part.file)
    pair(lambda mine, part: part.route and mine.route == part.route)
    pair(lambda mine, part: mine.name == part.name and mine.file == part.file)
    pair(lambda mine, part: mine.name == part.name != OUTSIDE)
    pair(lambda mine, part: OUTSIDE not in (mine.name, part.name) and _likeness(mine, part) > ALIKE)
    ordered = [(pairs[part], part) for part in reference if part in pairs]
    return Comparison(
        [(mine, part) for mine, part in ordered if mine.means == part.means],
        [(mine, part) for mine, part in ordered if mine.means != part.means],
        left,
        [part for part in reference if part not in pairs],
    )


def _likeness(one: Part, other: Part) -> float:
    """From 0 to 1: how much of two parts' words is the same, in the same order."""
    matcher = difflib.SequenceMatcher(a=one.words, b=other.words, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > ALIKE else 0.0


def shown(compared: Comparison) -> str:
    """The comparison for a terminal of `screen.width()` columns."""
    blocks = [_block(part, mine) for mine, part in compared.different]
    blocks += [_block(part, None) for part in compared.reference]
    if blocks:
        blocks.insert(0, screen.wrapped("Lines with - are yours, lines with + the reference's."))
    else:
        blocks.append("Your program says what the reference says, part by part.")
    if compared.same and blocks[1:]:
        blocks.append(screen.wrapped(f"The same in both: {_names([part for _, part in compared.same])}."))
    if compared.yours:
        blocks.append(screen.wrapped(f"Only in yours: {_names(compared.yours)}."))
    return "\n\n".join(blocks)


def _names(parts: list[Part]) -> str:
    """Parts by name; those without a name by their file."""
    return ", ".join(f"{part.file} {OUTSIDE}" if part.name == OUTSIDE else part.name for part in parts)


def _block(part: Part, mine: Part | None) -> str:
    """A part of the reference with the reasons that it gives, and the lines in which yours differs."""
    title = f"{part.file} {OUTSIDE}" if part.name == OUTSIDE else part.name
    if part.route:
        title += f", {part.route}"
    place = f"yours: {mine.file}:{mine.line}" if mine else "not in yours"
    place = screen.wrapped(f"{place} · reference: {part.file}:{part.line}")
    lines = [click.style(screen.wrapped(title), bold=True), click.style(place, dim=True)]
    if mine:
        lines += [screen.wrapped(sentence) for sentence in _why(part, mine)]
    return "\n".join([*lines, "", *_difference(mine.text if mine else "", part.text)])


def _why(part: Part, mine: Part) -> Iterator[str]:
    """What the part is for, why the reference has what yours has not, and which calls one side alone has."""
    if part.docstring:
        yield f"What it does: {part.docstring.splitlines()[0]}"
    for comment in part.comments:
        if comment not in mine.comments:
            yield f"Why so: {comment.rstrip('.')}."
    for who, names in (("the reference", part.uses - mine.uses), ("yours", mine.uses - part.uses)):
        if names:
            yield f"Only {who} calls: {', '.join(sorted(names))}."


def _difference(mine: str, reference: str) -> Iterator[str]:
    """The lines of both, coloured as Python, with a sign where one side alone has them."""
    from rich.syntax import Syntax

    sides = [
        Syntax("", "python", theme="ansi_dark").highlight(text).split("\n") for text in (mine, reference)
    ]
    plain = [text.splitlines() for text in (mine, reference)]
    matcher = difflib.SequenceMatcher(a=plain[0], b=plain[1], autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(AROUND)):
        if number:
            yield click.style("  …", dim=True)
        for kind, start, end, other_start, other_end in group:
            if kind == "equal":
                yield from _lines("  ", sides[0][start:end])
                continue
            yield from _lines(click.style("- ", fg="red", bold=True), sides[0][start:end])
            yield from _lines(click.style("+ ", fg="green", bold=True), sides[1][other_start:other_end])


def _lines(sign: str, lines: list[Text]) -> Iterator[str]:
    """Lines of code behind a sign; a long one goes on below, further in."""
    from rich.text import Text

    for line in lines:
        room = max(20, screen.width() - 2)
        indent = min(len(line.plain) - len(line.plain.lstrip()) + 4, room // 2)
        pieces = [line] if len(line.plain) <= room else line.wrap(_console(), room - indent, no_wrap=False)
        for number, piece in enumerate(pieces):
            with _console().capture() as captured:
                _console().print(Text(" " * indent if number else "") + piece, end="", soft_wrap=True)
            yield sign + captured.get().rstrip()


@cache
def _console() -> Console:
    """What turns rich's colours into the codes of a terminal; click leaves them out where nobody wants any."""
    from rich.console import Console

    return Console(
        file=io.StringIO(), force_terminal=True, color_system="standard", width=200, legacy_windows=False
    )
