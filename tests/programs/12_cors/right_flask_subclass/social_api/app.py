"""Style: a subclass of Flask with process_response and make_default_options_response of its own; match, the ORM without Flask-SQLAlchemy."""
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, default_exceptions

from . import database, posts, users


class CrossOriginFlask(Flask):
    def process_response(self, response: Response) -> Response:
        """The last thing that happens to every answer, an error or not."""
        response = super().process_response(response)
        response.vary.add("Origin")
        if request.origin in self.config["CORS_ORIGINS"]:
            response.access_control_allow_origin = request.origin
            response.access_control_allow_credentials = True
        return response

    def make_default_options_response(self) -> Response:
        """What Flask answers to OPTIONS, and so to a preflight."""
        response = super().make_default_options_response()
        if request.origin in self.config["CORS_ORIGINS"]:
            response.access_control_allow_methods = response.allow
            response.access_control_allow_headers = ["content-type"]
        return response


def create_app(config: dict | None = None) -> Flask:
    app = CrossOriginFlask(__package__)
    app.secret_key = "dev"
    app.config["SQLALCHEMY_DATABASE_URI"] = database.default_url(app)
    app.config.update(MAX_CONTENT_LENGTH=16 * 1024)
    app.config.update(CORS_ORIGINS=["http://localhost:8080"], SESSION_COOKIE_SAMESITE="Lax")
    app.config.update(config or {})
    database.init_app(app)

    for module in users, posts:
        app.register_blueprint(module.bp)
    for code in default_exceptions:
        app.register_error_handler(code, error_as_json)

    @app.get("/")
    def home():
        return {"message": "Welcome to the Social Media API!"}

    @app.get("/api/health")
    def health():
        return {"status": "ok"}

    @app.post("/echo")
    def echo():
        return {"you_sent": request.get_json()}

    return app


def error_as_json(error: HTTPException):
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    return {"error": error.description or error.name}, error.code, headers
