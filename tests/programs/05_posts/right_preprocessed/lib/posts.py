from flask import Blueprint, g, request

from lib.data import current_user, data, error, field

posts = Blueprint("posts", __name__)


@posts.url_value_preprocessor
def find_post(endpoint, values):
    if values and "post_id" in values:
        wanted = values.pop("post_id")
        g.post = next((post for post in data().posts if post["id"] == wanted), None)


@posts.before_request
def need_login():
    g.user = current_user()
    if request.method == "POST" and not g.user:
        return error(401, "Log in to write")


@posts.post("")
def create():
    content = field("content").strip()
    if not content:
        return error(400, "Missing fields")
    data().posts.insert(0, {"id": len(data().posts) + 1, "content": content, "user_id": g.user["id"]})
    return {"message": "Post created successfully!", "post": data().posts[0]}, 201


@posts.get("")
def listing():
    return {"posts": data().posts}


@posts.get("/<int:post_id>")
def one():
    return {"post": g.post} if g.post else error(404, "This post does not exist")
