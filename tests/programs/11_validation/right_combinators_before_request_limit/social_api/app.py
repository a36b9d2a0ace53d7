"""Style: checks made of small functions; the size of a body checked in before_request (where nothing else comes first); everything made per app."""
from flask import Flask, request

from social_api.errors import register_handlers
from social_api.models import make_database
from social_api.posts import make_posts
from social_api.sessions import Sessions
from social_api.users import make_users
from social_api.validation import check_size

# Here the body comes first. To write a post one has to be logged in first, so there the size is checked in the view.
OPEN_TO_ALL = {"echo", "users.register", "users.login"}

DEFAULTS = {"SECRET_KEY": "dev", "SQLALCHEMY_DATABASE_URI": "sqlite:///mine.db"}


def create_app(config=None):
    app = Flask(__name__)
    app.config.from_mapping(DEFAULTS)
    app.config.from_mapping(config)

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
