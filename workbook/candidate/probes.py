"""What a check can ask beyond HTTP. Each probe takes the app, its folder and the message, and gives JSON."""

from __future__ import annotations

import importlib
import os
import sys
import types
from collections.abc import Callable
from typing import Any

from workbook.candidate import databases, loading, where

Message = dict[str, Any]


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
    """Whether the app is in debug mode, in testing mode, and able to sign a session cookie."""
    return {"debug": bool(app.debug), "testing": bool(app.testing), "signs": bool(app.secret_key)}


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

    with app.app_context():  # Flask-SQLAlchemy tells its engine inside of one alone
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


def tables(app: Any, folder: str, message: Message) -> Any:
    """The tables that the program has declared to SQLAlchemy, whether they are made yet or not.

    {table: {column: {"type", "length", "nullable", "unique", "refers"}}}; `refers` is a foreign key's
    target, such as "user.id", else None.
    """
    return {
        table.name: {column.name: _column(table, column) for column in table.columns}
        for metadata in _metadatas(app, folder)
        for table in list(metadata.tables.values())
    }


def _metadatas(app: Any, folder: str) -> list[Any]:
    """Every MetaData of Flask-SQLAlchemy, of declarative bases and among the program's own globals."""
    if "sqlalchemy" not in sys.modules:
        return []
    from sqlalchemy import MetaData, Table
    from sqlalchemy.orm import DeclarativeBase, DeclarativeBaseNoMeta

    found = list(getattr(app.extensions.get("sqlalchemy"), "metadatas", {}).values())
    holders: list[Any] = [DeclarativeBase, DeclarativeBaseNoMeta]
    for holder in holders:
        holders += [kind for kind in holder.__subclasses__() if _is_own(kind, folder)]
    for module in list(sys.modules.values()):
        if where.relative(str(getattr(module, "__file__", "")), folder):
            values = list(vars(module).values())
            found += [value for value in values if type(value) is MetaData]
            # never asks an unknown object: Flask's `request` has no attribute outside of a request
            holders += [value for value in values if issubclass(type(value), (type, Table))]
    found += [getattr(holder, "metadata", None) for holder in holders]
    return list({id(one): one for one in found if isinstance(one, MetaData)}.values())


def _column(table: Any, column: Any) -> dict[str, Any]:
    from sqlalchemy import UniqueConstraint

    alone = [rule for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    alone += [index for index in table.indexes if index.unique]
    return {
        "type": str(column.type),
        "length": getattr(column.type, "length", None),
        "nullable": bool(column.nullable),
        "unique": bool(column.primary_key) or any(list(rule.columns) == [column] for rule in alone),
        "refers": next((key.target_fullname for key in column.foreign_keys), None),
    }


def files_hold(app: Any, folder: str, message: Message) -> Any:
    """The files below the program's folder that hold one of `texts`: relative paths, at most five."""
    wanted = [text.encode(encoding) for text in message["texts"] for encoding in ("utf-8", "utf-16-le")]
    found = []
    for root, _folders, names in os.walk(folder):
        for name in sorted(names):
            try:
                with open(os.path.join(root, name), "rb") as file:
                    content = file.read()
            except OSError:
                continue
            if any(text in content for text in wanted):
                found.append(os.path.relpath(os.path.join(root, name), folder).replace(os.sep, "/"))
    return found[:5]


def race(app: Any, folder: str, message: Message) -> Any:
    """Before the program's next INSERT into `table` another connection inserts the same row first."""
    databases.RACE[:] = ["armed", message["table"]]
    return True


def raced(app: Any, folder: str, message: Message) -> Any:
    """Whether the row of `race` got in first."""
    return databases.RACE == ["happened"]


def fail_inside(app: Any, folder: str, message: Message) -> Any:
    """The next request raises RuntimeError with the given text where its view would be called."""
    original = app.dispatch_request

    def dispatch_request() -> Any:
        app.dispatch_request = original
        raise RuntimeError(message["text"])

    app.dispatch_request = dispatch_request
    return True


def import_all(app: Any, folder: str, message: Message) -> Any:
    """Imports each module of `package`, also what nothing imports: {module: why it cannot be, as a fact}."""
    problems = {}
    for file in loading.python_files(folder):
        if file.startswith(message["package"] + "/"):
            name = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
            try:
                importlib.import_module(name)
            except (Exception, SystemExit) as error:
                problems[name] = loading.explain(error, folder)
    return problems


def own_blueprints(app: Any, folder: str, message: Message) -> Any:
    """The blueprints among the program's globals, registered or not: {name: {"rules"} or {"problem": a fact}}."""
    from flask import Blueprint, Flask

    found: dict[str, Any] = {}
    for module in list(sys.modules.values()):
        if not where.relative(str(getattr(module, "__file__", "")), folder):
            continue
        for value in list(vars(module).values()):
            if issubclass(type(value), Blueprint) and value.name not in found:
                scratch = Flask("scratch", static_folder=None)
                try:
                    scratch.register_blueprint(value)
                    found[value.name] = {"rules": routes(scratch, folder, message)}
                except Exception as error:
                    found[value.name] = {"problem": loading.explain(error, folder)}
    return found


PROBES: dict[str, Callable[[Any, str, Message], Any]] = {
    "routes": routes,
    "blueprints": blueprints,
    "import_all": import_all,
    "own_blueprints": own_blueprints,
    "config": config,
    "flags": flags,
    "holds_text": holds_text,
    "execute": execute,
    "tables": tables,
    "files_hold": files_hold,
    "race": race,
    "raced": raced,
    "fail_inside": fail_inside,
}
