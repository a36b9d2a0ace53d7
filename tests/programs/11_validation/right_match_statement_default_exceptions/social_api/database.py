import os
import sqlite3

from flask import Flask, current_app, g
from sqlalchemy import create_engine, event, make_url
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from .models import Base


def default_url(app: Flask) -> str:
    return "sqlite:///" + os.path.join(os.path.dirname(app.root_path), "app.db")


def init_app(app: Flask) -> None:
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite" and not url.database:
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(url)
    Base.metadata.create_all(engine)
    app.extensions["sessionmaker"] = sessionmaker(engine)
    app.extensions["engine"] = engine
    app.teardown_appcontext(close)


def db() -> Session:
    """The session of this request."""
    if "db" not in g:
        g.db = current_app.extensions["sessionmaker"]()
    return g.db


def close(error: BaseException | None) -> None:
    if "db" in g:
        g.pop("db").close()


@event.listens_for(Engine, "connect")
def foreign_keys(connection, record) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA foreign_keys=ON")
