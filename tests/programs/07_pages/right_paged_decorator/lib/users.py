from flask import Blueprint, g, session
from werkzeug.security import check_password_hash, generate_password_hash

from lib.store import store
from lib.web import body, login, paged

bp = Blueprint("users", __name__, url_prefix="/api")


def public(user):
    return {"id": user["id"], "username": user["username"]}


@bp.get("/users")
@paged("users")
def everybody():
    return [public(user) for user in store.users]


@bp.post("/users")
@body("username", "password")
def register(username, password):
    username, hashed = username.strip(), generate_password_hash(password)
    if username in [user["username"] for user in store.users]:
        return {"error": "The name belongs to somebody"}, 409
    user = store.add(store.users, username=username, hash=hashed)
    return {"message": "User registered successfully!", "user": public(user)}, 201


@bp.post("/login")
@body("username", "password")
def log_in(username, password):
    for user in store.users:
        if user["username"] == username.strip() and check_password_hash(user["hash"], password):
            session["id"] = user["id"]
            return {"message": "Login successful!", "user": public(user)}
    return {"error": "No login with these"}, 401


@bp.post("/logout")
def log_out():
    session.pop("id", None)
    return {"message": "Logout successful!"}


@bp.get("/me")
@login
def me():
    return {"user": public(g.user)}
