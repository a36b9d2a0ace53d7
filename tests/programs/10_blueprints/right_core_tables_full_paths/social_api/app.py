"""Style: SQLAlchemy Core, an engine for each app in app.extensions, no Flask-SQLAlchemy and no models.py; routes with full paths, exceptions."""
from pathlib import Path

from flask import Flask, request

from .db import Database
from .errors import Refused, answer
from .posts import posts
from .users import users

HERE = Path(__file__).resolve().parent


def create_app(config=None):
    app = Flask(__name__)
    app.config.from_mapping(
        SECRET_KEY="dev",
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{HERE.parent / 'data' / 'social.db'}",
    )
    if config is not None:
        app.config.from_mapping(config)

    app.extensions["database"] = Database(app.config["SQLALCHEMY_DATABASE_URI"])
    app.register_error_handler(Refused, answer)
    app.register_blueprint(users)
    app.register_blueprint(posts)

    @app.get("/")
    def home():
        return {"message": "Welcome to the Social Media API!"}

    @app.get("/api/health")
    def health():
        return {"status": "ok"}

    @app.post("/echo")
    def echo():
        return {"you_sent": request.json}

    return app
