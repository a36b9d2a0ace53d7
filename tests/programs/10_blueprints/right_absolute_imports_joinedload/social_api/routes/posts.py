from flask import Blueprint, request
from sqlalchemy.orm import joinedload

from social_api.helpers import find, login_required, paginate, text_field
from social_api.models import Post, User, db

posts_bp = Blueprint("posts", __name__, url_prefix="/api/posts")


def read_content():
    """(content, None) or (None, an error answer)."""
    content = text_field(request.json, "content")
    if content is None:
        return None, ({"error": "Missing fields"}, 400)
    content = content.strip()
    if len(content) > 255:
        return None, ({"error": "content is longer than 255 characters"}, 400)
    return content, None


def own_post(user, id):
    """(post, None) or (None, an error answer)."""
    post = find(Post, id)
    if post is None:
        return None, ({"error": f"No post {id}"}, 404)
    if post.user_id != user.id:
        return None, ({"error": "Not your post"}, 403)
    return post, None


@posts_bp.post("")
@login_required
def create_post(user):
    content, error = read_content()
    if error:
        return error
    post = Post(content=content, author=user)
    db.session.add(post)
    db.session.commit()
    return {"message": "Post created successfully!", "post": post.to_dict()}, 201


@posts_bp.get("")
def list_posts():
    posts = db.select(Post).options(joinedload(Post.author)).order_by(Post.id.desc())
    author = request.args.get("author")
    if author is not None:
        posts = posts.where(Post.author.has(User.username == author))
    return paginate(posts, "posts")


@posts_bp.get("/<int:id>")
def get_post(id):
    post = find(Post, id)
    if post is None:
        return {"error": f"No post {id}"}, 404
    return {"post": post.to_dict()}


@posts_bp.put("/<int:id>")
@login_required
def update_post(user, id):
    post, error = own_post(user, id)
    if error:
        return error
    content, error = read_content()
    if error:
        return error
    post.content = content
    db.session.commit()
    return {"message": f"Post {id} updated!", "post": post.to_dict()}


@posts_bp.delete("/<int:id>")
@login_required
def delete_post(user, id):
    post, error = own_post(user, id)
    if error:
        return error
    db.session.delete(post)
    db.session.commit()
    return {"message": f"Post {id} deleted!"}
