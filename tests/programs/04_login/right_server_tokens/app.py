"""Style: the session holds a random token, the server knows whose it is; all state in one class instance."""
import secrets
import threading

from flask import Blueprint, Flask, request, session

from accounts import Accounts, Refused

app = Flask(__name__)
app.config["SECRET_KEY"] = "tokens"
api = Blueprint("api", __name__, url_prefix="/api")
accounts = Accounts()


@app.errorhandler(Refused)
def refused(exc):
    return {"error": exc.args[0]}, exc.args[1]


@app.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@app.post("/echo")
def echo():
    return {"you_sent": request.get_json()}


@api.get("/health")
def health():
    return {"status": "ok", "threads": threading.active_count() > 0}


@api.post("/users")
def register():
    return {"message": "User registered successfully!", "user": accounts.register(request.get_json())}, 201


@api.get("/users")
def listing():
    return {"users": accounts.listing()}


@api.post("/login")
def login():
    user = accounts.check(request.get_json())
    accounts.tokens.pop(str(session.get("token")), None)
    session["token"] = secrets.token_urlsafe()
    accounts.tokens[session["token"]] = user
    return {"message": "Login successful!", "user": user}


@api.post("/logout")
def logout():
    accounts.tokens.pop(str(session.pop("token", None)), None)
    return {"message": "Logout successful!"}


@api.get("/me")
def me():
    user = accounts.tokens.get(str(session.get("token")))
    if user is None:
        raise Refused("No valid token", 401)
    return {"user": user}


app.register_blueprint(api)
