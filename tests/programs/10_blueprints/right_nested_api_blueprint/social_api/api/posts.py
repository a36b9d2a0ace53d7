from flask import Blueprint, request

from social_api.api.tools import fail, filled, lookup, member, pages_of
from social_api.models import Post, User, db


def make_blueprint():
    bp = Blueprint("posts", __name__)
    bp.add_url_rule("", view_func=create, methods=["POST"])
    bp.add_url_rule("", view_func=listing)
    bp.add_url_rule("/<int:id>", view_func=one)
    bp.add_url_rule("/<int:id>", view_func=update, methods=["PUT"])
    bp.add_url_rule("/<int:id>", view_func=delete, methods=["DELETE"])
    return bp


def sent():
    """(content, error)"""
    body = request.get_json()
    if not filled(body, "content"):
        return None, fail(400, "Missing fields")
    content = body["content"].strip()
    if len(content) > 255:
        return None, fail(400, "Nobody reads more than 255 characters")
    return content, None


def mine(id):
    """(post, error)"""
    user = member()
    if user is None:
        return None, fail(401, "You are nobody yet")
    post = lookup(Post, id)
    if post is None:
        return None, fail(404, "There is no such post")
    if post.user_id != user.id:
        return None, fail(403, "It is not yours")
    return post, None


def create():
    user = member()
    if user is None:
        return fail(401, "You are nobody yet")
    content, error = sent()
    if error:
        return error
    post = Post(content=content, writer=user)
    db.session.add(post)
    db.session.commit()
    return {"message": "Post created successfully!", "post": post.public()}, 201


def listing():
    query = db.session.query(Post).order_by(Post.id.desc())
    author = request.args.get("author")
    if author is not None:
        query = query.join(User).filter(User.username == author)
    return pages_of(query, "posts")


def one(id):
    post = lookup(Post, id)
    return {"post": post.public()} if post else fail(404, "There is no such post")


def update(id):
    post, error = mine(id)
    if error:
        return error
    content, error = sent()
    if error:
        return error
    post.content = content
    db.session.commit()
    return {"message": f"Post {id} updated!", "post": post.public()}


def delete(id):
    post, error = mine(id)
    if error:
        return error
    db.session.delete(post)
    db.session.commit()
    return {"message": f"Post {id} deleted!"}
