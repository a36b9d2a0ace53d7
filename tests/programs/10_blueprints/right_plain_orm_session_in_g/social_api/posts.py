from functools import wraps

from flask import Blueprint, request
from sqlalchemy import select

from .database import db
from .models import Post
from .shared import get, page_of, signed_in, text

bp = Blueprint("posts", __name__, url_prefix="/api")


def authors_only(view):
    @wraps(view)
    @signed_in
    def inner(user, id):
        post = get(Post, id)
        if post is None:
            return {"error": "There is no such post"}, 404
        if post.user_id != user.id:
            return {"error": "That is not your post"}, 403
        return view(post)
    return inner


def sent_content():
    """The content, or an error as a tuple."""
    content = text(request.get_json(), "content")
    if content is None:
        return {"error": "Missing fields"}, 400
    if len(content.strip()) > 255:
        return {"error": "Content is too long"}, 400
    return content.strip()


@bp.post("/posts")
@signed_in
def create_post(user):
    content = sent_content()
    if isinstance(content, tuple):
        return content
    post = Post(content=content, writer=user)
    db().add(post)
    db().commit()
    return {"message": "Post created successfully!", "post": post.json}, 201


@bp.get("/posts")
def list_posts():
    query = select(Post).order_by(Post.id.desc())
    if (author := request.args.get("author")) is not None:
        query = query.where(Post.author == author)
    return page_of("posts", query)


@bp.get("/posts/<int:id>")
def get_post(id):
    post = get(Post, id)
    return {"post": post.json} if post else ({"error": "There is no such post"}, 404)


@bp.put("/posts/<int:id>")
@authors_only
def update_post(post):
    content = sent_content()
    if isinstance(content, tuple):
        return content
    post.content = content
    db().commit()
    return {"message": f"Post {post.id} updated!", "post": post.json}


@bp.delete("/posts/<int:id>")
@authors_only
def delete_post(post):
    id = post.id
    db().delete(post)
    db().commit()
    return {"message": f"Post {id} deleted!"}
