from flask import Blueprint, request, session
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from .database import db
from .models import Post, User
from .shared import get, page_of, signed_in, text

bp = Blueprint("users", __name__, url_prefix="/api")


@bp.post("/users")
def register():
    data = request.get_json()
    username, password = text(data, "username", high=80), text(data, "password", 8, 128)
    user = User(username, generate_password_hash(password, method="pbkdf2:sha256:50000"))
    try:
        with db().begin_nested():
            db().add(user)
    except IntegrityError:
        return {"error": "Name taken"}, 409
    db().commit()
    return {"message": "User registered successfully!", "user": user.json}, 201


@bp.get("/users")
def list_users():
    return page_of("users", select(User).order_by(User.id))


@bp.get("/users/<int:id>")
def get_user(id):
    if not (user := get(User, id)):
        return {"error": "There is no such user"}, 404
    return {"user": {**user.json, "post_count": db().scalar(user.number_of_posts)}}


@bp.get("/users/<int:id>/posts")
def posts_of_user(id):
    if not (user := get(User, id)):
        return {"error": "There is no such user"}, 404
    return page_of("posts", user.posts.select().order_by(Post.id.desc()))


@bp.post("/login")
def login():
    data = request.get_json()
    username, password = text(data, "username"), text(data, "password")
    user = db().scalar(select(User).filter_by(username=username))
    if not user or not check_password_hash(user.password, password):
        return {"error": "Login failed"}, 401
    session.update(user_id=user.id, ticket=user.ticket)
    return {"message": "Login successful!", "user": user.json}


@bp.post("/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@bp.get("/me")
@signed_in
def me(user):
    return {"user": user.json}


@bp.delete("/me")
@signed_in
def delete_me(user):
    id = user.id
    db().delete(user)
    db().commit()
    session.clear()
    return {"message": f"User {id} deleted!"}
