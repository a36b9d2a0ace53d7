"""Style: one file, typed models, selectinload, cascade left to the database (ondelete and passive_deletes), pragma on the Pool class, g.user set before each request."""
from functools import wraps
from pathlib import Path

from flask import Flask, g, request, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CheckConstraint, ForeignKey, String, false, func
from sqlalchemy.event import listens_for
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload
from sqlalchemy.pool import Pool
from werkzeug.security import check_password_hash, generate_password_hash


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


@listens_for(Pool, "connect")
def sqlite_checks_foreign_keys(connection, record):
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA foreign_keys=ON")


class User(db.Model):
    __table_args__ = (
        CheckConstraint("length(username) > 0", name="has_a_name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True, index=True)
    password: Mapped[str] = mapped_column(String(255))
    is_admin: Mapped[bool] = mapped_column(server_default=false())
    posts: Mapped[list["Post"]] = relationship(
        back_populates="author", cascade="all, delete", passive_deletes=True, order_by="Post.id.desc()"
    )


class Post(db.Model):
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    author: Mapped[User] = relationship(back_populates="posts")


app = Flask(__name__)
app.config["SECRET_KEY"] = "not so secret"
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{Path(__file__).resolve().parent / 'relations.db'}"
db.init_app(app)
with app.app_context():
    db.create_all()


@app.before_request
def who_is_it():
    """g.user is the user of the session, or None."""
    id = session.get("user_id")
    g.user = db.session.get(User, id) if type(id) is int and 0 < id < 2**31 else None


def login_required(view):
    @wraps(view)
    def wrapped(*args, **kwargs):
        if g.user is None:
            return {"error": "login required"}, 401
        return view(*args, **kwargs)
    return wrapped


def user_json(user):
    return {"id": user.id, "username": user.username}


def post_json(post):
    return {"id": post.id, "content": post.content, "user_id": post.user_id, "author": post.author.username}


def number(name, default):
    """The number asked for. One of more than 4300 digits is too long for int() and counts as junk."""
    return request.args.get(name, default, type=int)


def paginated(key, query, to_json):
    page = min(max(number("page", 1), 1), 2**33)
    per_page = min(max(number("per_page", 10), 1), 100)
    total = db.session.scalar(db.select(func.count()).select_from(query.subquery()))
    pages = (total + per_page - 1) // per_page
    rows = db.session.scalars(query.limit(per_page).offset((page - 1) * per_page))
    return {
        key: [to_json(row) for row in rows],
        "page": page,
        "per_page": per_page,
        "total": total,
        "pages": pages,
        "has_next": page < pages,
        "has_prev": page > 1,
    }


def posts_query():
    return db.select(Post).options(selectinload(Post.author)).order_by(Post.id.desc())


def string(data, key):
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) and value.strip() else ""


@app.get("/")
def index():
    return {"message": "Welcome to the Social Media API!"}


@app.get("/api/health")
def health():
    return {"status": "ok"}


@app.post("/echo")
def echo():
    return {"you_sent": request.json}


@app.post("/api/users")
def register():
    data = request.json
    username, password = string(data, "username").strip(), string(data, "password")
    if not username or not password:
        return {"error": "Missing fields"}, 400
    user = User(username=username, password=generate_password_hash(password))
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return {"error": "username already taken"}, 409
    return {"message": "User registered successfully!", "user": user_json(user)}, 201


@app.get("/api/users")
def users():
    return paginated("users", db.select(User).order_by(User.id), user_json)


@app.get("/api/users/<int:id>")
def user(id):
    query = db.select(User, func.count(Post.id)).outerjoin(User.posts).where(User.id == id).group_by(User.id)
    row = db.session.execute(query).first() if id < 2**31 else None
    if row is None:
        return {"error": "user not found"}, 404
    found, count = row
    return {"user": user_json(found) | {"post_count": count}}


@app.get("/api/users/<int:id>/posts")
def posts_of_user(id):
    if id >= 2**31 or db.session.get(User, id) is None:
        return {"error": "user not found"}, 404
    return paginated("posts", posts_query().where(Post.user_id == id), post_json)


@app.post("/api/login")
def login():
    data = request.json
    username, password = string(data, "username").strip(), string(data, "password")
    if not username or not password:
        return {"error": "Missing fields"}, 400
    user = db.session.scalar(db.select(User).filter_by(username=username))
    if user is None or not check_password_hash(user.password, password):
        return {"error": "invalid credentials"}, 401
    session.clear()
    session.update(user_id=user.id)
    return {"message": "Login successful!", "user": user_json(user)}


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
@login_required
def me():
    return {"user": user_json(g.user)}


@app.delete("/api/me")
@login_required
def delete_me():
    db.session.delete(g.user)  # the database deletes the posts
    db.session.commit()
    session.clear()
    return {"message": f"User {g.user.id} deleted!"}


@app.get("/api/posts")
def posts():
    query = posts_query()
    if "author" in request.args:
        query = query.join(Post.author).where(User.username == request.args["author"])
    return paginated("posts", query, post_json)


@app.post("/api/posts")
@login_required
def create_post():
    content = string(request.json, "content").strip()
    if not content:
        return {"error": "Missing fields"}, 400
    if len(content) > 255:
        return {"error": "content too long"}, 400
    post = Post(content=content, user_id=g.user.id, author=g.user)
    db.session.add(post)
    db.session.commit()
    return {"message": "Post created successfully!", "post": post_json(post)}, 201


@app.get("/api/posts/<int:id>")
def post(id):
    found = db.session.get(Post, id) if id < 2**31 else None
    if found is None:
        return {"error": "post not found"}, 404
    return {"post": post_json(found)}


@app.route("/api/posts/<int:id>", methods=["PUT", "DELETE"])
@login_required
def own_post(id):
    found = db.session.get(Post, id) if id < 2**31 else None
    if found is None:
        return {"error": "post not found"}, 404
    if found.author is not g.user:
        return {"error": "not your post"}, 403

    if request.method == "DELETE":
        db.session.delete(found)
        db.session.commit()
        return {"message": f"Post {id} deleted!"}

    content = string(request.json, "content").strip()
    if not content:
        return {"error": "Missing fields"}, 400
    if len(content) > 255:
        return {"error": "content too long"}, 400
    found.content = content
    db.session.commit()
    return {"message": f"Post {id} updated!", "post": post_json(found)}
