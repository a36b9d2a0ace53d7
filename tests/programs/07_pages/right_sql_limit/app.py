"""Style: raw sqlite3 with LIMIT and OFFSET in one query, a connection per request, a file that each start makes anew."""
import os
import sqlite3
from contextlib import contextmanager

from flask import Flask, jsonify, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config.update(SECRET_KEY=os.urandom(16), FILE=os.path.join(app.root_path, "pages.sqlite"))


@contextmanager
def database():
    connection = sqlite3.connect(app.config["FILE"])
    connection.row_factory = sqlite3.Row
    try:
        with connection:
            yield connection
    finally:
        connection.close()


with database() as db:
    db.executescript("""
        DROP TABLE IF EXISTS posts;
        DROP TABLE IF EXISTS users;
        CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, username UNIQUE NOT NULL, secret NOT NULL);
        CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, content NOT NULL, user_id NOT NULL);
    """)


def rows(sql, *values):
    with database() as db:
        return [dict(row) for row in db.execute(sql, values)]


def insert(sql, *values):
    with database() as db:
        return db.execute(sql, values).lastrowid


def error(text, status):
    return jsonify(error=text), status


def text(data, name):
    value = data.get(name) if type(data) is dict else None
    return value if type(value) is str and value.strip() else None


def number(name, default):
    value = request.args.get(name, "").strip()
    sign, digits = ("-", value[1:]) if value[:1] == "-" else ("", value.removeprefix("+"))
    if not (digits.isascii() and digits.isdecimal()):
        return default
    return int(sign + (digits.lstrip("0") or "0")[:12])


def paged(table, columns, order):
    page, per_page = max(1, number("page", 1)), max(1, min(100, number("per_page", 10)))
    total = rows(f"SELECT count(*) AS n FROM {table}")[0]["n"]
    found = rows(f"SELECT {columns} FROM {table} ORDER BY id {order} LIMIT ? OFFSET ?", per_page, (page - 1) * per_page)
    return jsonify({table: found, "page": page, "per_page": per_page, "total": total, "pages": -(-total // per_page),
                    "has_next": page * per_page < total, "has_prev": page > 1})


def current():
    uid = session.get("uid")
    known = type(uid) is int and uid < 2**63 and rows("SELECT id, username FROM users WHERE id = ?", uid)
    return known[0] if known else None


def find(pid):
    found = rows("SELECT * FROM posts WHERE id = ?", pid) if pid < 2**63 else []
    return found[0] if found else None


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
    data = request.get_json()
    if not text(data, "username") or not text(data, "password"):
        return error("Missing fields", 400)
    name, secret = data["username"].strip(), generate_password_hash(data["password"])
    try:
        uid = insert("INSERT INTO users (username, secret) VALUES (?, ?)", name, secret)
    except sqlite3.IntegrityError:
        return error("Name in use", 409)
    return jsonify(message="User registered successfully!", user={"id": uid, "username": name}), 201


@app.get("/api/users")
def users():
    return paged("users", "id, username", "ASC")


@app.post("/api/login")
def login():
    data = request.get_json()
    if not text(data, "username") or not text(data, "password"):
        return error("Missing fields", 400)
    for user in rows("SELECT * FROM users WHERE username = ?", data["username"].strip()):
        if check_password_hash(user["secret"], data["password"]):
            session["uid"] = user["id"]
            return jsonify(message="Login successful!", user={"id": user["id"], "username": user["username"]})
    return error("No", 401)


@app.post("/api/logout")
def logout():
    session.clear()
    return jsonify(message="Logout successful!")


@app.get("/api/me")
def me():
    user = current()
    return jsonify(user=user) if user else error("No", 401)


@app.post("/api/posts")
def create():
    if not (user := current()):
        return error("No", 401)
    if not (content := text(request.get_json(), "content")):
        return error("Missing fields", 400)
    pid = insert("INSERT INTO posts (content, user_id) VALUES (?, ?)", content.strip(), user["id"])
    return jsonify(message="Post created successfully!", post=find(pid)), 201


@app.get("/api/posts")
def posts():
    return paged("posts", "*", "DESC")


@app.get("/api/posts/<int:pid>")
def show(pid):
    return jsonify(post=post) if (post := find(pid)) else error("None", 404)


@app.route("/api/posts/<int:pid>", methods=("PUT", "DELETE"))
def change(pid):
    if not (user := current()):
        return error("No", 401)
    if not (post := find(pid)):
        return error("None", 404)
    if post["user_id"] != user["id"]:
        return error("Never", 403)
    if request.method == "DELETE":
        rows("DELETE FROM posts WHERE id = ?", pid)
        return jsonify(message=f"Post {pid} deleted!")
    if not (content := text(request.get_json(), "content")):
        return error("Missing fields", 400)
    rows("UPDATE posts SET content = ? WHERE id = ?", content.strip(), pid)
    return jsonify(message=f"Post {pid} updated!", post=find(pid))
