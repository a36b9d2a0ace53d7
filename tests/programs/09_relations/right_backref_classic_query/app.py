"""Style: one file, classic models, backref with lazy="joined", Model.query, a pushed app context, pragma on this engine, a random key a user in the session."""
import uuid

from flask import Flask, jsonify, request, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.secret_key = "dev"
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///data.db"
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False

db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(80), unique=True, nullable=False)
    password = db.Column(db.String(162), nullable=False)
    # SQLite may give the id of a deleted user to the next one; the key is never the same
    session_key = db.Column(db.String(32), nullable=False, default=lambda: uuid.uuid4().hex)
    posts = db.relationship(
        "Post", backref=db.backref("author", lazy="joined"), cascade="all, delete-orphan", lazy=True
    )


class Post(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    content = db.Column(db.String(255), nullable=False)
    user_id = db.Column(db.Integer, db.ForeignKey("user.id"), nullable=False)


app.app_context().push()


def switch_on_foreign_keys(connection, record):
    connection.execute("PRAGMA foreign_keys = ON")


event.listen(db.engine, "connect", switch_on_foreign_keys)
db.create_all()


@app.teardown_request
def forget_session(exc):
    # the context pushed above lives as long as the program, so nobody else ends the session
    db.session.remove()


def user_json(user):
    return dict(id=user.id, username=user.username)


def post_json(post):
    return dict(id=post.id, content=post.content, user_id=post.user_id, author=post.author.username)


def logged_in():
    key = session.get("key")
    if not isinstance(key, str):
        return None
    return User.query.filter_by(session_key=key).first()


def get_post_or_none(id):
    if id > 2**31 - 1:
        return None
    return Post.query.filter_by(id=id).first()


def is_text(value):
    return isinstance(value, str) and value.strip() != ""


def page_of(query, to_json, key):
    page = request.args.get("page", 1, type=int)
    per_page = request.args.get("per_page", 10, type=int)
    page = max(1, min(page, 10**12))
    per_page = max(1, min(per_page, 100))
    p = query.paginate(page=page, per_page=per_page, error_out=False, max_per_page=100)
    body = {key: [to_json(x) for x in p.items]}
    for name in ("page", "per_page", "total", "pages", "has_next", "has_prev"):
        body[name] = getattr(p, name)
    return jsonify(body)


@app.route("/")
def index():
    return jsonify(message="Welcome to the Social Media API!")


@app.route("/api/health")
def health():
    return jsonify(status="ok")


@app.route("/echo", methods=["POST"])
def echo():
    data = request.get_json()
    return jsonify({"you_sent": data}), 200


@app.route("/api/users", methods=["GET", "POST"])
def users():
    if request.method == "GET":
        return page_of(User.query.order_by(User.id.asc()), user_json, "users")

    data = request.get_json()
    if not isinstance(data, dict):
        return jsonify(error="Send an object"), 400
    if not is_text(data.get("username")) or not is_text(data.get("password")):
        return jsonify(error="Missing fields"), 400
    name = data["username"].strip()
    if User.query.filter_by(username=name).count() > 0:
        return jsonify(error="Username already exists"), 409
    user = User(username=name, password=generate_password_hash(data["password"]))
    try:
        db.session.add(user)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return jsonify(error="Username already exists"), 409
    return jsonify(message="User registered successfully!", user=user_json(user)), 201


@app.route("/api/login", methods=["POST"])
def login():
    data = request.get_json()
    if not isinstance(data, dict):
        return jsonify(error="Send an object"), 400
    if not is_text(data.get("username")) or not is_text(data.get("password")):
        return jsonify(error="Missing fields"), 400
    user = User.query.filter_by(username=data["username"].strip()).first()
    if user and check_password_hash(user.password, data["password"]):
        session["key"] = user.session_key
        return jsonify(message="Login successful!", user=user_json(user))
    return jsonify(error="Invalid credentials"), 401


@app.route("/api/logout", methods=["POST"])
def logout():
    session.pop("key", None)
    return jsonify(message="Logout successful!")


@app.route("/api/me", methods=["GET", "DELETE"])
def me():
    user = logged_in()
    if not user:
        return jsonify(error="Not logged in"), 401
    if request.method == "GET":
        return jsonify(user=user_json(user))
    message = "User %d deleted!" % user.id
    db.session.delete(user)
    db.session.commit()
    session.clear()
    return jsonify(message=message)


@app.route("/api/users/<int:id>")
def one_user(id):
    user = User.query.get(id) if id < 2**31 else None
    if not user:
        return jsonify(error="No such user"), 404
    return jsonify(user=dict(user_json(user), post_count=len(user.posts)))


@app.route("/api/users/<int:id>/posts")
def posts_of(id):
    user = User.query.get(id) if id < 2**31 else None
    if not user:
        return jsonify(error="No such user"), 404
    return page_of(Post.query.filter_by(user_id=user.id).order_by(Post.id.desc()), post_json, "posts")


@app.route("/api/posts", methods=["GET", "POST"])
def posts():
    if request.method == "GET":
        query = Post.query.order_by(Post.id.desc())
        if "author" in request.args:
            query = query.filter(Post.author.has(username=request.args["author"]))
        return page_of(query, post_json, "posts")

    user = logged_in()
    if not user:
        return jsonify(error="Not logged in"), 401
    data = request.get_json()
    if not isinstance(data, dict):
        return jsonify(error="Send an object"), 400
    if not is_text(data.get("content")):
        return jsonify(error="Missing fields"), 400
    content = data["content"].strip()
    if len(content) > 255:
        return jsonify(error="At most 255 characters"), 400
    post = Post(content=content, author=user)
    db.session.add(post)
    db.session.commit()
    return jsonify(message="Post created successfully!", post=post_json(post)), 201


@app.route("/api/posts/<int:id>", methods=["GET", "PUT", "DELETE"])
def one_post(id):
    post = get_post_or_none(id)
    if request.method == "GET":
        if not post:
            return jsonify(error="No such post"), 404
        return jsonify(post=post_json(post))

    user = logged_in()
    if not user:
        return jsonify(error="Not logged in"), 401
    if not post:
        return jsonify(error="No such post"), 404
    if post.user_id != user.id:
        return jsonify(error="Only the author may do that"), 403

    if request.method == "DELETE":
        db.session.delete(post)
        db.session.commit()
        return jsonify(message="Post " + str(id) + " deleted!")

    data = request.get_json()
    if not isinstance(data, dict):
        return jsonify(error="Send an object"), 400
    if not is_text(data.get("content")):
        return jsonify(error="Missing fields"), 400
    content = data["content"].strip()
    if len(content) > 255:
        return jsonify(error="At most 255 characters"), 400
    post.content = content
    db.session.commit()
    return jsonify(message="Post " + str(id) + " updated!", post=post_json(post))
