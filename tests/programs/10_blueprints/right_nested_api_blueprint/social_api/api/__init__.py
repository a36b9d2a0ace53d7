from flask import Blueprint

from social_api.api import posts, users


def make_api():
    api = Blueprint("api", __name__, url_prefix="/api")
    api.register_blueprint(users.make_blueprint())
    api.register_blueprint(posts.make_blueprint(), url_prefix="/posts")

    @api.get("/health")
    def health():
        return {"status": "ok"}

    return api
