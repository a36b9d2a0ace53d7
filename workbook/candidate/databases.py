"""What the candidate does to SQLAlchemy: counts its statements, and spares the disk.

All of it hangs on SQLAlchemy's documented events on the class Engine, so it holds for
every engine that a program makes, whichever way it makes it.
"""

from __future__ import annotations

import re
import weakref
from typing import Any

SQL: list[str] = []  # the statements of the request that is being answered
MAX_SQL = 400

ENGINES: weakref.WeakSet[Any] = weakref.WeakSet()

# What the probe `race` waits for and what came of it: "armed", then "happened" or "impossible".
RACE: list[str] = []


def listen() -> None:
    """Hears every connection and statement; `synchronous=OFF` saves the waiting for a disk."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    @event.listens_for(Engine, "connect")
    def spare_the_disk(connection: Any, record: Any) -> None:
        # within a transaction that the program has begun, SQLite refuses it
        if type(connection).__module__.startswith("sqlite3") and not connection.in_transaction:
            connection.execute("PRAGMA synchronous=OFF").close()

    @event.listens_for(Engine, "engine_connect")
    def remember(connection: Any) -> None:
        ENGINES.add(connection.engine)

    @event.listens_for(Engine, "before_cursor_execute")
    def count(
        connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        if len(SQL) < MAX_SQL:
            SQL.append(statement[:500])
        if RACE[:1] == ["armed"] and re.match(
            rf'\s*insert\b[^(]*\binto\s+["`\[]?{RACE[1]}\b', statement, re.I
        ):
            RACE[:] = ["racing"]
            RACE[:] = [_insert_first(connection.engine, statement, parameters)]


def _insert_first(engine: Any, statement: str, parameters: Any) -> str:
    """Runs the same INSERT on a connection of its own and commits it.

    A program that has locked the database before it inserts cannot be overtaken: "impossible".
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if engine.dialect.name == "sqlite":
            cursor.execute("PRAGMA busy_timeout=200")
        cursor.execute(statement, parameters)
        cursor.close()
        connection.commit()
    except engine.dialect.dbapi.Error:
        return "impossible"
    finally:
        connection.close()
    return "happened"


def engine_of(app: Any) -> Any:
    """The engine that the program uses: Flask-SQLAlchemy's default one, or the only one there is."""
    extension = app.extensions.get("sqlalchemy")
    engines = list(ENGINES)
    if extension is not None and hasattr(extension, "engines"):
        with app.app_context():
            own = dict(extension.engines)
        if None in own:
            return own[None]
        engines = list(own.values())
    return engines[0] if len(engines) == 1 else None


def dispose() -> None:
    """Closes what engines keep open of files, so that a copy of the process opens them anew.

    A database in memory lives in its connection, which is kept.
    """
    for engine in list(ENGINES):
        if engine.dialect.name != "sqlite" or engine.url.database not in (None, "", ":memory:"):
            engine.dispose()
