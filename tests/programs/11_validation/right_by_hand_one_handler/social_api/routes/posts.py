from flask import Blueprint, abort, request
from sqlalchemy.orm import joinedload

from social_api.helpers import find, json_object, login_required, paginate, text
from social_api.models import Post, User, db

posts_bp = Blueprint("posts", __name__, url_prefix="/api/posts")


def read_content():
    return text(json_object(), "content", high=255)


def own_post(user, id):
    post = find(Post, id)
    if post is None:
        abort(404, f"No post {id}")
    if post.user_id != user.id:
        abort(403, "Not your post")
    return post


@posts_bp.post("")
@login_required
def create_post(user):
    post = Post(content=read_content(), author=user)
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
        abort(404, f"No post {id}")
    return {"post": post.to_dict()}


@posts_bp.put("/<int:id>")
@login_required
def update_post(user, id):
    post = own_post(user, id)
    post.content = read_content()
    db.session.commit()
    return {"message": f"Post {id} updated!", "post": post.to_dict()}


@posts_bp.delete("/<int:id>")
@login_required
def delete_post(user, id):
    db.session.delete(own_post(user, id))
    db.session.commit()
    return {"message": f"Post {id} deleted!"}
