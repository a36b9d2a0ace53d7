from flask import Blueprint, jsonify, request
from sqlalchemy.orm import joinedload

from social_api.db import db
from social_api.models import Post, User
from social_api.utils import by_id, error, login_required, nonblank, paginate

bp = Blueprint("posts", __name__)


@bp.route("/api/posts", methods=["GET"])
def get_posts():
    query = Post.query.options(joinedload(Post.author))
    author = request.args.get("author")
    if author is not None:
        query = query.join(User, User.id == Post.user_id).filter(User.username == author)
    return paginate(query.order_by(Post.id.desc()), "posts")


@bp.route("/api/posts", methods=["POST"])
@login_required
def create_post(user):
    data = request.json
    if not nonblank(data, "content"):
        return error("Missing fields", 400)
    if len(data["content"].strip()) > 255:
        return error("Content is too long", 400)
    post = Post(content=data["content"].strip(), author=user)
    db.session.add(post)
    db.session.commit()
    return jsonify({"message": "Post created successfully!", "post": post.to_dict()}), 201


@bp.route("/api/posts/<int:id>", methods=["GET"])
def get_post(id):
    post = by_id(Post, id)
    if post is None:
        return error("Post not found", 404)
    return jsonify({"post": post.to_dict()})


@bp.route("/api/posts/<int:id>", methods=["PUT"])
@login_required
def update_post(id, user):
    post = by_id(Post, id)
    if post is None:
        return error("Post not found", 404)
    if post.author != user:
        return error("Forbidden", 403)
    data = request.json
    if not nonblank(data, "content"):
        return error("Missing fields", 400)
    if len(data["content"].strip()) > 255:
        return error("Content is too long", 400)
    post.content = data["content"].strip()
    db.session.commit()
    return jsonify({"message": f"Post {id} updated!", "post": post.to_dict()})


@bp.route("/api/posts/<int:id>", methods=["DELETE"])
@login_required
def delete_post(id, user):
    post = by_id(Post, id)
    if post is None:
        return error("Post not found", 404)
    if post.author != user:
        return error("Forbidden", 403)
    db.session.delete(post)
    db.session.commit()
    return jsonify({"message": f"Post {id} deleted!"})
