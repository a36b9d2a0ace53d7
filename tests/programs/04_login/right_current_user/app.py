"""Style: the usual program: a list of dicts, a helper current_user(), the id in the session."""
from flask import Flask, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config["SECRET_KEY"] = "dev"

users = []
next_user_id = 1


def text_field(data, name):
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        return None
    return value


def public(user):
    return {"id": user["id"], "username": user["username"]}


def current_user():
    for user in users:
        if user["id"] == session.get("user_id"):
            return user
    return None


@app.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@app.get("/api/health")
def health():
    return {"status": "ok"}


@app.post("/echo")
def echo():
    return {"you_sent": request.get_json()}, 200


@app.post("/api/users")
def register():
    global next_user_id
    data = request.get_json()
    if not isinstance(data, dict):
        return {"error": "Missing fields"}, 400
    username, password = text_field(data, "username"), text_field(data, "password")
    if not username or not password:
        return {"error": "Missing fields"}, 400
    username = username.strip()
    password = generate_password_hash(password)
    if any(user["username"] == username for user in users):
        return {"error": "Username already taken"}, 409
    user = {"id": next_user_id, "username": username, "password": password}
    next_user_id += 1
    users.append(user)
    return {"message": "User registered successfully!", "user": public(user)}, 201


@app.get("/api/users")
def list_users():
    return {"users": [public(user) for user in users]}


@app.post("/api/login")
def login():
    data = request.get_json()
    if not isinstance(data, dict):
        return {"error": "Missing fields"}, 400
    username, password = text_field(data, "username"), text_field(data, "password")
    if not username or not password:
        return {"error": "Missing fields"}, 400
    for user in users:
        if user["username"] == username.strip() and check_password_hash(user["password"], password):
            session.clear()
            session["user_id"] = user["id"]
            return {"message": "Login successful!", "user": public(user)}
    return {"error": "Wrong username or password"}, 401


@app.post("/api/logout")
def logout():
    session.pop("user_id", None)
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    user = current_user()
    if user is None:
        return {"error": "Please log in"}, 401
    return {"user": public(user)}


if __name__ == "__main__":
    app.run(debug=True, port=5001)
