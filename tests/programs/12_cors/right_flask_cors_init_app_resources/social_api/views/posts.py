from flask import Blueprint, abort, request

from ..extensions import db
from ..forms import PostForm
from ..models import Post, User
from ..pagination import page_of
from ..schemas import dump
from ..security import require_user

bp = Blueprint("posts", __name__)


def find(id: int) -> Post:
    post = db.session.get(Post, id) if id < 2**31 else None
    if post is None:
        abort(404, "No such post")
    return post


def find_own(id: int) -> Post:
    user = require_user()
    post = find(id)
    if post.author != user:
        abort(403, "Only the author may do that")
    return post


@bp.get("")
def index():
    select = db.select(Post).order_by(Post.id.desc())
    if "author" in request.args:
        select = select.where(Post.user_id.in_(db.select(User.id).filter_by(username=request.args["author"])))
    return page_of(select, "posts")


@bp.post("")
def create():
    author = require_user()
    post = Post(content=PostForm.sent().content, author=author)
    db.session.add(post)
    db.session.commit()
    return {"message": "Post created successfully!", "post": dump(post)}, 201, {"Location": f"/api/posts/{post.id}"}


@bp.get("/<int:id>")
def show(id):
    return {"post": dump(find(id))}


@bp.put("/<int:id>")
def update(id):
    post = find_own(id)
    post.content = PostForm.sent().content
    db.session.commit()
    return {"message": f"Post {id} updated!", "post": dump(post)}


@bp.delete("/<int:id>")
def delete(id):
    db.session.delete(find_own(id))
    db.session.commit()
    return {"message": f"Post {id} deleted!"}
