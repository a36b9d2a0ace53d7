from flask import Blueprint, request
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from social_api.listing import json_of_post, json_of_user, listing


def make_users(database, sessions):
    db, User, Post = database.db, database.User, database.Post
    users = Blueprint("users", __name__, url_prefix="/api")

    def credentials():
        body = request.json
        if not isinstance(body, dict):
            return None
        name, password = body.get("username"), body.get("password")
        if not isinstance(name, str) or not isinstance(password, str) or not name.strip() or not password.strip():
            return None
        return name.strip(), password

    def find(id):
        return db.session.get(User, id) if id < 2**31 else None

    @users.post("/users")
    def register():
        sent = credentials()
        if sent is None:
            return {"error": "Missing fields"}, 400
        user = User(username=sent[0], password=generate_password_hash(sent[1], method="pbkdf2:sha256:100000"))
        try:
            db.session.add(user)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return {"error": f"{sent[0]} is somebody else already"}, 409
        return {"message": "User registered successfully!", "user": json_of_user(user)}, 201

    @users.get("/users")
    def everybody():
        return listing(db, "users", db.select(User).order_by(User.id), json_of_user)

    @users.get("/users/<int:id>")
    def one(id):
        user = find(id)
        if user is None:
            return {"error": "Nobody has that number"}, 404
        posts = db.session.scalar(db.select(db.func.count()).where(Post.user_id == id))
        return {"user": {**json_of_user(user), "post_count": posts}}

    @users.get("/users/<int:id>/posts")
    def posts_of(id):
        if find(id) is None:
            return {"error": "Nobody has that number"}, 404
        return listing(db, "posts", db.select(Post).filter_by(user_id=id).order_by(Post.id.desc()), json_of_post)

    @users.post("/login")
    def login():
        sent = credentials()
        if sent is None:
            return {"error": "Missing fields"}, 400
        user = db.session.scalar(db.select(User).filter_by(username=sent[0]))
        if user is None or not check_password_hash(user.password, sent[1]):
            return {"error": "That did not work"}, 401
        sessions.start(user)
        return {"message": "Login successful!", "user": json_of_user(user)}

    @users.post("/logout")
    def logout():
        sessions.end()
        return {"message": "Logout successful!"}

    @users.route("/me", methods=["GET", "DELETE"])
    def me():
        user = sessions.user()
        if user is None:
            return {"error": "Who are you?"}, 401
        if request.method == "GET":
            return {"user": json_of_user(user)}
        id = user.id
        sessions.end()
        db.session.delete(user)
        db.session.commit()
        return {"message": f"User {id} deleted!"}

    return users
