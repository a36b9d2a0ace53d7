from flask import Blueprint, g, jsonify, request

from common import Refusal, body, logged_in, state

posts_bp = Blueprint("posts", __name__, url_prefix="/api/posts")


@posts_bp.before_request
def check():
    writing = request.method in ("POST", "PUT", "DELETE")
    g.user = logged_in()
    if writing and not g.user:
        raise Refusal(401, "Log in to write")
    if "number" in request.view_args:
        g.post = next((post for post in state.posts if post["id"] == request.view_args["number"]), None)
        if not g.post:
            raise Refusal(404, "Unknown post")
        if writing and g.post["user_id"] != g.user["id"]:
            raise Refusal(403, "Not yours")


@posts_bp.get("")
def listing():
    return jsonify(posts=state.posts)


@posts_bp.post("")
def create():
    (content,) = body("content")
    state.made += 1
    post = {"id": state.made, "content": content.strip(), "user_id": g.user["id"]}
    state.posts.insert(0, post)
    return jsonify(message="Post created successfully!", post=post), 201


@posts_bp.get("/<int:number>")
def show(number):
    return jsonify(post=g.post)


@posts_bp.put("/<int:number>")
def update(number):
    g.post["content"] = body("content")[0].strip()
    return jsonify(message=f"Post {number} updated!", post=g.post)


@posts_bp.delete("/<int:number>")
def delete(number):
    state.posts.remove(g.post)
    return jsonify(message=f"Post {number} deleted!")
