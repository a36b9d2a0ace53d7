from flask import Blueprint, jsonify, request
from sqlalchemy.orm import joinedload

from social_api.db import db
from social_api.models import Post, User
from social_api.utils import by_id, error, login_required, own_post_required, paginate, takes

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
@takes(content=(1, 255, True))
def create_post(user, content):
    post = Post(content=content, author=user)
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
@own_post_required
@takes(content=(1, 255, True))
def update_post(post, content):
    post.content = content
    db.session.commit()
    return jsonify({"message": f"Post {post.id} updated!", "post": post.to_dict()})


@bp.route("/api/posts/<int:id>", methods=["DELETE"])
@login_required
@own_post_required
def delete_post(post):
    id = post.id
    db.session.delete(post)
    db.session.commit()
    return jsonify({"message": f"Post {id} deleted!"})
