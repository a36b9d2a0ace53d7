"""Style: create_app() in app.py, MethodView, services over repositories, contains_eager on an explicit join, bulk deletes, the session bound to the hash."""
import re
from threading import Lock

from flask import Flask, request, session
from flask.views import MethodView
from sqlalchemy import event

import services
from config import Config
from errors import ApiError, Invalid
from tables import db


def me_or_error():
    return services.logged_in(session.get("id"), session.get("mark"))


def fields(*names):
    data = request.get_json()
    if not isinstance(data, dict):
        raise Invalid("The body must be an object")
    values = [data.get(name) for name in names]
    if any(value is None or value == "" for value in values):
        raise Invalid("Missing fields")
    for name, value in zip(names, values):
        if not isinstance(value, str):
            raise Invalid(f"{name} must be a string")
        if value.isspace():
            raise Invalid("Missing fields")
    return values


def content_field():
    content = fields("content")[0].strip()
    if len(content) > 255:
        raise Invalid("content may have 255 characters at most")
    return content


def argument(name, default, most):
    text = request.args.get(name, "")
    if not re.fullmatch(r"-?\d+", text):
        return default
    return min(max(int(text[:20]), 1), most)  # twenty digits say as much as a thousand


def page_of(key, service, *args):
    page, per_page = argument("page", 1, 2**50), argument("per_page", 10, 100)
    rows, total = service(*args, page, per_page)
    return listing(key, rows, total, page, per_page)


def listing(key, rows, total, page, per_page):
    pages = -(-total // per_page)
    return {
        key: [row.as_dict() for row in rows], "total": total, "pages": pages, "page": page, "per_page": per_page,
        "has_next": page < pages, "has_prev": page > 1,
    }


class UserList(MethodView):
    def get(self):
        return page_of("users", services.page_of_users)

    def post(self):
        user = services.register(*fields("username", "password"))
        return {"message": "User registered successfully!", "user": user.as_dict()}, 201


class UserItem(MethodView):
    def get(self, id):
        return {"user": services.with_count(id)}


class UserPosts(MethodView):
    def get(self, id):
        return page_of("posts", services.page_of_posts_by, id)


class Login(MethodView):
    def post(self):
        user = services.login(*fields("username", "password"))
        session.clear()
        session["id"], session["mark"] = user.id, services.fingerprint(user)
        return {"message": "Login successful!", "user": user.as_dict()}


class Logout(MethodView):
    def post(self):
        session.clear()
        return {"message": "Logout successful!"}


class Me(MethodView):
    def get(self):
        return {"user": me_or_error().as_dict()}

    def delete(self):
        me = me_or_error()
        answer = {"message": f"User {me.id} deleted!"}
        services.users.remove(me)
        session.clear()
        return answer


class PostList(MethodView):
    def get(self):
        page, per_page = argument("page", 1, 2**50), argument("per_page", 10, 100)
        rows, total = services.page_of_posts(page, per_page, request.args.get("author"))
        return listing("posts", rows, total, page, per_page)

    def post(self):
        me = me_or_error()
        post = services.posts.add(me, content_field())
        return {"message": "Post created successfully!", "post": post.as_dict()}, 201


class PostItem(MethodView):
    def get(self, id):
        return {"post": services.post(id).as_dict()}

    def put(self, id):
        post = services.own_post(me_or_error(), id)
        services.posts.change(post, content_field())
        return {"message": f"Post {id} updated!", "post": post.as_dict()}

    def delete(self, id):
        services.posts.remove(services.own_post(me_or_error(), id))
        return {"message": f"Post {id} deleted!"}


def create_app():
    app = Flask(__name__)
    app.config.from_object(Config)
    db.init_app(app)

    lock, made = Lock(), []

    @app.before_request
    def make_tables():
        with lock:
            if not made:
                event.listen(db.engine, "connect", lambda raw, record: raw.execute("PRAGMA foreign_keys=ON"))
                db.create_all()
                made.append(True)

    @app.errorhandler(ApiError)
    def answer(error):
        return {"error": str(error)}, error.status

    @app.get("/")
    def home():
        return {"message": "Welcome to the Social Media API!"}

    @app.get("/api/health")
    def health():
        return {"status": "ok"}

    @app.post("/echo")
    def echo():
        return {"you_sent": request.get_json()}

    app.add_url_rule("/api/users", view_func=UserList.as_view("users"))
    app.add_url_rule("/api/users/<int:id>", view_func=UserItem.as_view("user"))
    app.add_url_rule("/api/users/<int:id>/posts", view_func=UserPosts.as_view("user_posts"))
    app.add_url_rule("/api/login", view_func=Login.as_view("login"))
    app.add_url_rule("/api/logout", view_func=Logout.as_view("logout"))
    app.add_url_rule("/api/me", view_func=Me.as_view("me"))
    app.add_url_rule("/api/posts", view_func=PostList.as_view("posts"))
    app.add_url_rule("/api/posts/<int:id>", view_func=PostItem.as_view("post"))
    return app
