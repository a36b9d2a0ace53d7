from flask import Blueprint, request, session
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from werkzeug.security import check_password_hash, generate_password_hash

from social_api.helpers import find, login_required, paginate, text_field
from social_api.models import Post, User, db

users_bp = Blueprint("users", __name__, url_prefix="/api")


@users_bp.post("/users")
def register():
    data = request.json
    username, password = text_field(data, "username"), text_field(data, "password")
    if not username or not password:
        return {"error": "Missing fields"}, 400
    user = User(username=username.strip(), password=generate_password_hash(password))
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return {"error": "This name is taken"}, 409
    return {"message": "User registered successfully!", "user": user.to_dict()}, 201


@users_bp.get("/users")
def list_users():
    return paginate(db.select(User).order_by(User.id), "users")


@users_bp.get("/users/<int:id>")
def get_user(id):
    user = find(User, id)
    if user is None:
        return {"error": f"No user {id}"}, 404
    count = db.session.scalar(db.select(db.func.count(Post.id)).where(Post.user_id == id))
    return {"user": {**user.to_dict(), "post_count": count}}


@users_bp.get("/users/<int:id>/posts")
def get_user_posts(id):
    if find(User, id) is None:
        return {"error": f"No user {id}"}, 404
    posts = db.select(Post).options(joinedload(Post.author)).where(Post.user_id == id)
    return paginate(posts.order_by(Post.id.desc()), "posts")


@users_bp.post("/login")
def login():
    data = request.json
    username, password = text_field(data, "username"), text_field(data, "password")
    if not username or not password:
        return {"error": "Missing fields"}, 400
    user = db.session.scalar(db.select(User).where(User.username == username.strip()))
    if user is None or not check_password_hash(user.password, password):
        return {"error": "Wrong username or password"}, 401
    session.clear()
    session["user_id"] = user.id
    return {"message": "Login successful!", "user": user.to_dict()}


@users_bp.post("/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@users_bp.get("/me")
@login_required
def me(user):
    return {"user": user.to_dict()}


@users_bp.delete("/me")
@login_required
def delete_me(user):
    id = user.id
    db.session.delete(user)
    db.session.commit()
    session.clear()
    return {"message": f"User {id} deleted!"}
