"""Style: factory, two blueprints; before_request guards find user and post and refuse before a view runs."""
from flask import Flask, jsonify, request

from common import Refusal, State


def create_app(config=None):
    from posts import posts_bp
    from users import users_bp

    app = Flask(__name__)
    app.config.from_mapping(SECRET_KEY="guards", STATE=State())
    app.config.from_mapping(config)
    app.register_blueprint(users_bp)
    app.register_blueprint(posts_bp)

    @app.errorhandler(Refusal)
    def refused(exc):
        return jsonify(error=exc.text), exc.status

    @app.get("/")
    def home():
        return jsonify(message="Welcome to the Social Media API!")

    @app.post("/echo")
    def echo():
        return jsonify(you_sent=request.get_json())

    return app


if __name__ == "__main__":
    create_app().run(debug=True, port=5001)
