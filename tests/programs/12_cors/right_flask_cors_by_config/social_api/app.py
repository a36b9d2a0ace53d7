"""Style: plain CORS(app), told everything by the configuration (CORS_ORIGINS, CORS_SUPPORTS_CREDENTIALS); everything made per app."""
import re

from flask import Flask, request
from flask_cors import CORS

from social_api.errors import register_handlers
from social_api.models import make_database
from social_api.posts import make_posts
from social_api.sessions import Sessions
from social_api.users import make_users
from social_api.validation import check_size

# Here the body comes first. To write a post one has to be logged in first, so there the size is checked in the view.
OPEN_TO_ALL = {"echo", "users.register", "users.login"}

DEFAULTS = {
    "SECRET_KEY": "dev",
    "SQLALCHEMY_DATABASE_URI": "sqlite:///mine.db",
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CORS_ORIGINS": ["http://localhost:8080"],
    "CORS_SUPPORTS_CREDENTIALS": True,
    "CORS_ALLOW_HEADERS": ["Content-Type"],
    "CORS_METHODS": ["GET", "POST", "PUT", "DELETE"],
}


def literal(origin):
    """Flask-CORS takes an origin with such a character for a regular expression."""
    return re.compile(re.escape(origin) + r"\Z") if re.search(r"[*\\?$^()\[\]]", origin) else origin


def create_app(config=None):
    app = Flask(__name__)
    app.config.from_mapping(DEFAULTS)
    app.config.from_mapping(config)

    app.config["CORS_ORIGINS"] = [literal(origin) for origin in app.config["CORS_ORIGINS"]]
    CORS(app)
    register_handlers(app)

    @app.before_request
    def not_too_much():
        if request.endpoint in OPEN_TO_ALL:
            check_size()

    database = make_database(app)
    sessions = Sessions(database)
    app.register_blueprint(make_users(database, sessions))
    app.register_blueprint(make_posts(database, sessions))

    app.add_url_rule("/", "home", lambda: {"message": "Welcome to the Social Media API!"})
    app.add_url_rule("/api/health", "health", lambda: {"status": "ok"})
    app.add_url_rule("/echo", "echo", lambda: {"you_sent": request.json}, methods=["POST"])
    return app
