"""Texts of strangers for pages and tables: what cannot be seen, and could steer whoever shows it, becomes a sign."""

import re

# control characters but for tab and line end, halves of letters, and what turns a line's direction round
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def visible(text: str) -> str:
    """A text with its control characters as pictures, such as ␛: none works, and none is lost."""
    return _UNSEEN.sub(_picture, text) if _UNSEEN.search(text) else text  # as it was: markup stays markup


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"
