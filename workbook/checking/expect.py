"""`expect`: what an answer must be, and the words for what it is instead."""

from __future__ import annotations

import difflib
import html
import json
import re
from typing import Any


class Failed(Exception):
    """The answer differs. All texts are ready to be shown; `next` is one thing to try."""

    def __init__(self, expected: str, got: str, next: str | None = None, response: Any = None) -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected, self.got, self.next = expected, got, next
        self.response = response  # the answer that differs; the last one if none is given


class Remark(Exception):
    """The check passes, and the learner is told what would be better."""


class Text:
    """Matches any text that is not blank."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and bool(other.strip())

    __hash__ = object.__hash__


Next = str | dict[int | None, str] | None  # one thing to try, or one by the status of the answer
HASHES = ("scrypt:", "pbkdf2:")  # how the hashes begin that Werkzeug makes
TEXT = Text()
PROGRAM = object()  # in place of an answer: the program differs, whatever was asked last
ALIKE = 0.75  # of the letters of two texts, for one to be a misspelling of the other
_NAMES = {int: "a number", str: "a text", bool: "true or false", list: "a list", dict: "an object"}


def show(value: Any, limit: int = 400) -> str:
    """A value as JSON on one line, control characters escaped, shortened in its middle where it is long."""
    text = json.dumps(_showable(value), ensure_ascii=False)
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    text = text.replace('"\\u0000', "").replace('\\u0000"', "")
    return text if len(text) <= limit else text[: limit // 2] + " … " + text[-limit // 2 :]


def _showable(value: Any) -> Any:
    if isinstance(value, Text):
        return "\0a text\0"
    if isinstance(value, type):
        return f"\0{_NAMES[value]}\0"
    if isinstance(value, dict):
        return {key: _showable(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_showable(part) for part in value]
    return value


def matches(got: Any, wanted: Any) -> bool:
    """Whether `got` has all that `wanted` asks for; more keys of an object are allowed."""
    if isinstance(wanted, Text):
        return wanted == got
    if wanted is int:
        return type(got) is int
    if isinstance(wanted, type):
        return isinstance(got, wanted)
    if isinstance(wanted, dict):
        return isinstance(got, dict) and all(key in got and matches(got[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        return isinstance(got, list) and len(got) == len(wanted) and all(map(matches, got, wanted))
    if isinstance(wanted, bool) or isinstance(got, bool):
        return wanted is got
    return bool(got == wanted)


def differing(got: Any, wanted: Any) -> Any:
    """`got` without the parts that are as they should be, so that what differs is in sight."""
    if not isinstance(got, dict) or not isinstance(wanted, dict):
        return got
    parts = {
        key: differing(got[key], wanted[key])
        for key in wanted
        if key in got and not matches(got[key], wanted[key])
    }
    return parts or got


def body_of(response: Any) -> Any:
    """The JSON of an answer whose Content-Type says so; None for any other."""
    return response.get_json(silent=True) if response.mimetype == "application/json" else None


def show_answer(response: Any, wanted: Any = None) -> str:
    """Status and body of an answer on one line."""
    if response.mimetype == "application/json":
        body = body_of(response)
        if body is None and response.data.strip() != b"null":
            return f"{response.status_code} and a body that is no JSON: {show(response.get_data(as_text=True), 120)}"
        return f"{response.status_code} {show(differing(body, wanted))}"
    kind = response.mimetype or "no Content-Type"
    title = re.search(r"<title>(.*?)</title>", response.get_data(as_text=True))
    if kind == "text/html" and title:
        return f"{response.status_code} (an HTML page: {html.unescape(title[1])[:80]})"
    return f"{response.status_code} ({kind}) {show(response.get_data(as_text=True), 120)}"


def expect(response: Any, status: int | tuple[int, ...], body: Any = None, next: Next = None) -> Any:
    """Fails unless the answer has the status and at least `body`; gives the answer's JSON.

    In `body` a type stands for any value of it and TEXT for any text that is not blank.
    `next` is what a learner should try when the program answered, but differently; where it is a dict,
    it tells that by the status of the answer, and under None for all others.
    """
    mend = next.get(response.status_code, next.get(None)) if isinstance(next, dict) else next
    if response.request.path.startswith("/api/"):
        no_secret(response)
    statuses = status if isinstance(status, tuple) else (status,)
    wanted = " or ".join(map(str, statuses)) + ("" if body is None else " " + show(body))
    if response.status_code not in statuses:
        raise Failed(wanted, show_answer(response), mend, response)
    got = body_of(response)
    if body is not None and not matches(got, body):
        if response.mimetype != "application/json" and matches(
            response.get_json(force=True, silent=True), body
        ):
            wanted = f"{wanted} as application/json"
            mend = "The text is right. Set the Content-Type to application/json."
        else:
            mend = _slip(got, body, response.status_code) or mend
        raise Failed(wanted, show_answer(response, body), mend, response)
    return got


def has_key(value: Any, key: str) -> bool:
    """Whether an object anywhere in a JSON value has this key."""
    if isinstance(value, dict):
        return key in value or any(has_key(part, key) for part in value.values())
    return isinstance(value, list) and any(has_key(part, key) for part in value)


def no_secret(response: Any, *secrets: str) -> None:
    """Fails if an answer has a key "password", what looks like a hash of Werkzeug's, or one of the secrets."""
    text = response.get_data(as_text=True)
    found = [secret for secret in (*secrets, *HASHES) if secret in text]
    mend = "List the fields that everybody may see; never send the whole user."
    if '"password"' in text and has_key(body_of(response), "password"):
        if response.status_code >= 400 and not found:
            mend = 'No body has a key "password": name the field in the text of the error.'
        found.append('the key "password"')
    if found:
        got = f"an answer that holds {', '.join(found)}"
        raise Failed("an answer without password or hash", got, mend, response)


