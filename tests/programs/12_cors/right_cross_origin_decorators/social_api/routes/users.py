from flask import Blueprint, abort, session
from flask_cors import cross_origin
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from werkzeug.security import check_password_hash, generate_password_hash

from social_api.helpers import find, json_object, login_required, paginate, text
from social_api.models import Post, User, db

users_bp = Blueprint("users", __name__, url_prefix="/api")


@users_bp.post("/users")
@cross_origin()
def register():
    data = json_object()
    username = text(data, "username", high=80)
    password = text(data, "password", low=8, high=128, trim=False)
    user = User(username=username, password=generate_password_hash(password))
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        abort(409, "This name is taken")
    return {"message": "User registered successfully!", "user": user.to_dict()}, 201


@users_bp.get("/users")
@cross_origin()
def list_users():
    return paginate(db.select(User).order_by(User.id), "users")


@users_bp.get("/users/<int:id>")
@cross_origin()
def get_user(id):
    user = find(User, id)
    if user is None:
        abort(404, f"No user {id}")
    count = db.session.scalar(db.select(db.func.count(Post.id)).where(Post.user_id == id))
    return {"user": {**user.to_dict(), "post_count": count}}


@users_bp.get("/users/<int:id>/posts")
@cross_origin()
def get_user_posts(id):
    if find(User, id) is None:
        abort(404, f"No user {id}")
    posts = db.select(Post).options(joinedload(Post.author)).where(Post.user_id == id)
    return paginate(posts.order_by(Post.id.desc()), "posts")


@users_bp.post("/login")
@cross_origin()
def login():
    data = json_object()
    username, password = text(data, "username"), text(data, "password", trim=False)
    user = db.session.scalar(db.select(User).where(User.username == username))
    if user is None or not check_password_hash(user.password, password):
        abort(401, "Wrong username or password")
    session.clear()
    session["user_id"] = user.id
    return {"message": "Login successful!", "user": user.to_dict()}


@users_bp.post("/logout")
@cross_origin()
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@users_bp.get("/me")
@cross_origin()
@login_required
def me(user):
    return {"user": user.to_dict()}


@users_bp.delete("/me")
@cross_origin()
@login_required
def delete_me(user):
    id = user.id
    db.session.delete(user)
    db.session.commit()
    session.clear()
    return {"message": f"User {id} deleted!"}
