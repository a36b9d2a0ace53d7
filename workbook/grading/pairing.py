"""Which student belongs to which row of a platform's file, and which step to which title. Nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbook.grading.marks import Mark

TOTAL = ""  # stands for the whole course where a step's slug could stand


@dataclass(frozen=True)
class Row:
    """A student's row: its place in the sheet, and the names of the student there."""

    place: int
    names: frozenset[str]

    @property
    def label(self) -> str:
        return min(self.names, default=f"row {self.place + 1}")


@dataclass(frozen=True)
class Pairs:
    """Students with the place of their row, and sentences on everybody else."""

    places: list[tuple[Mark, int]]
    said: list[str]


def pair(marks: Sequence[Mark], rows: Sequence[Row], known: Sequence[set[int]]) -> Pairs:
    """Gives each student the one row that is theirs.

    `known[i]` are the places whose identifiers name student i. More than one, or none and more than one row
    with exactly this name, and the student is left alone and listed; so are two students with one row.
    """
    namesakes = Counter(mark.name.strip() for mark in marks)
    found: dict[int, int] = {}
    unclear: list[Mark] = []
    absent: list[Mark] = []
    by_name: list[int] = []
    for index, (mark, places) in enumerate(zip(marks, known, strict=True)):
        if not places:
            name = mark.name.strip()
            places = {row.place for row in rows if name and name in row.names}
            if len(places) == 1 and namesakes[name] == 1:
                by_name.append(index)
            elif places:
                unclear.append(mark)
                continue
        if len(places) == 1:
            (found[index],) = places
        else:
            (unclear if places else absent).append(mark)
    claims = Counter(found.values())
    unclear += [marks[index] for index, place in found.items() if claims[place] > 1]
    found = {index: place for index, place in found.items() if claims[place] == 1}
    by_name = [index for index in by_name if index in found]
    taken = set(claims)
    left = [row.label for row in rows if row.place not in taken]
    said = [
        _listed("left alone, since more than one row or student could be meant", map(label, unclear)),
        _listed("not in the file, so enter them by hand", map(label, absent)),
        _listed("found by name alone, so look at them", (label(marks[index]) for index in by_name)),
        _listed("in the file and not in your gradebook, so unchanged", left, 10),
    ]
    return Pairs([(marks[index], place) for index, place in found.items()], [text for text in said if text])


def label(mark: Mark) -> str:
    """A student's name and id, on one line and without signs that steer a terminal."""
    return _plain(f"{mark.name} ({mark.id})")


def _plain(text: str) -> str:
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


def _listed(what: str, names: Iterable[str], most: int | None = None) -> str:
    """One sentence that counts those who are meant and names them, `most` of them at most; "" for nobody."""
    everybody = [_plain(name) for name in names]
    if not everybody:
        return ""
    shown = everybody[:most]
    more = f" and {len(everybody) - len(shown)} more" if len(shown) < len(everybody) else ""
    return f"{len(everybody)} {what}: {'; '.join(shown)}{more}."


def alike(name: str, names: Iterable[str]) -> bool:
    """Whether a name shares a word with one of these, accents and case aside; nobody's name is like any."""
    ours, theirs = _words(name), {word for one in names for word in _words(one)}
    return bool(ours & theirs) or not ours or not theirs


def _words(text: str) -> set[str]:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return set(re.findall(r"[^\W_]+", plain.casefold()))


def meant(
    title: str, slugs: Sequence[str], possible: dict[str, Decimal], maximum: Decimal | None
) -> str | None:
    """The step that a title means, TOTAL for the whole course, or None.

    A step's slug ("03_users", also "03 Users") or "Step 3" is enough. Its name alone ("Users") counts where
    `maximum`, the points that the platform gives for it, equals ours: so "Users survey" is left alone.
    """
    words = re.findall(r"[^\W_]+", title.casefold())
    text = f" {' '.join(words)} "
    numbers = {int(found) for found in re.findall(r" step ?0*(\d{1,4})(?= )", text)}
    sure = [slug for slug in slugs if f" {slug.replace('_', ' ')} " in text or int(slug[:2]) in numbers]
    if not sure and maximum is not None:
        sure = [
            slug
            for slug in slugs
            if f" {slug[3:].replace('_', ' ')} " in text and possible.get(slug) == maximum
        ]
    if len(sure) == 1:
        return sure[0]
    return TOTAL if not sure and {"total", "workbook"} & set(words) else None


def most(marks: Iterable[Mark]) -> dict[str, Decimal]:
    """The points that each step gives at most; under TOTAL those of the whole course.

    A student for whom checks were skipped can reach fewer.
    """
    found: dict[str, Decimal] = {}
    for mark in marks:
        for slug, points in mark.possible.items():
            found[slug] = max(points, found.get(slug, points))
        found[TOTAL] = max(mark.total_possible, found.get(TOTAL, Decimal(0)))
    return found
