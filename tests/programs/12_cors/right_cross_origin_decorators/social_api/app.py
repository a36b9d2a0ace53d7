"""Style: @cross_origin() on every view (it answers OPTIONS itself), told by the configuration; an after_request hook for what no view answers."""
import re

from flask import Flask, request
from flask_cors import cross_origin
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
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["CORS_ORIGINS"] = ["http://localhost:8080"]
    app.config["CORS_SUPPORTS_CREDENTIALS"] = True
    if config:
        app.config.update(config)

    listed = list(app.config["CORS_ORIGINS"])
    # as regular expressions, because Flask-CORS would take http://[::1]:8080 for a wrong one
    app.config["CORS_ORIGINS"] = [re.compile(re.escape(origin) + r"\Z") for origin in listed]

    @app.after_request
    def errors_too(response):
        origin = request.headers.get("Origin")
        if origin in listed and "Access-Control-Allow-Origin" not in response.headers:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.vary.add("Origin")
        return response

    db.init_app(app)
    app.register_blueprint(users_bp)
    app.register_blueprint(posts_bp)
    app.register_error_handler(HTTPException, json_error)

    @app.get("/")
    @cross_origin()
    def home():
        return {"message": "Welcome to the Social Media API!"}

    @app.get("/api/health")
    @cross_origin()
    def health():
        return {"status": "ok"}

    @app.post("/echo")
    @cross_origin()
    def echo():
        return {"you_sent": request.json}

    with app.app_context():
        db.create_all()
    return app
