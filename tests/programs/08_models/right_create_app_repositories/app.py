"""Style: create_app() in app.py, MethodView classes, repositories, exceptions with a status, tables made before the first request."""
import re
from threading import Lock

from flask import Flask, request, session
from flask.views import MethodView
from werkzeug.security import check_password_hash, generate_password_hash

from config import Config
from errors import ApiError, Forbidden, Invalid, NotLoggedIn, Unknown
from repositories import Posts, Users
from tables import db

users, posts = Users(), Posts()


def me_or_error():
    user = users.get(session.get("id"))
    if user is None:
        raise NotLoggedIn("Log in, please")
    return user


def post_or_error(id):
    post = posts.get(id)
    if post is None:
        raise Unknown("That post does not exist")
    return post


def own_post_or_error(id):
    me = me_or_error()
    post = post_or_error(id)
    if post.user_id != me.id:
        raise Forbidden("That post is somebody else's")
    return post


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


def page_of(repository, key):
    page, per_page = argument("page", 1, 2**50), argument("per_page", 10, 100)
    rows, total = repository.page(page, per_page)
    pages = -(-total // per_page)
    return {
        key: [row.as_dict() for row in rows], "total": total, "pages": pages, "page": page, "per_page": per_page,
        "has_next": page < pages, "has_prev": page > 1,
    }


class UserList(MethodView):
    def get(self):
        return page_of(users, "users")

    def post(self):
        username, password = fields("username", "password")
        user = users.add(username.strip(), generate_password_hash(password))
        return {"message": "User registered successfully!", "user": user.as_dict()}, 201


class Login(MethodView):
    def post(self):
        username, password = fields("username", "password")
        user = users.by_name(username.strip())
        if user is None or not check_password_hash(user.password, password):
            raise NotLoggedIn("Wrong name or password")
        session.clear()
        session["id"] = user.id
        return {"message": "Login successful!", "user": user.as_dict()}


class Logout(MethodView):
    def post(self):
        session.clear()
        return {"message": "Logout successful!"}


class Me(MethodView):
    def get(self):
        return {"user": me_or_error().as_dict()}


class PostList(MethodView):
    def get(self):
        return page_of(posts, "posts")

    def post(self):
        me = me_or_error()
        post = posts.add(me, content_field())
        return {"message": "Post created successfully!", "post": post.as_dict()}, 201


class PostItem(MethodView):
    def get(self, id):
        return {"post": post_or_error(id).as_dict()}

    def put(self, id):
        post = own_post_or_error(id)
        posts.change(post, content_field())
        return {"message": f"Post {id} updated!", "post": post.as_dict()}

    def delete(self, id):
        posts.remove(own_post_or_error(id))
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
    app.add_url_rule("/api/login", view_func=Login.as_view("login"))
    app.add_url_rule("/api/logout", view_func=Logout.as_view("logout"))
    app.add_url_rule("/api/me", view_func=Me.as_view("me"))
    app.add_url_rule("/api/posts", view_func=PostList.as_view("posts"))
    app.add_url_rule("/api/posts/<int:id>", view_func=PostItem.as_view("post"))
    return app
