"""Style: SQLAlchemy's ORM without Flask-SQLAlchemy, a session in g for each request, dataclass models; the package itself gives create_app too."""
from flask import Flask, request

from . import database, posts, users


def create_app(config: dict | None = None) -> Flask:
    app = Flask(__package__)
    app.secret_key = "dev"
    app.config["SQLALCHEMY_DATABASE_URI"] = database.default_url(app)
    app.config.update(config or {})
    database.init_app(app)

    for module in users, posts:
        app.register_blueprint(module.bp)

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
