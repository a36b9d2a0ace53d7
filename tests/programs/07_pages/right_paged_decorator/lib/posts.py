from functools import wraps

from flask import Blueprint, g

from lib.store import store
from lib.web import body, login, paged

bp = Blueprint("posts", __name__)


def find(number):
    return next((post for post in store.posts if post["id"] == number), None)


def own(view):
    @login
    @wraps(view)
    def wrapped(number):
        post = find(number)
        if not post:
            return {"error": "No post has this number"}, 404
        if post["user_id"] != g.user["id"]:
            return {"error": "The post belongs to somebody"}, 403
        return view(post=post)

    return wrapped


@bp.get("")
@paged("posts")
def all_posts():
    return store.posts[::-1]


@bp.post("")
@login
@body("content")
def create(content):
    post = store.add(store.posts, content=content.strip(), user_id=g.user["id"])
    return {"message": "Post created successfully!", "post": post}, 201


@bp.get("/<int:number>")
def one(number):
    post = find(number)
    return {"post": post} if post else ({"error": "No post has this number"}, 404)


@bp.put("/<int:number>")
@own
@body("content")
def update(content, post):
    with store:
        post["content"] = content.strip()
    return {"message": f"Post {post['id']} updated!", "post": post}


@bp.delete("/<int:number>")
@own
def delete(post):
    with store:
        store.posts.remove(post)
    return {"message": f"Post {post['id']} deleted!"}
