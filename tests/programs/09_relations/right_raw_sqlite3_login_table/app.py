"""Style: the sqlite3 module, JOINs and ON DELETE CASCADE by hand; the cookie holds only a token of the further table `login`."""
import secrets
import sqlite3
from pathlib import Path

from flask import Flask, g, request, session
from werkzeug.security import check_password_hash, generate_password_hash

SCHEMA = """
CREATE TABLE IF NOT EXISTS user (
    id INTEGER PRIMARY KEY,
    username VARCHAR(80) NOT NULL UNIQUE,
    password VARCHAR(255) NOT NULL
);
CREATE TABLE IF NOT EXISTS post (
    id INTEGER PRIMARY KEY,
    content VARCHAR(255) NOT NULL,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS post_of_user ON post (user_id);
CREATE TABLE IF NOT EXISTS login (
    token TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE
);
"""

POSTS = """
SELECT post.id, post.content, post.user_id, user.username AS author
FROM post JOIN user ON user.id = post.user_id
"""

app = Flask(__name__)
app.config.update(SECRET_KEY="dev", DATABASE=str(Path(app.root_path) / "social.sqlite3"))


def connect():
    connection = sqlite3.connect(app.config["DATABASE"], timeout=30)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def get_db():
    if "db" not in g:
        g.db = connect()
    return g.db


@app.teardown_appcontext
def close_db(exc):
    db = g.pop("db", None)
    if db is not None:
        db.close()


first = connect()
first.executescript(SCHEMA)
first.close()


def one(sql, *values):
    try:
        row = get_db().execute(sql, values).fetchone()
    except OverflowError:  # a number beyond SQLite's 64 bits is in no row
        return None
    return dict(row) if row else None


def find_user(id):
    return one("SELECT id, username FROM user WHERE id = ?", id)


def find_post(id):
    return one(POSTS + "WHERE post.id = ?", id)


def current_user():
    token = session.get("token")
    if not isinstance(token, str):
        return None
    return one("SELECT user.id, username FROM login JOIN user ON user.id = login.user_id WHERE token = ?", token)


def forget_login():
    token = session.pop("token", None)
    if isinstance(token, str):
        with get_db() as db:
            db.execute("DELETE FROM login WHERE token = ?", (token,))


def error(text, status):
    return {"error": text}, status


def strings(*names):
    """The named strings of the JSON body; None if one of them is not there."""
    body = request.get_json()
    values = [body.get(name) if isinstance(body, dict) else None for name in names]
    if all(isinstance(value, str) and value.strip() for value in values):
        return values
    return None


def whole_number(name, default, low, high):
    text = request.args.get(name, "")
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        return default
    number = int(digits) if len(digits) < 15 else high
    return max(low, min(high, -number if text.startswith("-") else number))


