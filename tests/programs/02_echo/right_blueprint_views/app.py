"""Style: MethodView and two blueprints, one of them with a prefix; the type of the value as an extra key."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, request
from flask.views import MethodView

pages = Blueprint("pages", __name__)
api = Blueprint("api", __name__, url_prefix="/api")


class Echo(MethodView):
    def post(self) -> tuple[dict[str, Any], int]:
        value = request.get_json()
        return {"you_sent": value, "type": type(value).__name__, "bytes": request.content_length}, 200


@pages.get("/")
def home() -> dict[str, str]:
    return {"message": "Welcome to the Social Media API!"}


@api.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


pages.add_url_rule("/echo", view_func=Echo.as_view("echo"))
app = Flask(__name__)
app.register_blueprint(pages)
app.register_blueprint(api)
