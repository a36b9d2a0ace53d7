"""Style: MethodViews on a blueprint; a decorator in `decorators`, models in a module, app.extensions."""
from functools import wraps

from flask import Blueprint, Flask, current_app, request, session
from flask.views import MethodView

from models import Register


def register_of_app() -> Register:
    return current_app.extensions["register"]


def with_credentials(view):
    @wraps(view)
    def wrapped():
        data = request.get_json()
        texts = data if isinstance(data, dict) else {}
        for name in ("username", "password"):
            if not isinstance(texts.get(name), str) or not texts[name].strip():
                return {"error": "Missing fields"}, 400
        return view(username=texts["username"].strip(), password=texts["password"])

    return wrapped


class Users(MethodView):
    def get(self):
        return {"users": [user.public for user in register_of_app()]}

    @staticmethod
    @with_credentials
    def post(username, password):
        if (user := register_of_app().add(username, password)) is None:
            return {"error": "This username is already in use"}, 409
        return {"message": "User registered successfully!", "user": user.public}, 201


class Login(MethodView):
    decorators = [with_credentials]

    def post(self, username, password):
        if (user := register_of_app().login(username, password)) is None:
            return {"error": "Invalid credentials"}, 401
        session.clear()
        session["id"] = user.id
        return {"message": "Login successful!", "user": user.public}


class Logout(MethodView):
    def post(self):
        session.clear()
        return {"message": "Logout successful!"}


class Me(MethodView):
    def get(self):
        user = register_of_app().by_id(session.get("id"))
        return {"user": user.public} if user else ({"error": "Unauthorized"}, 401)


api = Blueprint("api", __name__, url_prefix="/api")
for view in (Users, Login, Logout, Me):
    api.add_url_rule(f"/{view.__name__.lower()}", view_func=view.as_view(view.__name__.lower()))
api.add_url_rule("/health", "health", lambda: {"status": "ok"})

app = Flask(__name__)
app.secret_key = "method views"
app.extensions["register"] = Register()
app.add_url_rule("/", "home", lambda: {"message": "Welcome to the Social Media API!"})
app.add_url_rule("/echo", "echo", lambda: {"you_sent": request.get_json()}, methods=["POST"])
app.register_blueprint(api)
