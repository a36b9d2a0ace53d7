"""Style: Flask-SQLAlchemy in a factory with relationships; first_or_404 and get_or_404 with descriptions as JSON."""
import secrets

from flask import Flask, abort, jsonify, request, session
from flask_sqlalchemy import SQLAlchemy
from werkzeug.exceptions import HTTPException
from werkzeug.security import check_password_hash, generate_password_hash

db = SQLAlchemy()


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.Text, unique=True, nullable=False)
    digest = db.Column(db.Text, nullable=False)
    posts = db.relationship("Post", back_populates="author")


class Post(db.Model):
    __table_args__ = {"sqlite_autoincrement": True}
    id = db.Column(db.Integer, primary_key=True)
    content = db.Column(db.Text, nullable=False)
    user_id = db.Column(db.ForeignKey("user.id"), nullable=False)
    author = db.relationship("User", back_populates="posts")


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.token_bytes(), SQLALCHEMY_DATABASE_URI="sqlite:///early.db")
    db.init_app(app)
    with app.app_context():
        db.drop_all()  # every start begins anew
        db.create_all()

    def user_json(user):
        return {"id": user.id, "username": user.username}

    def post_json(post):
        return {"id": post.id, "content": post.content, "user_id": post.user_id, "author": post.author.username}

    def texts(*names):
        data = request.get_json()
        if not isinstance(data, dict):
            abort(400, "not an object")
        for name in names:
            if data.get(name) is None:
                abort(400, "Missing fields")
            if not isinstance(data[name], str):
                abort(400, name + " is not a string")
            if not data[name].strip():
                abort(400, "Missing fields")
        return [data[name] for name in names]

    def me():
        uid = session.get("uid")
        known = isinstance(uid, int) and abs(uid) < 2**63
        return known and db.session.get(User, uid) or abort(401, "log in first")

    def find(pid):
        if pid >= 2**63:
            abort(404, "unknown post")
        return db.get_or_404(Post, pid, description="unknown post")

    def mine(pid):
        user, post = me(), find(pid)
        return post if post.author is user else abort(403, "not your post")

    @app.errorhandler(HTTPException)
    def as_json(exc):
        response = exc.get_response()
        response.data, response.mimetype = app.json.dumps({"error": exc.description}), "application/json"
        return response

    @app.get("/")
    def home():
        return jsonify(message="Welcome to the Social Media API!")

    @app.get("/api/health")
    def health():
        return jsonify(status="ok")

    @app.post("/echo")
    def echo():
        return jsonify(you_sent=request.get_json())

    @app.post("/api/users")
    def register():
        username, password = texts("username", "password")
        if User.query.filter_by(username=username.strip()).count():
            abort(409, "name taken")
        user = User(username=username.strip(), digest=generate_password_hash(password))
        db.session.add(user)
        db.session.commit()
        return jsonify(message="User registered successfully!", user=user_json(user)), 201

    @app.get("/api/users")
    def users():
        return jsonify(users=[user_json(user) for user in User.query.order_by(User.id)])

    @app.post("/api/login")
    def login():
        username, password = texts("username", "password")
        user = User.query.filter(User.username == username.strip()).one_or_none()
        if not user or not check_password_hash(user.digest, password):
            abort(401, "wrong name or password")
        session["uid"] = user.id
        return jsonify(message="Login successful!", user=user_json(user))

    @app.post("/api/logout")
    def logout():
        session.clear()
        return jsonify(message="Logout successful!")

    @app.get("/api/me")
    def whoami():
        return jsonify(user=user_json(me()))

    @app.post("/api/posts")
    def create():
        user = me()
        post = Post(content=texts("content")[0].strip(), author=user)
        db.session.add(post)
        db.session.commit()
        return jsonify(message="Post created successfully!", post=post_json(post)), 201

    @app.get("/api/posts")
    def posts():
        return jsonify(posts=[post_json(post) for post in Post.query.order_by(db.desc(Post.id))])

    @app.get("/api/posts/<int:pid>")
    def show(pid):
        return jsonify(post=post_json(find(pid)))

    @app.put("/api/posts/<int:pid>")
    def update(pid):
        post = mine(pid)
        post.content = texts("content")[0].strip()
        db.session.commit()
        return jsonify(message=f"Post {pid} updated!", post=post_json(post))

    @app.delete("/api/posts/<int:pid>")
    def delete(pid):
        db.session.delete(mine(pid))
        db.session.commit()
        return jsonify(message=f"Post {pid} deleted!")

    return app
