"""Style: MethodViews with decorators, dataclasses with methods, ids from one counter for users and posts."""
from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass, field
from functools import wraps

from flask import Flask, abort, jsonify, request, session
from flask.views import MethodView
from werkzeug.security import check_password_hash, generate_password_hash

new_id = itertools.count(1).__next__


@dataclass
class User:
    username: str
    password: str
    id: int = field(default_factory=new_id)

    def public(self) -> dict:
        return {"id": self.id, "username": self.username}


@dataclass
class Post:
    content: str
    user_id: int
    id: int = field(default_factory=new_id)


users: dict[int, User] = {}
posts: dict[int, Post] = {}


def stop(status: int, text: str):
    abort(app.make_response((jsonify(error=text), status)))


def fields(*names: str) -> list[str]:
    data = request.get_json()
    values = [data.get(name) for name in names] if isinstance(data, dict) else [None]
    if not all(isinstance(value, str) and value.strip() for value in values):
        stop(400, "Missing fields")
    return values


def me() -> User | None:
    key = session.get("key")
    return users.get(key) if isinstance(key, int) else None


def named(name: str) -> User | None:
    return next((user for user in list(users.values()) if user.username == name), None)


def with_user(view):
    @wraps(view)
    def wrapped(*args, **kwargs):
        if (user := me()) is None:
            stop(401, "You have to log in")
        return view(*args, user=user, **kwargs)

    return wrapped


def own_post(view):
    @with_user
    @wraps(view)
    def wrapped(self, user, post_id):
        post = posts.get(post_id) or stop(404, "Not found")
        if post.user_id != user.id:
            stop(403, "Only the author may do this")
        return view(self, post)

    return wrapped


class Users(MethodView):
    def get(self):
        return {"users": [user.public() for user in list(users.values())]}

    def post(self):
        username, password = fields("username", "password")
        hashed = generate_password_hash(password)
        if named(username.strip()):
            stop(409, "Name in use")
        user = User(username.strip(), hashed)
        users[user.id] = user
        return {"message": "User registered successfully!", "user": user.public()}, 201


class Login(MethodView):
    def post(self):
        username, password = fields("username", "password")
        user = named(username.strip())
        if user is None or not check_password_hash(user.password, password):
            stop(401, "Wrong name or password")
        session["key"] = user.id
        return {"message": "Login successful!", "user": user.public()}


class Logout(MethodView):
    def post(self):
        session.clear()
        return {"message": "Logout successful!"}


class Me(MethodView):
    decorators = [with_user]

    def get(self, user):
        return {"user": user.public()}


class Posts(MethodView):
    def get(self):
        return {"posts": [asdict(posts[key]) for key in sorted(posts, reverse=True)]}

    @with_user
    def post(self, user):
        post = Post(fields("content")[0].strip(), user.id)
        posts[post.id] = post
        return {"message": "Post created successfully!", "post": asdict(post)}, 201


class OnePost(MethodView):
    def get(self, post_id):
        return {"post": asdict(posts.get(post_id) or stop(404, "Not found"))}

    @own_post
    def put(self, post):
        post.content = fields("content")[0].strip()
        return {"message": f"Post {post.id} updated!", "post": asdict(post)}

    @own_post
    def delete(self, post):
        del posts[post.id]
        return {"message": f"Post {post.id} deleted!"}


app = Flask(__name__)
app.secret_key = "method views"
app.add_url_rule("/", view_func=lambda: {"message": "Welcome to the Social Media API!"}, endpoint="home")
app.add_url_rule("/api/health", view_func=lambda: {"status": "ok"}, endpoint="health")
app.add_url_rule("/echo", view_func=lambda: {"you_sent": request.get_json()}, endpoint="echo", methods=["POST"])
for rule, cls in {"users": Users, "login": Login, "logout": Logout, "me": Me, "posts": Posts,
                  "posts/<int:post_id>": OnePost}.items():
    app.add_url_rule(f"/api/{rule}", view_func=cls.as_view(cls.__name__))
