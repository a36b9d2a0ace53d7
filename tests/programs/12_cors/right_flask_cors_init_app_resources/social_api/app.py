"""Style: cors = CORS() beside db in extensions.py, cors.init_app(app, resources={...}) in create_app; dataclass forms, five blueprints."""
import sqlite3

from flask import Flask
from sqlalchemy import event

from . import errors, views
from .extensions import db, init_cors


def create_app(config=None):
    app = Flask(__name__, instance_relative_config=True)
    app.config.from_mapping(
        SECRET_KEY="dev",
        SQLALCHEMY_DATABASE_URI="sqlite:///network.sqlite3",
        MAX_CONTENT_LENGTH=16_384,
        CORS_ORIGINS=["http://localhost:8080"],
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.config.from_mapping(config or {})

    db.init_app(app)
    init_cors(app)
    app.register_blueprint(views.main)
    app.register_blueprint(views.auth, url_prefix="/api")
    app.register_blueprint(views.me, url_prefix="/api/me")
    app.register_blueprint(views.users, url_prefix="/api/users")
    app.register_blueprint(views.posts, url_prefix="/api/posts")
    errors.init_app(app)

    with app.app_context():
        event.listen(db.engine, "connect", check_foreign_keys)
        db.create_all()

    return app


def check_foreign_keys(connection, record):
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA foreign_keys = ON")
