"""Style: one file, limit/offset and func.count, IntegrityError at flush, further columns and a further table, another secret key at every start."""
import secrets
from datetime import datetime, timezone
from pathlib import Path

from flask import Flask, jsonify, make_response, request, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Boolean, DateTime, ForeignKey, Index, String, Text, exc, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.security import check_password_hash, generate_password_hash

MAX_INT = 2**31 - 1


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


def now():
    return datetime.now(timezone.utc)


class User(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(Text)
    password: Mapped[str] = mapped_column(Text)
    is_admin: Mapped[bool] = mapped_column(Boolean, default=False)
    created: Mapped[datetime] = mapped_column(DateTime, default=now)

    __table_args__ = (Index("ix_user_username", "username", unique=True),)


class Post(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    edited: Mapped[datetime | None]


class LoginRecord(db.Model):
    """When somebody logged in; only the operator reads it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime] = mapped_column(default=now)


app = Flask(__name__)
app.config.from_mapping(
    SECRET_KEY=secrets.token_hex(16),
    SQLALCHEMY_DATABASE_URI=f"sqlite:///{Path(app.root_path) / 'my posts.sqlite'}",
)
db.init_app(app)
with app.app_context():
    db.create_all()


def error(status, text="Missing fields"):
    return make_response(jsonify({"error": text}), status)


def show(row):
    if isinstance(row, User):
        return {"id": row.id, "username": row.username, "is_admin": row.is_admin}
    return {"id": row.id, "content": row.content, "user_id": row.user_id, "edited": row.edited is not None}


def blank(value):
    return not isinstance(value, str) or not value.strip()


def int_arg(name, default, upper):
    raw = request.args.get(name, "")
    digits = raw[1:] if raw.startswith("-") else raw
    if not digits.isdecimal():
        return default
    if raw.startswith("-"):
        return 1
    return max(1, min(int(digits.lstrip("0")[:13] or "0"), upper))


def paged(name, model, *order):
    page, per_page = int_arg("page", 1, 2**40), int_arg("per_page", 10, 100)
    total = db.session.scalar(select(func.count()).select_from(model)) or 0
    last = (total - 1) // per_page + 1
    found = db.session.execute(select(model).order_by(*order).limit(per_page).offset(per_page * (page - 1)))
    return jsonify({
        name: [show(row) for row in found.scalars()],
        "page": page, "per_page": per_page, "total": total, "pages": last,
        "has_next": page < last, "has_prev": page > 1 and total > 0,
    })


def whoami():
    key = session.get("who")
    if type(key) is not int or key < 1 or key > MAX_INT:
        return None
    return db.session.execute(select(User).where(User.id == key)).scalar_one_or_none()


def lookup(id):
    if id > MAX_INT:
        return None
    return db.session.execute(select(Post).where(Post.id == id)).scalars().first()


@app.route("/", methods=["GET"])
def root():
    return jsonify(message="Welcome to the Social Media API!")


@app.route("/api/health", methods=["GET"])
def health():
    return jsonify(status="ok", time=now().isoformat())


@app.route("/echo", methods=["POST"])
def echo():
    return jsonify(you_sent=request.json)


@app.route("/api/users", methods=["POST"])
def add_user():
    data = request.json
    if not isinstance(data, dict) or blank(data.get("username")) or blank(data.get("password")):
        return error(400)
    new = User(
        username=data["username"].strip(),
        password=generate_password_hash(data["password"], "scrypt:16384:8:1", salt_length=8),
    )
    db.session.add(new)
    try:
        db.session.flush()
    except exc.IntegrityError:
        db.session.rollback()
        return error(409, "Choose another name")
    db.session.commit()
    return make_response({"message": "User registered successfully!", "user": show(new)}, 201)


@app.route("/api/users", methods=["GET"])
def get_users():
    return paged("users", User, User.id)


@app.route("/api/login", methods=["POST"])
def log_in():
    data = request.json
    if not isinstance(data, dict) or blank(data.get("username")) or blank(data.get("password")):
        return error(400)
    found = db.session.scalars(select(User).where(User.username == data["username"].strip())).one_or_none()
    if found is None:
        return error(401, "Name or password is wrong")
    if not check_password_hash(found.password, data["password"]):
        return error(401, "Name or password is wrong")
    db.session.add(LoginRecord(user_id=found.id))
    db.session.commit()
    session["who"] = found.id
    return jsonify(message="Login successful!", user=show(found))


@app.route("/api/logout", methods=["POST"])
def log_out():
    session.clear()
    return jsonify(message="Logout successful!")


@app.route("/api/me", methods=["GET"])
def who_am_i():
    user = whoami()
    return jsonify(user=show(user)) if user else error(401, "Nobody is logged in")


@app.route("/api/posts", methods=["GET"])
def get_posts():
    return paged("posts", Post, Post.id.desc())


@app.route("/api/posts", methods=["POST"])
def add_post():
    user = whoami()
    if user is None:
        return error(401, "Nobody is logged in")
    data = request.json
    if not isinstance(data, dict) or blank(data.get("content")):
        return error(400)
    text = data["content"].strip()
    if len(text) > 255:
        return error(400, "255 characters are enough")
    new = Post(content=text, user_id=user.id)
    db.session.add(new)
    db.session.commit()
    return make_response({"message": "Post created successfully!", "post": show(new)}, 201)


@app.route("/api/posts/<int:id>", methods=["GET"])
def get_post(id):
    found = lookup(id)
    return jsonify(post=show(found)) if found else error(404, "Nothing there")


@app.route("/api/posts/<int:id>", methods=["PUT", "DELETE"])
def change_post(id):
    user = whoami()
    if user is None:
        return error(401, "Nobody is logged in")
    found = lookup(id)
    if found is None:
        return error(404, "Nothing there")
    if found.user_id != user.id:
        return error(403, "Hands off")
    if request.method == "DELETE":
        db.session.delete(found)
        db.session.commit()
        return jsonify(message=f"Post {id} deleted!")
    data = request.json
    if not isinstance(data, dict) or blank(data.get("content")):
        return error(400)
    text = data["content"].strip()
    if len(text) > 255:
        return error(400, "255 characters are enough")
    found.content, found.edited = text, now()
    db.session.commit()
    return jsonify(message=f"Post {id} updated!", post=show(found))