def page_of(key, select, order, where="", values=()):
    page = whole_number("page", 1, 1, 10**15)
    per_page = whole_number("per_page", 10, 1, 100)
    total = get_db().execute(f"SELECT count(*) FROM ({select} {where})", values).fetchone()[0]
    rows = get_db().execute(
        f"{select} {where} ORDER BY {order} LIMIT ? OFFSET ?", (*values, per_page, (page - 1) * per_page)
    ).fetchall()
    pages = -(-total // per_page)
    return {
        key: [dict(row) for row in rows], "page": page, "per_page": per_page, "total": total,
        "pages": pages, "has_next": page < pages, "has_prev": page > 1,
    }


@app.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@app.get("/api/health")
def health():
    return {"status": "ok"}


@app.post("/echo")
def echo():
    return {"you_sent": request.get_json()}


@app.post("/api/users")
def register():
    fields = strings("username", "password")
    if fields is None:
        return error("Missing fields", 400)
    username, password = fields[0].strip(), fields[1]
    try:
        with get_db() as db:  # commits, or rolls back
            id = db.execute(
                "INSERT INTO user (username, password) VALUES (?, ?)", (username, generate_password_hash(password))
            ).lastrowid
    except sqlite3.IntegrityError:
        return error("Somebody else has that name", 409)
    return {"message": "User registered successfully!", "user": {"id": id, "username": username}}, 201


@app.get("/api/users")
def list_users():
    return page_of("users", "SELECT id, username FROM user", "id")


@app.get("/api/users/<int:id>")
def get_user(id):
    user = one(
        "SELECT id, username, (SELECT count(*) FROM post WHERE user_id = user.id) AS post_count FROM user WHERE id = ?", id
    )
    return {"user": user} if user else error("There is no such user", 404)


@app.get("/api/users/<int:id>/posts")
def posts_of_user(id):
    if find_user(id) is None:
        return error("There is no such user", 404)
    return page_of("posts", POSTS, "post.id DESC", "WHERE post.user_id = ?", (id,))


@app.post("/api/login")
def login():
    fields = strings("username", "password")
    if fields is None:
        return error("Missing fields", 400)
    row = one("SELECT id, username, password FROM user WHERE username = ?", fields[0].strip())
    if row is None or not check_password_hash(row["password"], fields[1]):
        return error("That name and password do not belong together", 401)
    forget_login()
    session["token"] = secrets.token_urlsafe(16)
    with get_db() as db:
        db.execute("INSERT INTO login (token, user_id) VALUES (?, ?)", (session["token"], row["id"]))
    return {"message": "Login successful!", "user": {"id": row["id"], "username": row["username"]}}


@app.post("/api/logout")
def logout():
    forget_login()
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    user = current_user()
    return {"user": user} if user else error("Log in first", 401)


@app.delete("/api/me")
def delete_me():
    user = current_user()
    if user is None:
        return error("Log in first", 401)
    with get_db() as db:
        db.execute("DELETE FROM user WHERE id = ?", (user["id"],))
    session.clear()
    return {"message": f"User {user['id']} deleted!"}


@app.post("/api/posts")
def create_post():
    user = current_user()
    if user is None:
        return error("Log in first", 401)
    fields = strings("content")
    if fields is None:
        return error("Missing fields", 400)
    content = fields[0].strip()
    if len(content) > 255:
        return error("That is too long", 400)
    with get_db() as db:
        id = db.execute("INSERT INTO post (content, user_id) VALUES (?, ?)", (content, user["id"])).lastrowid
    return {"message": "Post created successfully!", "post": find_post(id)}, 201


@app.get("/api/posts")
def list_posts():
    author = request.args.get("author")
    if author is None:
        return page_of("posts", POSTS, "post.id DESC")
    return page_of("posts", POSTS, "post.id DESC", "WHERE user.username = ?", (author,))


@app.get("/api/posts/<int:id>")
def get_post(id):
    post = find_post(id)
    return {"post": post} if post else error("There is no such post", 404)


def refusal(user, post):
    """Why this user may not change this post, or None."""
    if user is None:
        return error("Log in first", 401)
    if post is None:
        return error("There is no such post", 404)
    if post["user_id"] != user["id"]:
        return error("Somebody else wrote that", 403)
    return None


@app.put("/api/posts/<int:id>")
def update_post(id):
    refused = refusal(current_user(), find_post(id))
    if refused:
        return refused
    fields = strings("content")
    if fields is None:
        return error("Missing fields", 400)
    content = fields[0].strip()
    if len(content) > 255:
        return error("That is too long", 400)
    with get_db() as db:
        db.execute("UPDATE post SET content = ? WHERE id = ?", (content, id))
    return {"message": f"Post {id} updated!", "post": find_post(id)}


@app.delete("/api/posts/<int:id>")
def delete_post(id):
    refused = refusal(current_user(), find_post(id))
    if refused:
        return refused
    with get_db() as db:
        db.execute("DELETE FROM post WHERE id = ?", (id,))
    return {"message": f"Post {id} deleted!"}
