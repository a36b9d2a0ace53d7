"""Style: a preflight is answered in before_request (204, unless the URL is unknown), every other answer is marked in after_request; MethodView, schema classes."""
import os

from flask import Flask, json, request
from flask.views import MethodView
from sqlalchemy import event
from werkzeug.exceptions import HTTPException

from social_api.http import cors
from social_api.http.posts import make_posts
from social_api.http.users import make_users
from social_api.models import db


class Home(MethodView):
    def get(self):
        return {"message": "Welcome to the Social Media API!"}


class Health(MethodView):
    def get(self):
        return {"status": "ok"}


class Echo(MethodView):
    def post(self):
        return {"you_sent": request.get_json()}


def create_app(config=None):
    app = Flask(__name__)
    os.makedirs(app.instance_path, exist_ok=True)
    app.config["SECRET_KEY"] = "dev"
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///" + os.path.join(app.instance_path, "services.db")
    app.config["MAX_CONTENT_LENGTH"] = 16 << 10
    app.config["CORS_ORIGINS"] = ["http://localhost:8080"]
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config.from_mapping(config)

    db.init_app(app)
    with app.app_context():
        if db.engine.name == "sqlite":
            event.listen(db.engine, "connect", lambda raw, record: raw.execute("PRAGMA foreign_keys=on"))
        db.create_all()

    app.before_request(cors.preflight)
    app.after_request(cors.mark)
    app.add_url_rule("/", view_func=Home.as_view("home"))
    app.add_url_rule("/api/health", view_func=Health.as_view("health"))
    app.add_url_rule("/echo", view_func=Echo.as_view("echo"))
    app.register_blueprint(make_users(), url_prefix="/api")
    app.register_blueprint(make_posts(), url_prefix="/api/posts")
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(500, crash)
    return app


def http_error(error):
    response = error.get_response()
    response.set_data(json.dumps({"error": error.name, "status": error.code}))
    response.content_type = "application/json"
    return response


def crash(error):
    db.session.rollback()
    return {"error": "The server made a mistake. It is not your fault.", "status": 500}, 500
