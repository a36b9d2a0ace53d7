from flask import Blueprint, request, session
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from social_api.api.tools import fail, filled, lookup, member, pages_of
from social_api.models import Post, User, db


def make_blueprint():
    bp = Blueprint("users", __name__)
    bp.add_url_rule("/users", view_func=register, methods=["POST"])
    bp.add_url_rule("/users", view_func=everybody)
    bp.add_url_rule("/users/<int:id>", view_func=one)
    bp.add_url_rule("/users/<int:id>/posts", view_func=posts)
    bp.add_url_rule("/login", view_func=login, methods=["POST"])
    bp.add_url_rule("/logout", view_func=logout, methods=["POST"])
    bp.add_url_rule("/me", view_func=me, methods=["GET", "DELETE"])
    return bp


def register():
    body = request.get_json()
    if not filled(body, "username", "password"):
        return fail(400, "Missing fields")
    name = body["username"].strip()
    if db.session.query(User).filter_by(username=name).first():
        return fail(409, "There is somebody of that name")
    user = User(username=name, password=generate_password_hash(body["password"]))
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return fail(409, "There is somebody of that name")
    return {"message": "User registered successfully!", "user": user.public()}, 201


def everybody():
    return pages_of(db.session.query(User).order_by(User.id), "users")


def one(id):
    user = lookup(User, id)
    if user is None:
        return fail(404, "There is no such user")
    return {"user": dict(user.public(), post_count=user.posts.count())}


def posts(id):
    user = lookup(User, id)
    if user is None:
        return fail(404, "There is no such user")
    return pages_of(user.posts.order_by(Post.id.desc()), "posts")


def login():
    body = request.get_json()
    if not filled(body, "username", "password"):
        return fail(400, "Missing fields")
    user = db.session.query(User).filter(User.username == body["username"].strip()).one_or_none()
    if user is None or not check_password_hash(user.password, body["password"]):
        return fail(401, "Wrong name or wrong password")
    session["member"] = user.id
    return {"message": "Login successful!", "user": user.public()}


def logout():
    session.clear()
    return {"message": "Logout successful!"}


def me():
    user = member()
    if user is None:
        return fail(401, "You are nobody yet")
    if request.method == "DELETE":
        id = user.id
        db.session.delete(user)
        db.session.commit()
        session.clear()
        return {"message": f"User {id} deleted!"}
    return {"user": user.public()}
