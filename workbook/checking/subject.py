"""The program that a check judges, as the client of Flask's own testing documentation sees it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.test import Client, TestResponse

from workbook.checking.expect import Failed, show
from workbook.program.answers import Answer
from workbook.program.hosts import Host, Spec
from workbook.program.program import Program

BASE_URL = "http://localhost:5001"
# what a server and any client tell beside the request, as Flask's own test client does
SURROUNDINGS = {
    "REMOTE_ADDR": "127.0.0.1",
    "REMOTE_PORT": "54321",
    "HTTP_USER_AGENT": "workbook",
    "HTTP_ACCEPT": "*/*",
}


@dataclass(frozen=True)
class Asked:
    """One request, as a report shows it, and the answer."""

    request: str | None = None
    sent: str | None = None
    sent_json: bool = False
    answer: Answer | None = None


class Subject:
    """One program in one configuration, and what became of its last request."""

    def __init__(self, host: Host, spec: Spec) -> None:
        self.program = Program(host, spec)
        self.forget()

    def forget(self) -> None:
        """Begins a new check."""
        self.asked = Asked()

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """The learner's app as a WSGI callable: asks the candidate and remembers what was said."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
        if environ["REQUEST_METHOD"] in ("POST", "PUT", "PATCH"):
            environ.setdefault("CONTENT_LENGTH", "0")  # as browsers and curl say it
        request = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}{query}"
        sent = f"{request} {show_body(body, environ.get('CONTENT_TYPE', ''))}".strip() + show_headers(environ)
        sent_json = bool(body) and environ.get("CONTENT_TYPE", "").startswith("application/json")
        self.asked = Asked(request, sent, sent_json)
        answer = self.program.request(environ, body)
        self.asked = replace(self.asked, answer=answer)
        if answer.too_long:
            raise Failed("an answer under 4 MB", "a response over 4 MB")
        start_response(f"{answer.status} -", answer.headers)
        return [answer.body]


def show_headers(environ: dict[str, Any]) -> str:
    """The headers by which a check tells one request from another, as the end of a line."""
    names = ("Origin", "Access-Control-Request-Method", "Accept")
    found = [(name, environ.get(f"HTTP_{name.upper().replace('-', '_')}")) for name in names]
    told = ", ".join(f"{name}: {value}" for name, value in found if value not in (None, "", "*/*"))
    return f" with {told}" if told else ""


def show_body(body: bytes, kind: str) -> str:
    """A request's body as one could type it."""
    if not body:
        return ""
    text = body.decode("utf-8", "replace")
    if kind == "application/json":
        try:
            return show(json.loads(text))
        except ValueError:
            pass
    return f"({kind or 'no Content-Type'}) {show(text, 120)}"


class Heard(TestResponse):
    """An answer whose text can be read whatever its bytes are."""

    @property  # type: ignore[misc]
    def mimetype(self) -> str:
        """The Content-Type without its parameters, in small letters, since their case means nothing."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def get_data(self, as_text: bool = False) -> Any:
        """As werkzeug.Response.get_data; what is no UTF-8 is shown as such."""
        data = super().get_data()
        return data.decode("utf-8", "replace") if as_text else data


class BrowserClient(Client):
    """Werkzeug's test client on the address that the workbook uses; each response knows what was `asked`."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject.wsgi, Heard)
        self._subject = subject

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """As werkzeug.test.Client.open, with the API's own base URL."""
        if not args or isinstance(args[0], str):
            options.setdefault("base_url", BASE_URL)
            options["environ_base"] = {**SURROUNDINGS, **options.get("environ_base", {})}
        try:
            response = super().open(*args, **options)
            response.asked = self._subject.asked  # type: ignore[attr-defined]
            return response
        except (
            StopIteration,
            ValueError,
            LookupError,
            TypeError,
        ) as error:  # such as a cookie without a name
            raise Failed(
                "an answer that a browser can read", f"headers that Werkzeug cannot: {type(error).__name__}"
            ) from None
