"""Inputs that no constant answer can know: the same seed gives the same names, texts and numbers."""

from __future__ import annotations

import random

_NAMES = [
    "ada",
    "ben",
    "cleo",
    "dora",
    "emil",
    "fay",
    "gus",
    "hana",
    "ivo",
    "jun",
    "kira",
    "leo",
    "mila",
    "noor",
    "otto",
    "pia",
    "quin",
    "rosa",
    "sami",
    "tess",
]
_WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "harbor",
    "island",
    "jade",
    "lemon",
    "maple",
    "north",
    "ocean",
    "pearl",
    "river",
]


class Vary:
    """Draws inputs from a seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self._used: set[str] = set()

    def _new(self, make: object) -> str:
        while True:
            text = make()  # type: ignore[operator]
            if text not in self._used:
                self._used.add(text)
                return text

    def name(self) -> str:
        """A username that was not drawn before."""
        return self._new(lambda: f"{self._random.choice(_NAMES)}{self._random.randint(100, 999)}")

    def password(self) -> str:
        """A password of at least 15 characters."""
        return self._new(lambda: f"{self.text()}-{self._random.randint(1000, 9999)}".replace(" ", "-"))

    def text(self) -> str:
        """Three words."""
        return " ".join(self._random.choice(_WORDS) for _ in range(3))

    def number(self, low: int = 2, high: int = 999_999) -> int:
        """A whole number between two others, both included."""
        return self._random.randint(low, high)
