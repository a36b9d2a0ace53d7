"""What is a learner's own in a program, as numbers that can be compared with other learners' later.

A program's tokens are cut into overlapping runs, each run is hashed, and winnowing keeps some of the hashes:
S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003,
https://theory.stanford.edu/~aiken/publications/papers/sigmod03.pdf. Runs that the starter or the reference has
are left out, as MOSS leaves out a base file. A fingerprint is made in the worker that has the files at hand and
stored with the result, so that comparing needs no submission again.
"""

from __future__ import annotations

import builtins
import hashlib
import io
import keyword
import re
import tokenize
import zlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Any

from workbook.course import Step
from workbook.grading.model import Files
from workbook.learner import starters
from workbook.program import intake

RUN = 12  # tokens in a run: shorter matches are everybody's Flask
WINDOW = 4  # of so many neighbouring runs one is kept: a match of RUN + WINDOW - 1 tokens is never missed
MOST_BYTES = 64 * 1024  # of a step's texts; more is no learner's own work
MOST_IN_A_LINE = 1000  # characters: up to Python 3.11 tokenize's time grows with the square of a hostile line
PLAIN_WORDS = frozenset(keyword.kwlist) | frozenset(dir(builtins))
# each piece matches with its end missing, too: a pattern that fails late would be tried anew at every character
_SCRIPT = re.compile(
    r"""(//[^\n]*|/\*.*?(?:\*/|\Z))|("(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|\w+|[^\w\s]""", re.S
)
_SHAPES = {  # what a token looks like once it is no matter how things are named
    "NAME": "NAME", "STRING": "TEXT", "FSTRING_START": "TEXT", "TSTRING_START": "TEXT", "INDENT": "{", "DEDENT": "}",
}  # fmt: skip

Token = tuple[str, str]  # its text, and its shape, which is empty where it is part of another


class Baseline:
    """What everybody may have of a step: its starter and its reference."""

    def __init__(self, starter: Files, reference: Files) -> None:
        read = _read(reference)
        self._starter = {run for tokens in _read(starter) for run in _runs(tokens)}
        self._known = self._starter.union(*map(_runs, read))
        self._reference = _digest(read)

    def fingerprint(self, files: Files) -> dict[str, Any]:
        """What is compared of one program, as plain JSON.

        `digest` is the same for texts that differ in comments and blanks alone; `reference` tells whether that text
        is the reference's; `length` counts the prints that are not the starter's; `prints` are those that are neither
        the starter's nor the reference's, eight hexadecimal digits each.
        """
        read = _read(files) if sum(map(len, files.values())) <= MOST_BYTES else []
        kept = {run for tokens in read for run in _winnowed(_runs(tokens))}
        digest = _digest(read)
        return {
            "digest": digest,
            "reference": digest == self._reference,
            "length": len(kept - self._starter),
            "prints": "".join(f"{one:08x}" for one in sorted(kept - self._known)),
        }


@lru_cache(maxsize=64)
def baseline(step: Step) -> Baseline:
    """The baseline of a step as the workbook delivers it: what a learner edits and what else the step gives."""
    starter = starters.delivered(step)
    for name in starters.given(step):
        path = step.folder / name
        starter[name] = path.read_bytes() if path.is_file() else b""
    return Baseline(starter, intake.read(step.solution))


def _digest(read: list[list[Token]]) -> str:
    """The same for the same tokens, however the files are called."""
    texts = sorted("\0".join(text for text, _ in tokens) for tokens in read if tokens)
    return hashlib.sha256("\1".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _winnowed(runs: list[int]) -> set[int]:
    """The smallest of each window, which is the same wherever the window stands."""
    return {min(runs[at : at + WINDOW]) for at in range(max(1, len(runs) - WINDOW + 1))} if runs else set()


def _runs(tokens: list[Token]) -> list[int]:
    """One hash a run; not Python's own `hash`, which differs from process to process."""
    shapes = [shape.encode("utf-8", "surrogatepass") + b"\0" for _, shape in tokens if shape]
    text, ends = b"".join(shapes), [0, *accumulate(map(len, shapes))]
    return [zlib.crc32(text[ends[at] : ends[at + RUN]]) for at in range(len(shapes) - RUN + 1)]


def _read(files: Files) -> list[list[Token]]:
    """The tokens of each file that a learner writes; migrations are Alembic's, for everybody the same."""
    read = []
    for path, content in sorted(files.items()):
        if "migrations" in path.split("/"):
            continue
        text = content.decode("utf-8", "replace")
        if max(map(len, text.split("\n"))) > MOST_IN_A_LINE:
            continue
        if path.endswith(".py"):
            read.append(list(_python(text)))
        elif path.endswith(".js"):
            read.append(list(_javascript(text)))
    return read


def _python(text: str) -> Iterator[Token]:
    """The tokens up to the first that is none. A text that stands as a statement is a docstring: left out."""
    fresh, inside = (
        True,
        0,
    )  # at the beginning of a statement; within so many f-strings (one token up to 3.11)
    try:
        for kind, value, *_ in tokenize.generate_tokens(io.StringIO(text).readline):
            name = tokenize.tok_name[kind]
            if name in ("COMMENT", "NL", "ENDMARKER") or (fresh and name in ("STRING", "NEWLINE")):
                continue
            fresh = name in ("NEWLINE", "INDENT", "DEDENT")
            shape = "" if inside or name == "NEWLINE" else _SHAPES.get(name, value)
            inside += name.endswith("STRING_START") - name.endswith("STRING_END")
            yield (name if fresh else value), (value if value in PLAIN_WORDS else shape)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return


def _javascript(text: str) -> Iterator[Token]:
    for found in _SCRIPT.finditer(text):
        value, (comment, quoted) = found[0], found.groups()
        if not comment:
            yield value, "TEXT" if quoted else "NAME" if value[0].isalpha() else value
