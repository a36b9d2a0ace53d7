"""Style: tables from schema.sql, models by automap, a session for each request in g; a short hash of its own (PBKDF2, 20 bytes of salt and digest in hex), CHECK constraints; a second database for a counter of visits."""
import hashlib
import secrets
import sqlite3
from pathlib import Path

from flask import Blueprint, Flask, g, jsonify, request, session
from sqlalchemy import create_engine, event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import Session

HERE = Path(__file__).resolve().parent
(HERE / "data" / "db").mkdir(parents=True, exist_ok=True)
engine = create_engine(f"sqlite:///{HERE / 'data' / 'db' / 'main.sqlite'}")
visits = HERE / "data" / "visits.db"


@event.listens_for(engine, "connect")
def settings(connection, record):
    connection.execute("PRAGMA foreign_keys = ON")


raw = engine.raw_connection()
raw.executescript((HERE / "schema.sql").read_text())
raw.close()
with sqlite3.connect(visits) as counter:
    counter.execute("CREATE TABLE IF NOT EXISTS visit (path TEXT)")
counter.close()

Base = automap_base()
Base.prepare(autoload_with=engine)
User, Post = Base.classes.user, Base.classes.post

api = Blueprint("api", __name__)


@api.before_request
def count_visit():
    with sqlite3.connect(visits) as counter:
        counter.execute("INSERT INTO visit VALUES (?)", [request.path])
    counter.close()


def db():
    if "db" not in g:
        g.db = Session(engine)
    return g.db


@api.teardown_app_request
def close(exc):
    if "db" in g:
        g.pop("db").close()


def digest(password, salt):
    return salt + hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 50_000, 20).hex()


def fail(status, text="Missing fields"):
    return jsonify(error=text), status


def fields(*names):
    data = request.get_json()
    values = [data.get(name) for name in names] if isinstance(data, dict) else [None]
    return values if all(isinstance(value, str) and value.strip() for value in values) else None


def show_user(user):
    return {"id": user.id, "username": user.username, "joined": user.joined}


def show_post(post):
    return {"id": post.id, "content": post.content, "user_id": post.user_id}


def me():
    return db().get(User, session["user"]) if "user" in session else None


def whole(name, default, most):
    value = request.args.get(name, default, type=int)
    return min(max(value, 1), most)


def listing(key, model, order, show):
    page, per_page = whole("page", 1, 2**40), whole("per_page", 10, 100)
    total = db().scalar(select(func.count(model.id)))
    rows = db().scalars(select(model).order_by(order).slice((page - 1) * per_page, page * per_page))
    return jsonify({
        key: [show(row) for row in rows], "page": page, "per_page": per_page, "total": total,
        "pages": -(-total // per_page), "has_next": page * per_page < total, "has_prev": page > 1,
    })


@api.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@api.get("/api/health")
def health():
    return {"status": "ok"}


@api.post("/echo")
def echo():
    return {"you_sent": request.json}


@api.post("/api/users")
def register():
    values = fields("username", "password")
    if values is None:
        return fail(400)
    salt = secrets.token_hex(10)
    user = User(username=values[0].strip(), password=digest(values[1], salt))
    try:
        with db().begin():
            db().add(user)
    except IntegrityError:
        return fail(409, "That name has an owner")
    return {"message": "User registered successfully!", "user": show_user(user)}, 201


@api.get("/api/users")
def users():
    return listing("users", User, User.id, show_user)


@api.post("/api/login")
def login():
    values = fields("username", "password")
    if values is None:
        return fail(400)
    user = db().scalars(select(User).filter_by(username=values[0].strip())).one_or_none()
    if user is None or digest(values[1], user.password[:20]) != user.password:
        return fail(401, "That is not right")
    session.clear()
    session["user"] = user.id
    return {"message": "Login successful!", "user": show_user(user)}


@api.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@api.get("/api/me")
def who():
    return {"user": show_user(me())} if me() else fail(401, "Log in")


@api.get("/api/posts")
def posts():
    return listing("posts", Post, -Post.id, show_post)


@api.post("/api/posts")
def create():
    if not me():
        return fail(401, "Log in")
    values = fields("content")
    if values is None:
        return fail(400)
    post = Post(content=values[0].strip(), user_id=session["user"])
    db().add(post)
    try:
        db().commit()
    except IntegrityError:  # the CHECK of the table counts the characters
        db().rollback()
        return fail(400, "At most 255 characters")
    return {"message": "Post created successfully!", "post": show_post(post)}, 201


@api.get("/api/posts/<int:id>")
def read(id):
    post = db().get(Post, id) if id < 2**60 else None
    return {"post": show_post(post)} if post else fail(404, "There is none")


@api.route("/api/posts/<int:id>", methods=["PUT", "DELETE"])
def change(id):
    if not me():
        return fail(401, "Log in")
    post = db().get(Post, id) if id < 2**60 else None
    if post is None:
        return fail(404, "There is none")
    if post.user_id != session["user"]:
        return fail(403, "Somebody else's")
    if request.method == "DELETE":
        db().delete(post)
        db().commit()
        return {"message": f"Post {id} deleted!"}
    values = fields("content")
    if values is None:
        return fail(400)
    try:
        post.content = values[0].strip()
        db().commit()
    except IntegrityError:
        db().rollback()
        return fail(400, "At most 255 characters")
    return {"message": f"Post {id} updated!", "post": show_post(post)}


app = Flask(__name__)
app.config["SECRET_KEY"] = "dev"
app.register_blueprint(api)
