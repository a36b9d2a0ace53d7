"""Loads one program as Flask itself would: `app`, `create_app()`, or a package's factory.

What goes wrong is told as a fact, {"kind": ..., ...}; `workbook.checking.problems`
makes the sentences of it.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import os
import sys
import tokenize
from typing import Any

from workbook.candidate import where

Fact = dict[str, Any]
# standard modules that Flask alone would not have loaded before a program
OURS = ("resource", "faulthandler", "ctypes", "fcntl", "stringprep", "sysconfig", "asyncio", "concurrent")


class CannotLoad(Exception):
    """The program gives no Flask app; `fact` says why."""

    def __init__(self, kind: str, **details: Any) -> None:
        super().__init__(kind)
        self.fact: Fact = {"kind": kind, **details}


class Notes:
    """What a program did that does not stop it, but that a learner should know."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.facts: list[Fact] = []

    def add(self, kind: str, **details: Any) -> None:
        if len(self.facts) < 20:
            self.facts.append({"kind": kind, "place": where.caller(self.folder), **details})

    def take(self) -> list[Fact]:
        """The notes since the last call."""
        facts, self.facts = self.facts, []
        return facts


def disarm(notes: Notes) -> None:
    """Makes what would wait for ever harmless: a server started at import, a question to nobody."""
    import flask
    import werkzeug.serving

    def run(self: flask.Flask, *args: Any, **options: Any) -> None:
        notes.add("run", debug=bool(options.get("debug")))

    def run_simple(*args: Any, **options: Any) -> None:
        notes.add("run", debug=bool(options.get("use_debugger")))

    def ask(prompt: object = "", /) -> str:
        notes.add("input")
        return ""

    flask.Flask.run = run  # type: ignore[method-assign]
    werkzeug.serving.run_simple = run_simple
    builtins.input = ask


def load(target: str, folder: str, config: dict[str, Any] | None) -> Any:
    """The Flask app of the program in `folder`.

    `target` is a module ("app") or a module and its factory ("social_api.app:create_app");
    `config` is handed to a factory that takes one. Raises CannotLoad.
    """
    module_name, _, factory_name = target.partition(":")
    path = module_path(folder, module_name)
    if path is None:
        raise CannotLoad("missing", file=module_name.replace(".", "/") + ".py", files=python_files(folder))
    if os.path.getsize(path) == 0 or not _has_code(path):
        raise CannotLoad("empty", file=where.relative(path, folder))
    try:
        module = _import(module_name, path)
    except SyntaxError as error:
        raise CannotLoad("syntax", **_syntax(error, path, folder)) from None
    except ValueError as error:
        if "null bytes" not in str(error):
            raise
        fact = {"file": where.relative(path, folder), **undecodable(path)}
        raise CannotLoad("nul" if fact.get("encoding") == "NUL" else "syntax", **fact) from None
    return find_app(module, factory_name, folder, config)


def _import(name: str, path: str) -> Any:
    """The module `name` of the file `path`: app.py goes before a package app/, which Python would prefer."""
    if "." in name or not os.path.isdir(path.removesuffix(".py")):
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def module_path(folder: str, name: str) -> str | None:
    """The file of a module or package below `folder`, or None."""
    base = os.path.join(folder, *name.split("."))
    paths = [base + ".py", os.path.join(base, "__init__.py")]
    return next((path for path in paths if os.path.isfile(path)), None)


def python_files(folder: str) -> list[str]:
    """The Python files of a program, at most twenty, relative to its folder."""
    found = []
    for root, folders, files in os.walk(folder):
        folders.sort()
        found += [where.relative(os.path.join(root, name), folder) for name in sorted(files)]
    return [name for name in found if name and name.endswith(".py")][:20]


def _has_code(path: str) -> bool:
    """Whether a file holds more than blank lines; a file that cannot be decoded does."""
    with open(path, "rb") as file:
        return bool(file.read(65536).strip(b"\xef\xbb\xbf \t\r\n\f"))


def find_app(module: Any, factory_name: str, folder: str, config: dict[str, Any] | None) -> Any:
    """`app` or the answer of `create_app` in a loaded module; raises CannotLoad."""
    from flask import Flask

    file = where.relative(getattr(module, "__file__", "") or "", folder)
    app = getattr(module, "app", None)
    if not factory_name and isinstance(app, Flask):
        return app
    factory_name = factory_name or "create_app"
    factory = getattr(module, factory_name, None)
    if callable(factory):
        app = factory() if config is None else factory(config)
        if isinstance(app, Flask):
            return app
        raise CannotLoad(
            "factory", file=file, gave=type(app).__name__, place=where.of_function(factory, folder)
        )
    others = [name for name, value in vars(module).items() if isinstance(value, Flask)]
    if others:
        raise CannotLoad(
            "other-name", file=file, names=others, wanted=factory_name if config is not None else "app"
        )
    kind = "no-app" if app is None else "not-flask"
    raise CannotLoad(
        kind, file=file, gave=type(app).__name__, files=python_files(folder), wanted=factory_name
    )


def explain(error: BaseException, folder: str) -> Fact:
    """What any exception of a program that was being loaded comes to, as a fact."""
    if isinstance(error, CannotLoad):
        return error.fact
    if isinstance(error, SyntaxError):
        return {"kind": "syntax", **_syntax(error, "", folder)}
    if isinstance(error, SystemExit):
        return {"kind": "exit", "error": where.describe(error, folder)}
    fact: Fact = {"kind": "exception", "error": where.describe(error, folder)}
    if isinstance(error, ImportError):
        fact["module"] = error.name
        fact["own"] = python_files(folder)
        fact["from"] = where.relative(error.path or "", folder)
    return fact


def _syntax(error: SyntaxError, path: str, folder: str) -> Fact:
    """A syntax error's file, line, column and text; a file that is no UTF-8 says where it stops being it."""
    path = error.filename or path
    if not os.path.isfile(path):
        path = os.path.join(folder, "app.py")
    fact: Fact = {
        "file": where.relative(path, folder) or os.path.basename(path),
        "line": error.lineno,
        "column": error.offset,
        "type": type(error).__name__,
        "text": error.msg,
        "source": (error.text or "").rstrip("\n")[:200],
    }
    return {**fact, **undecodable(path)}


def undecodable(path: str) -> Fact:
    """Line and column of the first byte that the file's encoding does not know; empty if there is none."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return {"encoding": "UTF-16", "line": 1, "column": 1}
        if b"\0" in data:
            before = data[: data.index(b"\0")]
            return {"encoding": "NUL", "line": before.count(b"\n") + 1, "column": _column(before)}
        with open(path, "rb") as file:
            encoding, _lines = tokenize.detect_encoding(file.readline)
    except (OSError, SyntaxError):
        encoding = "utf-8"
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        return {"encoding": encoding, "line": before.count(b"\n") + 1, "column": _column(before)}
    return {}


def _column(before: bytes) -> int:
    return len(before) - (before.rfind(b"\n") + 1) + 1


def prepare(folder: str) -> None:
    """Makes `folder` the place a program is imported from, as its own terminal would."""
    os.chdir(folder)
    sys.path.insert(0, folder)
    sys.argv[:] = ["app.py"]
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    for name in OURS:  # loaded by us alone: a program's own file of this name is its module
        if os.path.exists(os.path.join(folder, f"{name}.py")) or os.path.isdir(os.path.join(folder, name)):
            sys.modules.pop(name, None)
    for name in [one for one in sys.modules if one.partition(".")[0] == "workbook"]:
        del sys.modules[name]  # a program may have a workbook.py of its own, and finds nothing of ours
