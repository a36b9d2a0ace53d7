"""Style: a table of rules for the fields; after_request turns every error that is no JSON yet into JSON; nested blueprints api.users and api.posts."""
from flask import Flask, json, request
from werkzeug.http import HTTP_STATUS_CODES

from social_api.api import make_api
from social_api.models import db, install

DEFAULTS = {
    "SECRET_KEY": "dev",
    "SQLALCHEMY_DATABASE_URI": "sqlite:///nested.db",
    "MAX_CONTENT_LENGTH": 2**14,
}


def create_app(config=None):
    app = Flask("social_api")
    app.config.update({**DEFAULTS, **(config or {})})
    app.url_map.strict_slashes = False  # /api/posts/ is the same as /api/posts
    db.init_app(app)
    with app.app_context():
        install(db.engine)
    app.register_blueprint(make_api())
    app.after_request(errors_as_json)
    app.add_url_rule("/", "home", home)
    app.add_url_rule("/echo", "echo", echo, methods=["POST"])
    return app


def errors_as_json(response):
    """Flask's own error pages say nothing that the name of the status does not; their headers stay."""
    if response.status_code >= 400 and not response.is_json:
        response.set_data(json.dumps({"error": HTTP_STATUS_CODES.get(response.status_code, "Error")}))
        response.mimetype = "application/json"
    return response


def home():
    return {"message": "Welcome to the Social Media API!"}


def echo():
    return {"you_sent": request.get_json()}
