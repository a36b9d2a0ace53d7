"""Style: SQLAlchemy Core without Flask-SQLAlchemy: Table objects, an own engine, data.db beside app.py; no look before the leap at a taken name."""
from contextlib import suppress
from pathlib import Path

from flask import Flask, request, session
from sqlalchemy import (
    URL, Column, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint, create_engine, func, select,
)
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

metadata = MetaData()

users = Table(
    "user", metadata,
    Column("id", Integer, primary_key=True),
    Column("username", Text, nullable=False),
    Column("password", Text, nullable=False),
    UniqueConstraint("username", name="one_user_a_name"),
)

posts = Table(
    "post", metadata,
    Column("id", Integer, primary_key=True),
    Column("content", String(255), nullable=False),
    Column("user_id", ForeignKey("user.id"), nullable=False, index=True),
)

engine = create_engine(URL.create("sqlite", database=str(Path(__file__).resolve().with_name("data.db"))))
metadata.create_all(engine)

app = Flask(__name__)
app.config["SECRET_KEY"] = "dev"

PUBLIC = (users.c.id, users.c.username)
HUGE = 10**14


def rows(statement):
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(statement).mappings()]


def first(statement):
    found = rows(statement.limit(1))
    return found[0] if found else None


def by_id(columns, id_column, id):
    return first(select(*columns).where(id_column == id)) if id < 2**31 else None


def who():
    id = session.get("user")
    return by_id(PUBLIC, users.c.id, id) if type(id) is int and id > 0 else None


def clean(body, *names):
    values = [body.get(name) for name in names]
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise Refused(400, "Missing fields")
    return values


def number(name, default, high):
    text = request.args.get(name, "")
    sign, digits = (-1, text[1:]) if text[:1] == "-" else (1, text)
    if not digits.isdecimal():
        return default
    value = HUGE
    with suppress(ValueError):  # more than 4300 digits
        value = min(int(digits), HUGE)
    return max(1, min(high, sign * value))


def listing(table, columns, order, key):
    page, per_page = number("page", 1, HUGE), number("per_page", 10, 100)
    with engine.connect() as connection:
        total = connection.scalar(select(func.count()).select_from(table))
    pages = (total + per_page - 1) // per_page
    wanted = select(*columns).order_by(order).limit(per_page).offset((page - 1) * per_page)
    return {
        key: rows(wanted),
        "page": page, "per_page": per_page, "total": total, "pages": pages,
        "has_next": page < pages, "has_prev": page > 1,
    }


# the errors of a learner's own making are exceptions with a status

class Refused(Exception):
    def __init__(self, status, text):
        self.status, self.text = status, text


@app.errorhandler(Refused)
def refused(problem):
    return {"error": problem.text}, problem.status


def body():
    data = request.get_json()
    if not isinstance(data, dict):
        raise Refused(400, "Please send an object")
    return data


def must_be_logged_in():
    user = who()
    if user is None:
        raise Refused(401, "Please log in")
    return user


def read_post(id):
    post = by_id(posts.c, posts.c.id, id)
    if post is None:
        raise Refused(404, "No such post")
    return post


def read_own_post(id):
    user = must_be_logged_in()
    post = read_post(id)
    if post["user_id"] != user["id"]:
        raise Refused(403, "Not yours")
    return post


def content():
    [text] = clean(body(), "content")
    if len(text.strip()) > 255:
        raise Refused(400, "Too long: at most 255 characters")
    return text.strip()


@app.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@app.get("/api/health")
def health():
    return {"status": "ok"}


@app.post("/echo")
def echo():
    return {"you_sent": request.json}


@app.post("/api/users")
def register():
    username, password = clean(body(), "username", "password")
    values = {"username": username.strip(), "password": generate_password_hash(password)}
    try:
        with engine.begin() as connection:
            new = connection.execute(users.insert().values(values).returning(*PUBLIC)).mappings().one()
    except IntegrityError:
        raise Refused(409, "That name is taken")
    return {"message": "User registered successfully!", "user": dict(new)}, 201


@app.get("/api/users")
def all_users():
    return listing(users, PUBLIC, users.c.id, "users")


@app.post("/api/login")
def login():
    username, password = clean(body(), "username", "password")
    row = first(select(users).where(users.c.username == username.strip()))
    if row is None or not check_password_hash(row["password"], password):
        raise Refused(401, "Unknown name or wrong password")
    session.clear()
    session["user"] = row["id"]
    return {"message": "Login successful!", "user": {"id": row["id"], "username": row["username"]}}


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    return {"user": must_be_logged_in()}


@app.post("/api/posts")
def create_post():
    author = must_be_logged_in()
    values = {"content": content(), "user_id": author["id"]}
    with engine.begin() as connection:
        new = connection.execute(posts.insert().values(values).returning(*posts.c)).mappings().one()
    return {"message": "Post created successfully!", "post": dict(new)}, 201


@app.get("/api/posts")
def all_posts():
    return listing(posts, posts.c, posts.c.id.desc(), "posts")


@app.get("/api/posts/<int:id>")
def one_post(id):
    return {"post": read_post(id)}


@app.put("/api/posts/<int:id>")
def update_post(id):
    read_own_post(id)
    text = content()
    with engine.begin() as connection:
        connection.execute(posts.update().where(posts.c.id == id).values(content=text))
    return {"message": f"Post {id} updated!", "post": read_post(id)}


@app.delete("/api/posts/<int:id>")
def delete_post(id):
    read_own_post(id)
    with engine.begin() as connection:
        connection.execute(posts.delete().where(posts.c.id == id))
    return {"message": f"Post {id} deleted!"}
