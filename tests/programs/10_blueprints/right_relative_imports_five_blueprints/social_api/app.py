"""Style: relative imports, extensions.py, five blueprints with their prefixes at registration, abort() with one JSON handler, an id and a nonce in the session."""
import sqlite3

from flask import Flask, json
from sqlalchemy import event
from werkzeug.exceptions import HTTPException

from . import views
from .extensions import db


def create_app(config=None):
    app = Flask(__name__, instance_relative_config=True)
    app.config.from_mapping(SECRET_KEY="dev", SQLALCHEMY_DATABASE_URI="sqlite:///network.sqlite3")
    app.config.from_mapping(config or {})

    db.init_app(app)
    app.register_blueprint(views.main)
    app.register_blueprint(views.auth, url_prefix="/api")
    app.register_blueprint(views.me, url_prefix="/api/me")
    app.register_blueprint(views.users, url_prefix="/api/users")
    app.register_blueprint(views.posts, url_prefix="/api/posts")
    app.register_error_handler(HTTPException, to_json)

    with app.app_context():
        event.listen(db.engine, "connect", check_foreign_keys)
        db.create_all()

    return app


def to_json(error):
    response = error.get_response()
    response.data = json.dumps({"error": error.description})
    response.content_type = "application/json"
    return response


def check_foreign_keys(connection, record):
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA foreign_keys = ON")
