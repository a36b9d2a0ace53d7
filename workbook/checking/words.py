"""The sentences a learner reads: what happened, why, and what to write instead."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from workbook.checking.advice import advice
from workbook.checking.results import Check

WIDTH = 80


def problem(fact: dict[str, Any], notes: list[dict[str, Any]]) -> tuple[str, str | None, str]:
    """Why a program does not load: (what happened, where, what to try)."""
    for note in notes:
        if note.get("kind") == "input" and fact.get("kind") == "exception":
            return note_sentence(note)
    maker = _PROBLEMS.get(str(fact.get("kind")), _unknown)
    return maker(fact)


def _unknown(fact: dict[str, Any]) -> tuple[str, str | None, str]:
    return (
        "the program could not be loaded",
        None,
        "Run `flask --app app routes` in the folder and read its last line.",
    )


def _missing(fact: dict[str, Any]) -> tuple[str, str | None, str]:
    others = [name for name in fact.get("files") or [] if "/" not in name]
    there = f" The folder has {', '.join(others[:4])}: if that is your program, rename it." if others else ""
    return f"there is no file {fact['file']}", None, f"Put your program into {fact['file']}.{there}"


def _empty(fact: dict[str, Any]) -> tuple[str, str | None, str]:
    return f"{fact['file']} is empty", fact["file"], "Save your editor's file, or bring the starter back."


def _syntax(fact: dict[str, Any]) -> tuple[str, str | None, str]:
    spot = f"{fact['file']}:{fact.get('line') or 1}"
    column = f", column {fact['column']}" if fact.get("column") else ""
    encoding = fact.get("encoding")
    if encoding == "NUL":
        return (
            "the file holds a NUL byte, so Python cannot read it",
            spot + column,
            "Save it again as UTF-8 text.",
        )
    if encoding == "UTF-16":
        return (
            "the file is saved as UTF-16, which Python cannot read",
            spot,
            "Save it as UTF-8 in your editor.",
        )
    if encoding:
        return (
            f"the file is not {encoding.upper()} text from this place on",
            spot + column,
            "Save it as UTF-8 in your editor.",
        )
    if fact.get("type") == "TabError":
        return (
            "TabError: tabs and spaces are mixed in the indentation",
            spot,
            "Indent with four spaces everywhere; your editor can convert the tabs.",
        )
    return (
        f"{fact.get('type')}: {fact.get('text')}",
        spot + column,
        "Python stopped reading there. Look at that line and the one above: a bracket, quote or colon?",
    )


def _nul(fact: dict[str, Any]) -> tuple[str, str | None, str]:
    return _syntax({**fact, "encoding": "NUL"})


def _factory(fact: dict[str, Any]) -> tuple[str, str | None, str]:
    gave = "nothing" if fact.get("gave") == "NoneType" else f"a {fact.get('gave')}"
    return (
        f"create_app() gave {gave} instead of a Flask app",
        place(fact.get("place")),
        "End it with `return app`.",
    )


def _other_name(fact: dict[str, Any]) -> tuple[str, str | None, str]:
    name = fact["names"][0]
    return (
        f"the Flask app is called {name}, not app",
        fact.get("file"),
        f"Call it app: rename `{name}` to `app`.",
    )


def _no_app(fact: dict[str, Any]) -> tuple[str, str | None, str]:
    return (
        f"there is no app in {fact.get('file')}",
        fact.get("file"),
        "Make one at the top: `app = Flask(__name__)`.",
    )


def _not_flask(fact: dict[str, Any]) -> tuple[str, str | None, str]:
    return (
        f"app is a {fact.get('gave')}, not a Flask app",
        fact.get("file"),
        "Give the name app to `Flask(__name__)` and to nothing else.",
    )


def _exit(fact: dict[str, Any]) -> tuple[str, str | None, str]:
    return (
        "the program ended itself with sys.exit() while it was loaded",
        last_place(fact["error"]),
        "Take the call out: a server's program must go on to its end.",
    )


def _exception(fact: dict[str, Any]) -> tuple[str, str | None, str]:
    error = fact["error"]
    spot = last_place(error)
    if fact.get("module"):
        return _import(fact, error, spot)
    return (
        f"{error['type']}: {error['text']}",
        spot,
        advice(error) or "Read that line: it runs when Flask loads the file.",
    )


def _import(fact: dict[str, Any], error: dict[str, Any], spot: str | None) -> tuple[str, str | None, str]:
    module = str(fact["module"])
    own = [name[:-3].replace("/", ".") for name in fact.get("own") or []]
    packed = next((name for name in own if name.endswith(f".{module}")), None)
    if error["type"] == "ModuleNotFoundError" and packed:
        return (
            f"ModuleNotFoundError: {error['text']}",
            spot,
            f"{module} stands in a package: write `from {packed} import ...`, with the package's name.",
        )
    if "partially initialized module" in error["text"]:
        return (
            f"ImportError: {error['text']}",
            spot,
            f"Two files import each other. Move what both need, such as db, into a third one that {module} imports.",
        )
    if error["type"] == "ModuleNotFoundError":
        return (
            f"ModuleNotFoundError: {error['text']}",
            spot,
            f"Check the spelling of {module}. The course has Flask, Flask-SQLAlchemy and Flask-CORS; "
            "other packages are not installed.",
        )
    return (
        f"ImportError: {error['text']}",
        spot,
        f"Check the spelling of the name that you import from {module}.",
    )


_PROBLEMS = {
    "missing": _missing, "empty": _empty, "syntax": _syntax, "nul": _nul, "factory": _factory,
    "other-name": _other_name, "no-app": _no_app, "not-flask": _not_flask, "exit": _exit, "exception": _exception,
}  # fmt: skip


def no_answer(trouble: Any) -> tuple[str, str | None, str]:
    """Why a program gave no answer: (what happened, where, what to try)."""
    spot = hang_place(trouble.printed)
    if trouble.kind == "timeout":
        return (
            "no answer in time: the program was still busy",
            spot,
            "Look for a loop that never ends, or a long sleep.",
        )
    if trouble.kind == "output-limit":
        first = trouble.printed.strip().partition("\n")[0][:60]
        return (
            f"the program printed more than 1 MB, beginning with {first!r}",
            spot,
            "Take the print out of the loop.",
        )
    if trouble.kind == "protocol":
        return (
            "the program broke off the talk with the checker",
            None,
            "Use Flask alone to answer; write to no file number.",
        )
    if trouble.signal:
        return (
            f"the program crashed ({trouble.signal})",
            spot,
            "Take out what made it crash; Flask alone never does.",
        )
    code = "" if trouble.status is None else f" with status {trouble.status}"
    return f"the program ended itself{code}", spot, "Take out os._exit() or what else ends the program."


def hang_place(printed: str) -> str | None:
    """The innermost line of the learner's files in a traceback that faulthandler printed."""
    dump = printed.partition("(most recent call first):")[2]  # of all threads, the newest first
    for file, line in re.findall(r'File "([^"]*)", line (\d+)', dump):
        found = re.search(r"workbook-[^/]*/\d+/(.+)$", file)
        if found:
            return f"{found[1]}:{line}"
    return None


