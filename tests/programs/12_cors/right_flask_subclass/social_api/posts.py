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
    return text(request.get_json(), "content", high=255)


@bp.post("/posts")
@signed_in
def create_post(user):
    post = Post(content=sent_content(), writer=user)
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
    post.content = sent_content()
    db().commit()
    return {"message": f"Post {post.id} updated!", "post": post.json}


@bp.delete("/posts/<int:id>")
@authors_only
def delete_post(post):
    id = post.id
    db().delete(post)
    db().commit()
    return {"message": f"Post {id} deleted!"}
