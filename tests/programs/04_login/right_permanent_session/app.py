"""Style: a permanent session that every answer refreshes, with a mark for guests too; slashes not strict."""
from datetime import timedelta
from itertools import count

from flask import Flask, jsonify, request, session
from werkzeug.exceptions import HTTPException
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.url_map.strict_slashes = False
app.config.update(SECRET_KEY="x", PERMANENT_SESSION_LIFETIME=timedelta(days=1), SESSION_REFRESH_EACH_REQUEST=True)
users, ids = {}, count(1)


@app.before_request
def mark():
    session.permanent = True
    session.setdefault("seen", True)


@app.errorhandler(HTTPException)
def as_json(exc):
    response = exc.get_response()
    response.data, response.mimetype = app.json.dumps({"error": exc.name}), "application/json"
    return response


def error(text, status):
    return jsonify({"error": text}), status


def read_credentials():
    """username, password, None or None, None, error"""
    data = request.get_json()
    if not isinstance(data, dict):
        return None, None, error("Not an object", 400)
    username = data.get("username")
    if username is None or (isinstance(username, str) and username.strip() == ""):
        return None, None, error("Missing fields", 400)
    password = data.get("password")
    if password is None or (isinstance(password, str) and password.strip() == ""):
        return None, None, error("Missing fields", 400)
    if not isinstance(username, str) or not isinstance(password, str):
        return None, None, error("Only text is accepted", 400)
    return username.strip(), password, None


@app.route("/")
def home():
    return jsonify(message="Welcome to the Social Media API!")


@app.route("/api/health")
def health():
    return jsonify(status="ok")


@app.route("/echo", methods=["POST"])
def echo():
    return jsonify(you_sent=request.get_json())


@app.route("/api/users", methods=["POST"])
def register():
    username, password, problem = read_credentials()
    if problem:
        return problem
    if username in [user["username"] for user in list(users.values())]:
        return error("Already registered", 409)
    user = {"id": next(ids), "username": username}
    users[user["id"]] = {**user, "hash": generate_password_hash(password, "pbkdf2:sha256:1000", salt_length=8)}
    return jsonify(message="User registered successfully!", user=user), 201


@app.route("/api/users")
def listing():
    return jsonify(users=[{"id": id_, "username": users[id_]["username"]} for id_ in sorted(users)])


@app.route("/api/login", methods=["POST"])
def login():
    username, password, problem = read_credentials()
    if problem:
        return problem
    for user in list(users.values()):
        if user["username"] == username and check_password_hash(user["hash"], password):
            session["user"] = [user["id"], username]
            return jsonify(message="Login successful!", user={"id": user["id"], "username": username})
    return error("Bad credentials", 401)


@app.route("/api/logout", methods=["POST"])
def logout():
    session.pop("user", None)
    return jsonify(message="Logout successful!")


@app.route("/api/me")
def me():
    for user in list(users.values()):
        if session.get("user") == [user["id"], user["username"]]:
            return jsonify(user={"id": user["id"], "username": user["username"]})
    return error("You are a guest", 401)
