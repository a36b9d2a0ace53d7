"""A request and its answer as text, the way they go over the network."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

TOLD = (
    "Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers", "Content-Type", "Content-Length",
    "Cookie",
)  # fmt: skip


def wire(response: TestResponse) -> None:
    """Prints a request and its answer: first line, headers, an empty line, body.

    Of the request those headers are shown that a client chose (`TOLD`). What changes from run to run is not: the
    time and signature of a session cookie are cut, the methods of `Allow` stand in order. https://www.rfc-editor.org/rfc/rfc9112#section-2.1
    """
    asked = response.request
    query = asked.query_string.decode("latin-1")
    sent = [(name, asked.headers[name]) for name in TOLD if asked.headers.get(name, "0") != "0"]
    stream = asked.environ["wsgi.input"]
    stream.seek(0)
    print(_message(f"{asked.method} {asked.path}{query and '?'}{query} HTTP/1.1", sent, stream.read()))
    print()
    print(_message(f"HTTP/1.1 {response.status}", list(response.headers), response.get_data()))


def _message(first: str, headers: list[tuple[str, str]], body: bytes) -> str:
    lines = [first, *(_steady(name, value) for name, value in headers)]
    text = body.decode("utf-8", "replace").rstrip()
    return "\n".join([*lines, "", text] if text else lines)


def _steady(name: str, value: str) -> str:
    if name == "Allow":
        value = ", ".join(sorted(value.split(", ")))
    return f"{name}: " + re.sub(r"(session=\.?[\w-]+)\.[\w-]+\.[\w-]+", r"\1.…", value)
