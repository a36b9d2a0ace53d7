import sqlite3
from types import SimpleNamespace

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event


def make_database(app):
    """A new SQLAlchemy object with its models, tables made: .db, .User, .Post and .Login"""
    db = SQLAlchemy(app)

    class User(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        username = db.Column(db.Text, unique=True, nullable=False)
        password = db.Column(db.String(255), nullable=False)
        posts = db.relationship(
            "Post", back_populates="author", cascade="all, delete-orphan", passive_deletes=True
        )
        logins = db.relationship("Login", back_populates="user", cascade="all, delete-orphan", passive_deletes=True)

    class Post(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        content = db.Column(db.String(255), nullable=False)
        user_id = db.Column(db.ForeignKey("user.id", ondelete="CASCADE"), nullable=False)
        author = db.relationship("User", back_populates="posts", lazy="joined")

    class Login(db.Model):
        """Who is logged in; the cookie holds the token."""
        token = db.Column(db.String(43), primary_key=True)
        user_id = db.Column(db.ForeignKey("user.id", ondelete="CASCADE"), nullable=False)
        user = db.relationship("User", back_populates="logins", lazy="joined")

    with app.app_context():
        @event.listens_for(db.engine, "connect")
        def foreign_keys(connection, record):
            if isinstance(connection, sqlite3.Connection):
                connection.execute("PRAGMA foreign_keys=ON")

        db.create_all()
    return SimpleNamespace(db=db, User=User, Post=Post, Login=Login)
