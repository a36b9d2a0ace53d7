"""Style: bodies taken apart by match, a handler registered for each of werkzeug's default_exceptions; the ORM without Flask-SQLAlchemy."""
from flask import Flask, request
from werkzeug.exceptions import HTTPException, default_exceptions

from . import database, posts, users


def create_app(config: dict | None = None) -> Flask:
    app = Flask(__package__)
    app.secret_key = "dev"
    app.config["SQLALCHEMY_DATABASE_URI"] = database.default_url(app)
    app.config.update(MAX_CONTENT_LENGTH=16 * 1024)
    app.config.update(config or {})
    database.init_app(app)

    for module in users, posts:
        app.register_blueprint(module.bp)
    for code in default_exceptions:
        app.register_error_handler(code, error_as_json)

    @app.get("/")
    def home():
        return {"message": "Welcome to the Social Media API!"}

    @app.get("/api/health")
    def health():
        return {"status": "ok"}

    @app.post("/echo")
    def echo():
        return {"you_sent": request.get_json()}

    return app


def error_as_json(error: HTTPException):
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    return {"error": error.description or error.name}, error.code, headers
