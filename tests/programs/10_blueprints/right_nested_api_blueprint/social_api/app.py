"""Style: one blueprint `api` with prefix /api that holds `users` and `posts` (nested: api.users, api.posts), made anew for every app."""
from flask import Flask, request

from social_api.api import make_api
from social_api.models import db, install

DEFAULTS = {
    "SECRET_KEY": "dev",
    "SQLALCHEMY_DATABASE_URI": "sqlite:///nested.db",
}


def create_app(config=None):
    app = Flask("social_api")
    app.config.update({**DEFAULTS, **(config or {})})
    app.url_map.strict_slashes = False  # /api/posts/ is the same as /api/posts
    db.init_app(app)
    with app.app_context():
        install(db.engine)
    app.register_blueprint(make_api())
    app.add_url_rule("/", "home", home)
    app.add_url_rule("/echo", "echo", echo, methods=["POST"])
    return app


def home():
    return {"message": "Welcome to the Social Media API!"}


def echo():
    return {"you_sent": request.get_json()}
