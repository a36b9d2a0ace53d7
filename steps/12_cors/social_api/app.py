from flask import Flask, json, request
from flask_cors import CORS
from werkzeug.exceptions import HTTPException

from social_api.helpers import MAX_BODY
from social_api.models import db
from social_api.routes.posts import posts_bp
from social_api.routes.users import users_bp


def create_app(config=None):
    """Put the API together; what config holds wins over the settings here."""
    app = Flask(__name__)
    # signs the session cookie: whoever knows the key can forge a login
    app.config["SECRET_KEY"] = "dev"
    # TODO 3: send the session cookie with SameSite=Lax
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///social.db"
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    # TODO 1: list the origins whose pages may read the answers: CORS_ORIGINS
    app.config.update(config or {})

    # TODO 2: allow the listed origins alone, and with the session cookie
    CORS(app)  # replace in TODO 2
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

    @app.errorhandler(HTTPException)
    def json_error(error):
        """Tell in JSON what Flask would tell on a web page."""
        # a new answer would lose headers such as the Allow of a 405
        response = error.get_response()
        response.data = json.dumps({"error": error.description})
        response.content_type = "application/json"
        return response

    @app.errorhandler(500)
    def server_error(error):
        """Own up to a fault of the program, and keep what it was for the log."""
        return {"error": "Something went wrong on the server"}, 500

    return app
