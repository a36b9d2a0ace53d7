"""Names from outside: which of them are safe to use as paths, and how they are shown and folded."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

LONGEST = 200  # characters of a path below a step's folder; Windows allows 260 with the folders above it
_DRIVE = re.compile(r"[A-Za-z]:")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE)
_FORBIDDEN = set('<>:"\\|?*')
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})


def tidy(name: str) -> str | None:
    """The path of an archive's member with "/" alone, or None where it would lead out of its folder.

    A backslash is a separator: some programs for Windows write it so.
    """
    path = name.replace("\\", "/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or ".." in parts or not parts or _DRIVE.match(parts[0]):
        return None
    return "/".join(parts)


def portable(path: str) -> bool:
    """Whether a relative path can be written on every system, Windows too."""
    return len(path) <= LONGEST and all(_portable(part) for part in path.split("/"))


def _portable(part: str) -> bool:
    return not (
        _FORBIDDEN & set(part)
        or _RESERVED.fullmatch(part)
        or part.endswith((".", " "))
        or len(part.encode("utf-8", "replace")) > 250
        or any(ord(letter) < 32 or "\ud800" <= letter <= "\udfff" for letter in part)
    )


def same_place(path: str) -> str:
    """Equal for two paths that are one file on some system: letter case and composed accents do not count."""
    return unicodedata.normalize("NFC", path).casefold()


def readable(name: str) -> str:
    """A file name as text that can be written anywhere: bytes that are no UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def shown(name: str) -> str:
    """A file name for a sentence: on one line, without invisible letters, at most 100 characters."""
    text = "".join(letter if letter.isprintable() else "?" for letter in readable(name))
    return text if len(text) <= 100 else f"{text[:60]}...{text[-37:]}"


def fold(name: str) -> list[str]:
    """The words of a name without accents, case and punctuation: "Åsa O'Neil" gives ["asa", "oneil"]."""
    plain = unicodedata.normalize("NFKD", name.replace("'", "").replace("’", "")).casefold()
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)
    return re.findall(r"[^\W_]+", letters)


def safe_name(id: str) -> str:
    """A file name, without ending, for a student's id: different for different ids, and safe on Windows too.

    An id of letters, digits, "-", "_" and "." stays as it is; else what is unsafe is replaced and eight
    characters of the id's SHA-256 follow. Ids that differ in letter case alone: see `safe_names`.
    """
    kept = re.sub(r"[^\w.-]", "_", unicodedata.normalize("NFC", id))[:50]
    if kept == id and re.match(r"[^._-].*(?<!\.)$", id) and not _RESERVED.fullmatch(id):
        return id
    return _marked(kept, id)


def safe_names(ids: Iterable[str]) -> dict[str, str]:
    """`safe_name` of each id; where two would be one file on Windows or macOS, those with capitals are marked."""
    alike: dict[str, list[str]] = {}
    for id in sorted(set(ids)):
        alike.setdefault(same_place(safe_name(id)), []).append(id)
    return {
        id: safe_name(id) if len(group) == 1 or id == place else _marked(safe_name(id), id)
        for place, group in alike.items()
        for id in group
    }


def _marked(kept: str, id: str) -> str:
    mark = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{kept.strip('._-')}~{mark}"
