from pathlib import Path

from flask import current_app
from sqlalchemy import create_engine, event, func, make_url, select
from sqlalchemy.pool import StaticPool
from werkzeug.local import LocalProxy

from .tables import metadata


class Database:
    def __init__(self, url):
        url = make_url(url)
        options = {}
        if url.get_backend_name() == "sqlite":
            if url.database in (None, "", ":memory:"):  # every thread must see the same memory
                options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
            else:
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = create_engine(url, **options)
        if url.get_backend_name() == "sqlite":
            event.listen(self.engine, "connect", lambda raw, record: raw.execute("PRAGMA foreign_keys=ON"))
        metadata.create_all(self.engine)

    def all(self, statement):
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def one(self, statement):
        rows = self.all(statement.limit(1))
        return rows[0] if rows else None

    def count(self, statement):
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(statement.subquery()))

    def write(self, *statements):
        """All of them or none; gives the id of the last one's new row."""
        with self.engine.begin() as connection:
            for statement in statements:
                result = connection.execute(statement)
            return result.inserted_primary_key.id if result.context.isinsert else None


db = LocalProxy(lambda: current_app.extensions["database"])
