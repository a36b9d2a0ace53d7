"""Whose a hand-in is: what its name tells of the student, searched for on the roster and never guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from workbook.grading.model import Student
from workbook.grading.paths import fold
from workbook.grading.platforms import without_attempt

Rows = list[int]  # places on the roster


class Matcher:
    """A roster, ready to be searched with the `student` of entries (see platforms.Group)."""

    def __init__(self, roster: Sequence[Student], students: Iterable[str]) -> None:
        self._roster = roster
        self._keys = [
            _index((row.id,) for row in roster),
            _index((row.login,) for row in roster),
            _index((row.id.casefold(), row.login.casefold()) for row in roster),
            _index((row.email.casefold(),) for row in roster),
            _index((row.email.casefold().rpartition("@")[0],) for row in roster),
        ]
        self._names = _index(_forms(row.name) for row in roster)
        self._prefix = self._common_prefix([student for student in students if "\n" not in student])

    def find(self, student: str) -> Rows:
        """The rows that a hand-in can be of: exactly one is a match."""
        name, *keys = student.split("\n")
        if not keys:
            rest = name.removeprefix(self._prefix)
            tried = (name, rest, without_attempt(name), without_attempt(rest))
            return next((rows for text in tried if (rows := self._by_key(text) or self._by_name(text))), [])
        named = self._by_name(name)
        if keys[0].startswith("#"):
            number = keys[0][1:]
            return self._numbered(name, named, self._by_key(number)) or self._by_key(f"{name} {number}")
        known = next((rows for key in keys if (rows := self._by_key(key))), [])
        both = [row for row in known if row in named]
        return both or sorted({*known, *named})

    def _numbered(self, name: str, named: Rows, numbered: Rows) -> Rows:
        """A platform's own number may be another student's id by chance, so the name has to agree with it."""
        if named:
            return [row for row in numbered if row in named] or named
        text = "".join(fold(name))
        return [row for row in numbered if any(word in text for word in fold(self._roster[row].name))]

    def _by_key(self, text: str) -> Rows:
        """Rows by id, else login, else these in any case, else email, else the part of it before the @."""
        tried = zip(self._keys, (text, text, text.casefold(), text.casefold(), text.casefold()), strict=True)
        return next((found[key] for found, key in tried if key in found), [])

    def _by_name(self, text: str) -> Rows:
        return self._names.get("".join(fold(text)) or text.strip(), [])

    def _common_prefix(self, students: list[str]) -> str:
        """The assignment's name that GitHub Classroom puts before each login: what most hand-ins begin with and
        somebody's id, login or email follows.
        """
        counts: Counter[str] = Counter()
        for student in students:
            if not self._by_key(student):
                ends = [at + 1 for at, letter in enumerate(student) if letter in "-_"]
                counts.update(student[:end] for end in ends if self._by_key(student[end:]))
        return min(counts, key=lambda prefix: (-counts[prefix], len(prefix), prefix), default="")


def _forms(name: str) -> set[str]:
    """A name as platforms write it: first or last name first, without blanks, accents and capitals."""
    words = fold(name)
    return {"".join(words[at:] + words[:at]) for at in range(len(words))} or {name.strip()}


def _index(keys: Iterable[Iterable[str]]) -> dict[str, Rows]:
    """{key: the rows that have it}, without empty keys."""
    found: dict[str, Rows] = {}
    for row, texts in enumerate(keys):
        for text in {*texts} - {""}:
            found.setdefault(text, []).append(row)
    return found
