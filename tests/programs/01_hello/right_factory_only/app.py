"""Style: create_app() and no app in the module; views inside the factory, jsonify with HTTPStatus."""
from http import HTTPStatus

from flask import Flask, jsonify


def create_app(config: dict | None = None) -> Flask:
    flask_app = Flask(__name__, static_folder=None)
    flask_app.config.from_mapping(SECRET_KEY="dev", **(config or {}))

    @flask_app.route("/", methods=("GET",))
    def index():
        return jsonify(message="Welcome to the Social Media API!"), HTTPStatus.OK

    @flask_app.route("/api/health", methods={"GET"})
    def health():
        return jsonify(status="ok", version=1), HTTPStatus.OK

    return flask_app


if __name__ == "__main__":
    create_app().run(debug=True, port=5001)