def note_sentence(note: dict[str, Any]) -> tuple[str, str | None, str]:
    """What a program did while it was loaded that it should not: (what happened, where, what to try)."""
    spot = place(note.get("place"))
    if note.get("kind") == "run":
        return (
            "the file starts a server while it is loaded",
            spot,
            'Put app.run(...) below `if __name__ == "__main__":`, indented.',
        )
    return "the program waits for somebody to type", spot, "Take input() out: a web server has no keyboard."


def place(where: dict[str, Any] | None) -> str | None:
    """`file:line in function` of a place that the candidate told."""
    if not where or not where.get("file"):
        return None
    function = where.get("function")
    inside = f" in {function}" if function and function != "<module>" else ""
    return f"{where['file']}:{where.get('line')}{inside}"


def last_place(error: dict[str, Any] | None) -> str | None:
    """Where in the learner's files an exception came from."""
    places = (error or {}).get("places") or []
    return place(places[-1]) if places else None


def message(check: Check, width: int = WIDTH) -> str:
    """The whole text of a failed check: at 80 columns, at most 12 lines."""
    lines = textwrap.wrap(check.title, width - 14)
    for label, text in (
        ("sent", check.sent),
        ("expected", check.expected),
        ("got", check.got),
        ("where", check.where),
        ("next", check.hint),
    ):
        if text:
            wrapped = textwrap.wrap(text, width - 14, break_on_hyphens=False) or [""]
            if width == WIDTH and len(wrapped) > 3:
                wrapped = [*wrapped[:2], wrapped[2][: width - 16] + " …"]
            lines.append(f"  {label + ':':<10}{wrapped[0]}")
            lines += [" " * 12 + more for more in wrapped[1:]]
    return "\n".join(lines)
