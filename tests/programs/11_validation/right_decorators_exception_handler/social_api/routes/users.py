from uuid import uuid4

from flask import Blueprint, jsonify, session
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from werkzeug.security import check_password_hash, generate_password_hash

from social_api.db import db
from social_api.models import Post, User
from social_api.utils import by_id, error, login_required, paginate, takes

bp = Blueprint("users", __name__)


@bp.route("/api/users", methods=["GET"])
def get_users():
    return paginate(User.query.order_by(User.id), "users")


@bp.route("/api/users", methods=["POST"])
@takes(username=(1, 80, True), password=(8, 128, False))
def create_user(username, password):
    if User.query.filter_by(username=username).first() is not None:
        return error("Username already exists", 409)
    user = User(username=username, password=generate_password_hash(password))
    try:
        db.session.add(user)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return error("Username already exists", 409)
    return jsonify({"message": "User registered successfully!", "user": user.to_dict()}), 201


@bp.route("/api/users/<int:id>")
def get_user(id):
    user = by_id(User, id)
    if user is None:
        return error("User not found", 404)
    return jsonify({"user": user.to_dict(post_count=Post.query.filter_by(user_id=id).count())})


@bp.route("/api/users/<int:id>/posts")
def get_posts_of_user(id):
    if by_id(User, id) is None:
        return error("User not found", 404)
    query = Post.query.options(joinedload(Post.author)).filter_by(user_id=id)
    return paginate(query.order_by(Post.id.desc()), "posts")


@bp.route("/api/login", methods=["POST"])
@takes(username=(1, None, True), password=(1, None, False))
def login(username, password):
    user = User.query.filter_by(username=username).first()
    if user is None or not check_password_hash(user.password, password):
        return error("Invalid username or password", 401)
    if user.uuid is None:  # a row from elsewhere
        user.uuid = str(uuid4())
        db.session.commit()
    session["uuid"] = user.uuid
    return jsonify({"message": "Login successful!", "user": user.to_dict()})


@bp.route("/api/logout", methods=["POST"])
def logout():
    session.clear()
    return jsonify({"message": "Logout successful!"})


@bp.route("/api/me", methods=["GET"])
@login_required
def get_me(user):
    return jsonify({"user": user.to_dict()})


@bp.route("/api/me", methods=["DELETE"])
@login_required
def delete_me(user):
    id = user.id
    db.session.delete(user)
    db.session.commit()
    session.clear()
    return jsonify({"message": f"User {id} deleted!"})
