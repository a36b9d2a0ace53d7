from flask import Blueprint, request, session
from sqlalchemy.orm import joinedload

from social_api.helpers import (
    find_post,
    json_object,
    login_required,
    paginate,
    post_json,
    text,
)
from social_api.models import Post, User, db

posts_bp = Blueprint("posts", __name__, url_prefix="/api/posts")


@posts_bp.route("", methods=["POST"])
@login_required
def create_post():
    """Publish a post in the name of the user who is logged in."""
    data = json_object()

    content = text(data, "content", 1, 255)

    # the author comes from the session, because a body can claim anything
    post = Post(content=content, user_id=session["user_id"])
    db.session.add(post)
    db.session.commit()

    return {"message": "Post created successfully!", "post": post_json(post)}, 201


@posts_bp.route("")
def get_posts():
    """List the posts, the newest first."""
    query = db.select(Post).order_by(Post.id.desc())
    # else the database would be asked once more for the author of every post
    query = query.options(joinedload(Post.author))

    author = request.args.get("author")
    if author is not None:
        query = query.join(Post.author).where(User.username == author)

    items, meta = paginate(query)
    return {"posts": [post_json(post) for post in items], **meta}


@posts_bp.route("/<int:id>")
def get_post(id):
    """Show one post."""
    post = find_post(id)
    if not post:
        return {"error": "Post not found"}, 404

    return {"post": post_json(post)}


@posts_bp.route("/<int:id>", methods=["PUT"])
@login_required
def update_post(id):
    """Let the author of a post replace its content."""
    post = find_post(id)
    if not post:
        return {"error": "Post not found"}, 404

    if post.user_id != session["user_id"]:
        return {"error": "Only the author may change a post"}, 403

    data = json_object()

    content = text(data, "content", 1, 255)

    post.content = content
    db.session.commit()

    return {"message": f"Post {id} updated!", "post": post_json(post)}


@posts_bp.route("/<int:id>", methods=["DELETE"])
@login_required
def delete_post(id):
    """Let the author of a post take it back."""
    post = find_post(id)
    if not post:
        return {"error": "Post not found"}, 404

    if post.user_id != session["user_id"]:
        return {"error": "Only the author may delete a post"}, 403

    db.session.delete(post)
    db.session.commit()

    return {"message": f"Post {id} deleted!"}
