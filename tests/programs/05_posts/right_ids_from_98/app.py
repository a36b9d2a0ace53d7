"""Style: ids from 98 on with gaps, parsed by an own converter; create_app with app.extensions and namedtuples."""
from collections import namedtuple
from itertools import count

from flask import Flask, current_app, jsonify, request, session
from werkzeug.routing import BaseConverter
from werkzeug.security import check_password_hash, generate_password_hash

User = namedtuple("User", "id username hashed")
Post = namedtuple("Post", "id content user_id")


class IdConverter(BaseConverter):
    regex = "[0-9]+"

    def to_python(self, value):
        return value.lstrip("0")  # the ids are compared as texts


class Data:
    def __init__(self):
        self.users, self.posts = [], {}
        self.user_ids, self.post_ids = count(98), count(98)

    @property
    def me(self):
        return next((user for user in self.users if str(user.id) == session.get("id")), None)

    def named(self, name):
        return next((user for user in self.users if user.username == name), None)


def data() -> Data:
    return current_app.extensions["data"]


def create_app():
    app = Flask(__name__, static_folder=None)
    app.secret_key = "98"
    app.url_map.converters["number"] = IdConverter
    app.extensions["data"] = Data()
    for method, rule, view in [
        ("GET", "/", lambda: {"message": "Welcome to the Social Media API!"}),
        ("GET", "/api/health", lambda: {"status": "ok"}),
        ("POST", "/echo", lambda: {"you_sent": request.get_json()}),
        ("POST", "/api/users", register),
        ("GET", "/api/users", lambda: {"users": [show(user) for user in data().users]}),
        ("POST", "/api/login", login),
        ("POST", "/api/logout", logout),
        ("GET", "/api/me", lambda: {"user": show(data().me)} if data().me else error("Not logged in", 401)),
        ("POST", "/api/posts", create),
        ("GET", "/api/posts", lambda: {"posts": [post._asdict() for post in reversed(list(data().posts.values()))]}),
        ("GET", "/api/posts/<number:key>", one),
    ]:
        app.add_url_rule(rule, f"{method} {rule.replace('.', '-')}", view, methods=[method])
    return app


def error(text, status):
    return jsonify(error=text), status


def text(name):
    body = request.get_json()
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) and value.strip() else ""


def show(user):
    return {"id": user.id, "username": user.username}


def register():
    if not (text("username") and text("password")):
        return error("Missing fields", 400)
    hashed = generate_password_hash(text("password"))
    if data().named(text("username").strip()):
        return error("In use", 409)
    user = User(next(data().user_ids), text("username").strip(), hashed)
    data().users.append(user)
    return {"message": "User registered successfully!", "user": show(user)}, 201


def login():
    if not (text("username") and text("password")):
        return error("Missing fields", 400)
    user = data().named(text("username").strip())
    if user and check_password_hash(user.hashed, text("password")):
        session["id"] = str(user.id)
        return {"message": "Login successful!", "user": show(user)}
    return error("Wrong credentials", 401)


def logout():
    session.clear()
    return {"message": "Logout successful!"}


def create():
    if not (me := data().me):
        return error("Not logged in", 401)
    if not text("content"):
        return error("Missing fields", 400)
    next(data().post_ids)  # one id of two stays free
    post = Post(next(data().post_ids), text("content").strip(), me.id)
    data().posts[str(post.id)] = post
    return {"message": "Post created successfully!", "post": post._asdict()}, 201


def one(key):
    if key not in data().posts:
        return error("Not found", 404)
    return {"post": data().posts[key]._asdict()}
