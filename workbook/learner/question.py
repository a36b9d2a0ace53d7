"""One closed question about a learner's own program, answered by running it; nothing is graded.

The question is data, in checks/questions/NN_slug.toml:

    question = "Which status does the second registration of a name get?"
    choices = ["200", "400", "409"]
    ask = "status"          # or "header NAME", "body", or a path in the JSON such as "posts.0.id"
    reference = "409"       # what the program in solutions/ answers; a test compares
    because = "409 is Conflict: ..."
    target = "app"          # as the mark `target` of a check; "app" where it is left out

    [[request]]             # one table for each request; the last answer is asked about
    method = "POST"
    path = "/api/users"
    json = { username = "ana", password = "correct horse" }
    client = "one"          # another name is another browser, with cookies of its own
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import Any

from workbook.checking import screen
from workbook.checking.expect import Failed, show
from workbook.checking.subject import BrowserClient, Subject
from workbook.course import Step
from workbook.program import intake
from workbook.program.answers import DoesNotLoad, NoAnswer
from workbook.program.hosts import Spec, modules_for, new_host

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KEYS = "abcdefgh"
LONGEST = 90  # characters of a request that are shown


@dataclass(frozen=True)
class Question:
    """A question with its choices; `requests` are what a client sends before it is answered."""

    question: str
    choices: list[str]
    ask: str
    reference: str
    because: str
    requests: list[dict[str, Any]]
    target: str = "app"
    config: dict[str, Any] | None = field(default=None)


@dataclass(frozen=True)
class Truth:
    """What the learner's program did: the requests with their statuses, and the answer to the question."""

    story: list[str]
    answer: str


def question_of(step: Step) -> Question | None:
    """The question of a step, or None where it has none."""
    file = step.checker.parent / "questions" / f"{step.slug}.toml"
    if not file.is_file():
        return None
    values = tomllib.loads(file.read_text("utf-8"))
    return Question(requests=values.pop("request"), **values)


def find_out(step: Step, question: Question) -> Truth | None:
    """Runs the learner's program, as a check does; None where it gives no answer."""
    files = intake.read(step.folder)
    host = new_host(os.environ.get("WORKBOOK_HOST", "auto"), modules_for(files))
    subject = Subject(host, Spec(files, question.target, question.config))
    try:
        subject.program.begin()
        return _ask(subject, question)
    except (DoesNotLoad, NoAnswer, Failed):
        return None
    finally:
        subject.program.close()
        host.close()


def _ask(subject: Subject, question: Question) -> Truth | None:
    clients: dict[str, BrowserClient] = {}
    story: list[str] = []
    for request in question.requests:
        sent = {key: value for key, value in request.items() if key not in ("method", "path", "client")}
        name = request.get("client", "one")
        client = clients.setdefault(name, BrowserClient(subject))
        response = client.open(request["path"], method=request["method"], **sent)
        who = f" (browser {name})" if "client" in request else ""
        story.append(f"{_short(subject.asked.sent or '')}{who} → {response.status_code}")
    kind, _, rest = question.ask.partition(" ")
    if kind == "status":
        return Truth(story, str(response.status_code))
    if kind == "header":
        return Truth(story, response.headers.get(rest, "none"))
    value: Any = response.get_json(silent=True)
    for part in question.ask.split(".") if kind != "body" else ():
        try:
            value = value[int(part)] if isinstance(value, list) else value[part]
        except (LookupError, TypeError, ValueError):
            return None
    return Truth(story, value if isinstance(value, str) else show(value))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 12]}…{text[-11:]}"


def choices(question: Question, truth: Truth) -> dict[str, str]:
    """{key: choice}, with the program's own answer among them."""
    texts = question.choices if truth.answer in question.choices else [*question.choices, truth.answer]
    return dict(zip(KEYS, texts, strict=False))


def asked(question: Question, offered: dict[str, str]) -> str:
    """The question with its choices, each behind its key."""
    lines = [question.question, *(f"  {key}  {text}" for key, text in offered.items())]
    return "\n".join(screen.wrapped(line) for line in lines)


def told(question: Question, truth: Truth, chosen: str | None) -> str:
    """What the program did and why that is so; `chosen` is what the learner thought, if anything."""
    begin = "" if chosen is None else "Yes. " if chosen == truth.answer else f"You thought {chosen}. "
    lines = [f"{begin}Your program answers: {truth.answer}", *(f"  {line}" for line in truth.story)]
    if truth.answer != question.reference:
        lines.append(f"The reference answers: {question.reference}")
    return "\n".join(screen.wrapped(line) for line in [*lines, question.because])
