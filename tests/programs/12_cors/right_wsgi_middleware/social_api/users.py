from flask import Blueprint, session
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from .body import LIMIT, read_fields
from .common import by_id, logged_in, page_of
from .db import db
from .errors import Refused
from .tables import post, public_post, public_user, user, user_with_count

users = Blueprint("users", __name__)


@users.route("/api/users", methods=["POST"])
def register():
    username, password = read_fields(username=(1, 80), password=(8, 128))
    try:
        id = db.write(insert(user).values(username=username, password=generate_password_hash(password)))
    except IntegrityError:
        raise Refused(409, "That name is taken") from None
    return {"message": "User registered successfully!", "user": {"id": id, "username": username}}, 201


@users.route("/api/users")
def everybody():
    return page_of("users", public_user, user.c.id)


@users.route("/api/users/<int:id>")
def one(id):
    return {"user": by_id(user_with_count, user.c.id, id, "user")}


@users.route("/api/users/<int:id>/posts")
def posts_of(id):
    by_id(public_user, user.c.id, id, "user")
    return page_of("posts", public_post.where(post.c.user_id == id), post.c.id.desc())


@users.route("/api/login", methods=["POST"])
def login():
    username, password = read_fields(username=(1, LIMIT), password=(1, LIMIT))
    row = db.one(select(user).where(user.c.username == username))
    if row is None or not check_password_hash(row["password"], password):
        raise Refused(401, "Name or password is wrong")
    session.clear()
    session["user_id"] = row["id"]
    return {"message": "Login successful!", "user": {"id": row["id"], "username": row["username"]}}


@users.route("/api/logout", methods=["POST"])
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@users.route("/api/me")
def me():
    return {"user": logged_in()}


@users.route("/api/me", methods=["DELETE"])
def delete_me():
    id = logged_in()["id"]
    db.write(delete(post).where(post.c.user_id == id), delete(user).where(user.c.id == id))
    session.clear()
    return {"message": f"User {id} deleted!"}
