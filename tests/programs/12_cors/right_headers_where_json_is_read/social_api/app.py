from flask import Flask, json, request
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
    # a form on somebody else's site shall not be sent with our user's login
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///social.db"
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["CORS_ORIGINS"] = ["http://localhost:8080"]
    app.config.update(config or {})

    # without credentials, the browser would keep the session cookie to itself

    allowed = app.config["CORS_ORIGINS"]

    @app.after_request
    def cors(answer):
        origin = request.headers.get("Origin")
        answer.vary.add("Origin")
        if origin in allowed:
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Allow-Credentials"] = "true"
            asked = request.headers.get("Access-Control-Request-Method")
            if request.method == "OPTIONS" and asked:
                answer.headers["Access-Control-Allow-Methods"] = asked
                if asked in ("POST", "PUT") and request.path != "/api/logout":
                    answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
        return answer
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
