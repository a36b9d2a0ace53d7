"""Style: the curriculum's layout: models, helpers, routes/users, routes/posts; absolute imports, prefixes where the blueprints are made, joinedload."""
from flask import Flask, request

from social_api.models import db
from social_api.routes.posts import posts_bp
from social_api.routes.users import users_bp


def create_app(config=None):
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "dev"
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///social.db"
    if config:
        app.config.update(config)

    db.init_app(app)
    app.register_blueprint(users_bp)
    app.register_blueprint(posts_bp)

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
