from flask import jsonify, request, session

import db
from app import app


@app.route("/")
def home():
    return jsonify(message="Welcome to the Social Media API!")


@app.route("/api/health")
def health():
    return jsonify(status="ok")


@app.route("/echo", methods=["POST"])
def echo():
    return jsonify(you_sent=request.get_json())


def fields(*names):
    data = request.get_json()
    if not isinstance(data, dict):
        return None
    found = [data.get(name) for name in names]
    return found if all(isinstance(text, str) and text.strip() for text in found) else None


def missing():
    return jsonify(error="Missing fields"), 400


@app.route("/api/users", methods=["GET", "POST"])
def users():
    if request.method in ("GET", "HEAD"):
        return jsonify(users=db.all_users())
    if not (found := fields("username", "password")):
        return missing()
    user = db.add_user(*found)
    if user is None:
        return jsonify(error="Choose another name"), 409
    return jsonify(message="User registered successfully!", user=user), 201


@app.route("/api/login", methods=["POST"])
def login():
    if not (found := fields("username", "password")):
        return missing()
    user = db.check_user(*found)
    if user is None:
        return jsonify(error="Login refused"), 401
    session.clear()
    session["user_id"] = user["id"]
    return jsonify(message="Login successful!", user=user)


@app.route("/api/logout", methods=["POST"])
def logout():
    session.clear()
    return jsonify(message="Logout successful!")


@app.route("/api/me")
def me():
    user = db.user(session.get("user_id"))
    return jsonify(user=user) if user else (jsonify(error="Log in, please"), 401)


@app.route("/api/posts", methods=["GET", "POST"])
def posts():
    if request.method in ("GET", "HEAD"):
        return jsonify(posts=db.all_posts())
    user = db.user(session.get("user_id"))
    if not user:
        return jsonify(error="Log in, please"), 401
    if not (found := fields("content")):
        return missing()
    return jsonify(message="Post created successfully!", post=db.add_post(found[0], user)), 201


@app.route("/api/posts/<int:post_id>")
def post(post_id):
    found = db.post(post_id)
    return jsonify(post=found) if found else (jsonify(error=f"No post {post_id}"), 404)
