"""Style: factory with blueprints; a url_value_preprocessor finds the post, a before_request the user."""
from flask import Flask, request

from lib.data import Data
from lib.posts import posts
from lib.users import users


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY="pre", DATA=Data())
    app.register_blueprint(users, url_prefix="/api")
    app.register_blueprint(posts, url_prefix="/api/posts")
    app.add_url_rule("/", "home", lambda: {"message": "Welcome to the Social Media API!"})
    app.add_url_rule("/echo", "echo", echo, methods=["POST"])
    return app


def echo():
    return {"you_sent": request.get_json()}
