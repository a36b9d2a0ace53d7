from flask import Blueprint, request
from sqlalchemy import delete, insert, update

from .common import by_id, logged_in, page_of, strings
from .db import db
from .errors import Refused
from .tables import post, public_post, user

posts = Blueprint("posts", __name__)


def read(id):
    return by_id(public_post, post.c.id, id, "post")


def read_own(id):
    me = logged_in()
    if read(id)["user_id"] != me["id"]:
        raise Refused(403, "Somebody else wrote that")


def content():
    text = strings("content")[0].strip()
    if len(text) > 255:
        raise Refused(400, "Too long")
    return text


@posts.route("/api/posts", methods=["POST"])
def create():
    author = logged_in()
    id = db.write(insert(post).values(content=content(), user_id=author["id"]))
    return {"message": "Post created successfully!", "post": read(id)}, 201


@posts.route("/api/posts")
def listing():
    wanted = public_post
    if (author := request.args.get("author")) is not None:
        wanted = wanted.where(user.c.username == author)
    return page_of("posts", wanted, post.c.id.desc())


@posts.route("/api/posts/<int:id>")
def one(id):
    return {"post": read(id)}


@posts.route("/api/posts/<int:id>", methods=["PUT"])
def change(id):
    read_own(id)
    db.write(update(post).where(post.c.id == id).values(content=content()))
    return {"message": f"Post {id} updated!", "post": read(id)}


@posts.route("/api/posts/<int:id>", methods=["DELETE"])
def remove(id):
    read_own(id)
    db.write(delete(post).where(post.c.id == id))
    return {"message": f"Post {id} deleted!"}
