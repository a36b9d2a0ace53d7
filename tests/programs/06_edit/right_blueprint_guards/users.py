from flask import Blueprint, jsonify, session
from werkzeug.security import check_password_hash, generate_password_hash

from common import Refusal, body, logged_in, state

users_bp = Blueprint("users", __name__, url_prefix="/api")


def public(user):
    return {"id": user["id"], "username": user["username"]}


@users_bp.get("/health")
def health():
    return jsonify(status="ok")


@users_bp.post("/users")
def register():
    name, password = body("username", "password")
    user = {"username": name.strip(), "hash": generate_password_hash(password)}
    if any(other["username"] == user["username"] for other in state.users):
        raise Refusal(409, "There is such a user already")
    user["id"] = 2 * len(state.users) + 1
    state.users.append(user)
    return jsonify(message="User registered successfully!", user=public(user)), 201


@users_bp.get("/users")
def listing():
    return jsonify(users=[public(user) for user in state.users])


@users_bp.post("/login")
def login():
    name, password = body("username", "password")
    for user in state.users:
        if user["username"] == name.strip() and check_password_hash(user["hash"], password):
            session["user"] = user["id"]
            return jsonify(message="Login successful!", user=public(user))
    raise Refusal(401, "No such pair of name and password")


@users_bp.post("/logout")
def logout():
    session.clear()
    return jsonify(message="Logout successful!")


@users_bp.get("/me")
def me():
    if not (user := logged_in()):
        raise Refusal(401, "Nobody is logged in")
    return jsonify(user=public(user))
