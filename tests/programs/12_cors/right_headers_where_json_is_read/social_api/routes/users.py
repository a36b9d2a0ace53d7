from flask import Blueprint, session
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from social_api.helpers import (
    current_user,
    find_user,
    find_user_by_name,
    json_object,
    login_required,
    paginate,
    post_json,
    text,
    user_json,
)
from social_api.models import Post, User, db

users_bp = Blueprint("users", __name__)


@users_bp.route("/api/users", methods=["POST"])
def register_user():
    """Open an account for a new user."""
    data = json_object()

    username = text(data, "username", 1, 80)
    password = text(data, "password", 8, 128)
    if find_user_by_name(username):
        return {"error": "Username is taken"}, 409

    # the hash is enough to check a password, and nobody can log in with it
    password = generate_password_hash(password)
    user = User(username=username, password=password)
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError:
        # two requests for one name can both come this far, and one is too late
        db.session.rollback()
        return {"error": "Username is taken"}, 409

    return {
        "message": "User registered successfully!",
        "user": user_json(user),
    }, 201


@users_bp.route("/api/users")
def get_users():
    """List the users, the oldest account first."""
    items, meta = paginate(db.select(User).order_by(User.id))
    return {"users": [user_json(user) for user in items], **meta}


@users_bp.route("/api/users/<int:id>")
def get_user(id):
    """Show one user, and how many posts there are from them."""
    user = find_user(id)
    if not user:
        return {"error": "User not found"}, 404

    # the database counts without sending the posts, as len(user.posts) would
    query = db.select(db.func.count(Post.id)).where(Post.user_id == id)
    post_count = db.session.scalar(query)

    return {"user": {**user_json(user), "post_count": post_count}}


@users_bp.route("/api/users/<int:id>/posts")
def get_user_posts(id):
    """List the posts of one user, the newest first."""
    user = find_user(id)
    if not user:
        return {"error": "User not found"}, 404

    query = db.select(Post).where(Post.user_id == id).order_by(Post.id.desc())
    items, meta = paginate(query)
    return {"posts": [post_json(post) for post in items], **meta}


@users_bp.route("/api/login", methods=["POST"])
def login():
    """Log a user in on the browser that asks."""
    data = json_object()

    username = text(data, "username")
    password = text(data, "password")

    # one answer for both faults, so that nobody can try out which names exist
    user = find_user_by_name(username)
    if not user or not check_password_hash(user.password, password):
        return {"error": "Wrong username or password"}, 401

    session.clear()
    session["user_id"] = user.id

    return {"message": "Login successful!", "user": user_json(user)}


@users_bp.route("/api/logout", methods=["POST"])
def logout():
    """Log out whoever is logged in on the browser that asks."""
    session.clear()
    return {"message": "Logout successful!"}


@users_bp.route("/api/me")
@login_required
def me():
    """Tell the client who is logged in."""
    user = current_user()
    return {"user": user_json(user)}


@users_bp.route("/api/me", methods=["DELETE"])
@login_required
def delete_me():
    """Close the account of the user who is logged in, and delete their posts."""
    user = current_user()
    db.session.delete(user)
    db.session.commit()
    session.clear()

    return {"message": f"User {user.id} deleted!"}
