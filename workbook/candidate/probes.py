"""What a check can ask beyond HTTP. Each probe takes the app, its folder and the message, and gives JSON."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

from workbook.candidate import where

Message = dict[str, Any]

SQL: list[str] = []  # the statements of the request that is being answered
MAX_SQL = 400


def routes(app: Any, folder: str, message: Message) -> Any:
    """Every rule of the app: [{"rule", "methods", "endpoint"}]."""
    return [
        {"rule": rule.rule, "methods": sorted(rule.methods or ()), "endpoint": rule.endpoint}
        for rule in app.url_map.iter_rules()
    ]


def blueprints(app: Any, folder: str, message: Message) -> Any:
    """The names of the registered blueprints, a nested one with its parent's before a dot."""
    return sorted(app.blueprints)


def config(app: Any, folder: str, message: Message) -> Any:
    """The configuration values that `names` asks for, as JSON or as text; None where unset."""
    return {name: _plain(app.config.get(name)) for name in message["names"]}


def flags(app: Any, folder: str, message: Message) -> Any:
    """Switches of the app that are no configuration: debug and testing."""
    return {"debug": bool(app.debug), "testing": bool(app.testing)}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    return str(value)


def holds_text(app: Any, folder: str, message: Message) -> Any:
    """Where in the program's memory a text stands: names such as "app.users[0]['password']"."""
    seen: set[int] = set()
    found: list[str] = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and where.relative(str(file), folder):
            for key, value in list(vars(module).items()):
                if not key.startswith("__"):
                    _search(value, f"{name}.{key}", message["text"], folder, seen, found, 0)
    for name in ("extensions", "config", "view_functions"):
        _search(getattr(app, name, None), f"app.{name}", message["text"], folder, seen, found, 0)
    return found[:5]


def _search(
    value: Any, path: str, text: str, folder: str, seen: set[int], found: list[str], depth: int
) -> None:
    """Looks for `text` through containers, objects of the program's own classes and closures."""
    if isinstance(value, (str, bytes)):
        if text in (value if isinstance(value, str) else value.decode("utf-8", "replace")):
            found.append(path)
        return
    if depth > 8 or id(value) in seen or len(seen) > 50_000:
        return
    seen.add(id(value))

    def deeper(part: Any, name: str) -> None:
        _search(part, path + name, text, folder, seen, found, depth + 1)

    if isinstance(value, dict):
        for key, part in list(value.items()):
            deeper(key, " (a key)")
            deeper(part, f"[{key!r}]")
    elif isinstance(value, (list, tuple, set, frozenset)) or type(value).__name__ == "deque":
        for index, part in enumerate(list(value)):
            deeper(part, f"[{index}]")
    elif isinstance(value, types.FunctionType):
        for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=False):
            try:
                deeper(cell.cell_contents, f".{name}")
            except ValueError:
                continue  # a cell that was never filled
    elif isinstance(value, types.MethodType):
        deeper(value.__self__, "")
    elif _is_own(type(value), folder):
        names = list(getattr(value, "__dict__", ())) + list(getattr(type(value), "__slots__", ()))
        for name in names:
            deeper(getattr(value, name, None), f".{name}")
    elif isinstance(value, type) and _is_own(value, folder):
        for name, part in list(vars(value).items()):
            deeper(part, f".{name}")


def _is_own(kind: type, folder: str) -> bool:
    module = sys.modules.get(kind.__module__)
    return bool(where.relative(str(getattr(module, "__file__", "")), folder))


def execute(app: Any, folder: str, message: Message) -> Any:
    """Runs one SQL statement on the program's own engine: {"rows"} or {"error": the exception's type}."""
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    from workbook.candidate import databases

    engine = databases.engine_of(app)
    if engine is None:
        return {"error": "no engine"}
    try:
        with engine.begin() as connection:
            result = connection.execute(text(message["statement"]), message.get("values") or {})
            rows = [list(map(_plain, row)) for row in result] if result.returns_rows else []
    except SQLAlchemyError as error:
        return {"error": type(error).__name__}
    return {"rows": rows}


def race(app: Any, folder: str, message: Message) -> Any:
    """Before the program's next INSERT another connection inserts the same row first."""
    from workbook.candidate import databases

    databases.RACE[:] = ["armed"]
    return True


def raced(app: Any, folder: str, message: Message) -> Any:
    """Whether the row of `race` got in first."""
    from workbook.candidate import databases

    return databases.RACE == ["happened"]


def fail_inside(app: Any, folder: str, message: Message) -> Any:
    """The next request raises RuntimeError with the given text where its view would be called."""
    original = app.dispatch_request

    def dispatch_request() -> Any:
        app.dispatch_request = original
        raise RuntimeError(message["text"])

    app.dispatch_request = dispatch_request
    return True


PROBES: dict[str, Callable[[Any, str, Message], Any]] = {
    "routes": routes,
    "blueprints": blueprints,
    "config": config,
    "flags": flags,
    "holds_text": holds_text,
    "execute": execute,
    "race": race,
    "raced": raced,
    "fail_inside": fail_inside,
}
