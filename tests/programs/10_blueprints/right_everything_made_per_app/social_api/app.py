"""Style: nothing global: every create_app makes its own SQLAlchemy(app), its own models, its own blueprints as closures."""
from flask import Flask, request

from social_api.models import make_database
from social_api.posts import make_posts
from social_api.sessions import Sessions
from social_api.users import make_users

DEFAULTS = {"SECRET_KEY": "dev", "SQLALCHEMY_DATABASE_URI": "sqlite:///mine.db"}


def create_app(config=None):
    app = Flask(__name__)
    app.config.from_mapping(DEFAULTS)
    app.config.from_mapping(config)

    database = make_database(app)
    sessions = Sessions(database)
    app.register_blueprint(make_users(database, sessions))
    app.register_blueprint(make_posts(database, sessions))

    app.add_url_rule("/", "home", lambda: {"message": "Welcome to the Social Media API!"})
    app.add_url_rule("/api/health", "health", lambda: {"status": "ok"})
    app.add_url_rule("/echo", "echo", lambda: {"you_sent": request.json}, methods=["POST"])
    return app
