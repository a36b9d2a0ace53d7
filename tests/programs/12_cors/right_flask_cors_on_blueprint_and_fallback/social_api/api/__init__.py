import re

from flask import Blueprint
from flask_cors import CORS

from social_api.api import posts, users


def make_api(origins):
    api = Blueprint("api", __name__, url_prefix="/api")
    CORS(api, origins=[re.compile(re.escape(origin) + r"\Z") for origin in origins], supports_credentials=True)
    api.register_blueprint(users.make_blueprint())
    api.register_blueprint(posts.make_blueprint(), url_prefix="/posts")

    @api.get("/health")
    def health():
        return {"status": "ok"}

    return api
