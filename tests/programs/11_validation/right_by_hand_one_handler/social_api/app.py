"""Style: validation by hand with abort(400, text), one handler of HTTPException that keeps the headers, MAX_CONTENT_LENGTH."""
from flask import Flask, request
from werkzeug.exceptions import HTTPException

from social_api.helpers import json_error
from social_api.models import db
from social_api.routes.posts import posts_bp
from social_api.routes.users import users_bp


def create_app(config=None):
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "dev"
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///social.db"
    app.config["MAX_CONTENT_LENGTH"] = 16 * 1024
    if config:
        app.config.update(config)

    db.init_app(app)
    app.register_blueprint(users_bp)
    app.register_blueprint(posts_bp)
    app.register_error_handler(HTTPException, json_error)

    @app.get("/")
    def home():
        return {"message": "Welcome to the Social Media API!"}

    @app.get("/api/health")
    def health():
        return {"status": "ok"}

    @app.post("/echo")
    def echo():
        return {"you_sent": request.json}

    with app.app_context():
        db.create_all()
    return app
