"""Style: before_request loads g.user; a pushed app context, own user class, data in app.config."""
from flask import Flask, abort, g, jsonify, make_response, request, session
from werkzeug.security import check_password_hash, generate_password_hash


class User:
    def __init__(self, id, username, password):
        self.id, self.username = id, username
        self._hash = generate_password_hash(password)

    def accepts(self, password):
        return check_password_hash(self._hash, password)

    def as_dict(self):
        return {"id": self.id, "username": self.username}


app = Flask(__name__)
app.config.from_mapping(SECRET_KEY="a long secret", USERS={}, SESSION_COOKIE_SAMESITE="Lax")
app.json.default = User.as_dict
app.app_context().push()
USERS = app.config["USERS"]
PUBLIC = {"users", "home", "health", "echo", "login", "logout", "static", None}


@app.before_request
def load_user():
    uid = session.get("uid")
    g.user = USERS.get(uid) if isinstance(uid, int) else None
    if g.user is None and request.endpoint not in PUBLIC:
        return fail(401, "Log in first")


def fail(status, text):
    return make_response(jsonify(error=text, status=status), status)


def body(*names):
    data = request.get_json()
    if not isinstance(data, dict):
        abort(fail(400, "not an object"))
    for name in names:
        if not str(data.get(name) or "").strip():
            abort(fail(400, "Missing fields"))
        if not isinstance(data[name], str):
            abort(fail(400, f"{name}: a string, please"))
        yield data[name]


@app.route("/")
def home():
    return jsonify(message="Welcome to the Social Media API!")


@app.route("/api/health")
def health():
    return jsonify(status="ok")


@app.route("/echo", methods=["POST"])
def echo():
    return jsonify(you_sent=request.get_json())


@app.route("/api/users", methods=["GET", "POST"])
def users():
    if request.method != "POST":
        return jsonify(users=list(USERS.values()))
    name, password = body("username", "password")
    fresh = User(len(USERS) + 1, name.strip(), password)
    if any(user.username == fresh.username for user in list(USERS.values())):
        abort(fail(409, "This name is in use"))
    fresh.id = len(USERS) + 1
    USERS[fresh.id] = fresh
    return jsonify(message="User registered successfully!", user=fresh), 201


@app.route("/api/login", methods=["POST"])
def login():
    name, password = body("username", "password")
    user = next((user for user in list(USERS.values()) if user.username == name.strip()), None)
    if not (user and user.accepts(password)):
        abort(fail(401, "Login failed"))
    session["uid"] = user.id
    return jsonify(message="Login successful!", user=user)


@app.route("/api/logout", methods=["POST"])
def logout():
    session.clear()
    return jsonify(message="Logout successful!")


@app.route("/api/me")
def me():
    return jsonify(user=g.user)
