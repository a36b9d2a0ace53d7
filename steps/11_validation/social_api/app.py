# TODO 1: import json from flask, and HTTPException from werkzeug.exceptions
from flask import Flask, request  # replace in TODO 1

# TODO 5: import MAX_BODY from social_api.helpers
from social_api.models import db
from social_api.routes.posts import posts_bp
from social_api.routes.users import users_bp


def create_app(config=None):
    """Put the API together; what config holds wins over the settings here."""
    app = Flask(__name__)
    # signs the session cookie: whoever knows the key can forge a login
    app.config["SECRET_KEY"] = "dev"
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///social.db"
    # TODO 5: set MAX_CONTENT_LENGTH, the number of bytes that a body may have
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

    # TODO 1: register json_error for every HTTPException
    def json_error(error):
        """Tell in JSON what Flask would tell on a web page."""
        return error  # replace in TODO 1

    @app.errorhandler(500)
    def server_error(error):
        """Own up to a fault of the program, and keep what it was for the log."""
        # TODO 6: tell the client nothing of the exception
        return {"error": repr(error.original_exception)}, 500  # replace in TODO 6

    return app