def _slip(got: Any, wanted: Any, status: int) -> str | None:
    """What to try where a body differs in a well-known way."""
    key = _misspelt(got, wanted, close=status >= 400)
    if key and "{" in got[key]:
        return f'Put an f in front of the text, so that {{...}} is filled in: f"{got[key]}".'
    if key:
        return f'The status is right. Compare the text of "{key}" with the README, letter by letter.'
    for key, value in wanted.items() if isinstance(wanted, dict) else ():
        part = got.get(key) if isinstance(got, dict) else None
        if value is list or isinstance(value, list):
            if part is None and isinstance(got, dict) and key in got:
                return (
                    "null is Python's None: .reverse() and .sort() change their list and give nothing back."
                )
        elif value is not dict and not isinstance(value, dict):
            continue
        if part is None and matches(got, value):
            return f'Put it under its key: return {{"{key}": ...}}.'
    return None


def _misspelt(got: Any, wanted: Any, close: bool) -> str | None:
    """The key whose text alone differs; where it must be `close`, another text may stand for another rule."""
    if not isinstance(got, dict) or not isinstance(wanted, dict):
        return None
    wrong = [key for key, value in wanted.items() if key not in got or not matches(got[key], value)]
    if len(wrong) != 1 or wrong[0] not in ("message", "error"):
        return None
    said, meant = got.get(wrong[0]), wanted[wrong[0]]
    if not isinstance(said, str) or not isinstance(meant, str):
        return None
    if re.sub(r"\d+", "", said) == re.sub(r"\d+", "", meant):  # another number is another answer
        return None
    alike = difflib.SequenceMatcher(None, said.lower(), meant.lower()).ratio()
    return wrong[0] if alike >= ALIKE or not close else None


def require(condition: object, expected: str, got: str, next: str | None = None, at: Any = None) -> None:
    """Fails with these words unless `condition` holds; for what no single answer shows.

    The report names the last request, or none `at` PROGRAM.
    """
    if not condition:
        raise Failed(expected, got, next, at)


def advise(condition: object, text: str) -> None:
    """Ends the check as passed, with a remark for the learner unless `condition` holds.

    For what good programs have and the contract does not ask for.
    """
    if not condition:
        raise Remark(text)
