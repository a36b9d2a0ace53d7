from flask import Blueprint, session
from werkzeug.security import check_password_hash, generate_password_hash

from lib.data import current_user, data, error, field

users = Blueprint("users", __name__)


def public(user):
    return {"id": user["id"], "username": user["username"]}


@users.get("/health")
def health():
    return {"status": "ok"}


@users.post("/users")
def register():
    username, password = field("username").strip(), field("password")
    if not username or not password:
        return error(400, "Missing fields")
    hashed = generate_password_hash(password)
    if data().user(username=username):
        return error(409, "The name is taken")
    data().users.append({"id": len(data().users) + 1, "username": username, "hash": hashed})
    return {"message": "User registered successfully!", "user": public(data().user(username=username))}, 201


@users.get("/users")
def listing():
    return {"users": [public(user) for user in data().users]}


@users.post("/login")
def login():
    username, password = field("username").strip(), field("password")
    if not username or not password:
        return error(400, "Missing fields")
    user = data().user(username=username)
    if not user or not check_password_hash(user["hash"], password):
        return error(401, "Login failed")
    session["user"] = user["id"]
    return {"message": "Login successful!", "user": public(user)}


@users.post("/logout")
def logout():
    session.pop("user", None)
    return {"message": "Logout successful!"}


@users.get("/me")
def me():
    user = current_user()
    return {"user": public(user)} if user else error(401, "Nobody")
