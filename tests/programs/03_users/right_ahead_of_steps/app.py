"""Style: a fast learner: login, logout and who-am-I are there already, with strict_slashes off."""
from flask import Flask, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.url_map.strict_slashes = False
app.secret_key = b"already here"
users = []


def credentials():
    data = request.get_json()
    if not isinstance(data, dict):
        return None
    name, password = data.get("username"), data.get("password")
    if not isinstance(name, str) or not isinstance(password, str) or not name.strip() or not password.strip():
        return None
    return name.strip(), password


def find(name):
    return next((user for user in users if user["username"] == name), None)


def public(user):
    return {key: user[key] for key in ("id", "username")}


@app.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@app.get("/api/health")
def health():
    return {"status": "ok"}


@app.post("/echo")
def echo():
    return {"you_sent": request.get_json()}


@app.post("/api/users")
def register():
    if not (pair := credentials()):
        return {"error": "Missing fields"}, 400
    hashed = generate_password_hash(pair[1])
    if find(pair[0]):
        return {"error": "name taken"}, 409
    users.append({"id": 1 + len(users), "username": pair[0], "hash": hashed})
    return {"message": "User registered successfully!", "user": public(users[-1])}, 201


@app.get("/api/users")
def listing():
    return {"users": [public(user) for user in users], "count": len(users)}


@app.post("/api/login")
def login():
    if not (pair := credentials()):
        return {"error": "Missing fields"}, 400
    user = find(pair[0])
    if not user or not check_password_hash(user["hash"], pair[1]):
        return {"error": "Wrong name or password"}, 401
    session["user_id"] = user["id"]
    return {"message": "Login successful!", "user": public(user)}


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    user = next((user for user in users if user["id"] == session.get("user_id")), None)
    return {"user": public(user)} if user else ({"error": "Not logged in"}, 401)
