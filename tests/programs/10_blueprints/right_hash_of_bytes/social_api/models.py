import sqlite3

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, ForeignKey, LargeBinary, String, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

# a number beyond it overflows the database, so no id and no page is larger
MAX_ID = 2**31 - 1


class Base(DeclarativeBase):
    """What all models have in common."""


db = SQLAlchemy(model_class=Base)


class User(db.Model):
    """Somebody who can log in and write posts."""

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    # holds a hash, and Werkzeug's have 162 characters
    password: Mapped[bytes] = mapped_column(LargeBinary(48))
    posts: Mapped[list["Post"]] = relationship(
        back_populates="author",
        cascade="all, delete-orphan",
    )


class Post(db.Model):
    """Something that a user wrote."""

    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    author: Mapped["User"] = relationship(back_populates="posts")


@event.listens_for(Engine, "connect")
def enforce_foreign_keys(connection, record):
    """Make SQLite refuse a post without an author, as other databases do anyway."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA foreign_keys = ON")
