from flask import Blueprint, request

from social_api import validation as v
from social_api.listing import json_of_post, listing


def make_posts(database, sessions):
    db, User, Post = database.db, database.User, database.Post
    posts = Blueprint("posts", __name__, url_prefix="/api/posts")

    def find(id):
        return db.session.get(Post, id) if id < 2**31 else None

    @posts.get("")
    def newest():
        select = db.select(Post).order_by(Post.id.desc())
        if "author" in request.args:
            select = select.join(User).where(User.username == request.args["author"])
        return listing(db, "posts", select, json_of_post)

    @posts.post("")
    def create():
        user = sessions.user()
        if user is None:
            return {"error": "Who are you?"}, 401
        [text] = v.body(content=v.content)
        post = Post(content=text, author=user)
        db.session.add(post)
        db.session.commit()
        return {"message": "Post created successfully!", "post": json_of_post(post)}, 201

    @posts.get("/<int:id>")
    def one(id):
        post = find(id)
        if post is None:
            return {"error": "No post has that number"}, 404
        return {"post": json_of_post(post)}

    @posts.route("/<int:id>", methods=["PUT", "DELETE"])
    def change(id):
        user = sessions.user()
        if user is None:
            return {"error": "Who are you?"}, 401
        post = find(id)
        if post is None:
            return {"error": "No post has that number"}, 404
        if post.author is not user:
            return {"error": "Only its author may touch it"}, 403
        if request.method == "DELETE":
            db.session.delete(post)
            db.session.commit()
            return {"message": f"Post {id} deleted!"}
        [post.content] = v.body(content=v.content)
        db.session.commit()
        return {"message": f"Post {id} updated!", "post": json_of_post(post)}

    return posts
