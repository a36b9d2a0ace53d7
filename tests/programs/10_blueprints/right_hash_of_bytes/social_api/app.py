from flask import Flask, request

from social_api.models import db
from social_api.routes.posts import posts_bp
from social_api.routes.users import users_bp


def create_app(config=None):
    """Put the API together; what config holds wins over the settings here."""
    app = Flask(__name__)
    # signs the session cookie: whoever knows the key can forge a login
    app.config["SECRET_KEY"] = "dev"
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///social.db"
    app.config.update(config or {})

    db.init_app(app)

    with app.app_context():
        db.create_all()

    app.register_blueprint(users_bp)
    app.register_blueprint(posts_bp)

    @app.route("/")
    def home():
        """Welcome whoever opens the API."""
        return {"message": "Welcome to the Social Media API!"}

    @app.route("/api/health")
    def health():
        """Tell a watchdog that the program still answers."""
        return {"status": "ok"}

    @app.route("/echo", methods=["POST"])
    def echo():
        """Send the client's JSON back, to show what arrived."""
        data = request.json
        return {"you_sent": data}, 200

    return app
