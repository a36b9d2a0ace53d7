"""Style: dicts in memory answer every request; they are read from the database at the start, and each change is written there first, in one sqlite3 connection with a lock."""
import sqlite3
import threading
from pathlib import Path

from flask import Flask, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.secret_key = "dev"
FILE = Path(app.instance_path, "social.db")
FILE.parent.mkdir(exist_ok=True)
LOCK = threading.Lock()
TABLES = (
    "CREATE TABLE IF NOT EXISTS user (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL, password TEXT NOT NULL, UNIQUE (username))",
    "CREATE TABLE IF NOT EXISTS post (id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT NOT NULL, user_id INTEGER NOT NULL, FOREIGN KEY (user_id) REFERENCES user)",
)


def write(sql, *values):
    connection = sqlite3.connect(FILE)
    try:
        with connection:
            return connection.execute(sql, values).lastrowid
    finally:
        connection.close()


def read(sql):
    connection = sqlite3.connect(FILE)
    connection.row_factory = sqlite3.Row
    try:
        return {row["id"]: dict(row) for row in connection.execute(sql)}
    finally:
        connection.close()


for table in TABLES:
    write(table)
users = read("SELECT * FROM user ORDER BY id")
posts = read("SELECT * FROM post ORDER BY id")


def error(status, text="Missing fields"):
    return {"error": text}, status


def texts(*names):
    data = request.get_json()
    found = [data.get(name) if isinstance(data, dict) else None for name in names]
    return found if all(isinstance(text, str) and text.strip() for text in found) else None


def public(user):
    return {"id": user["id"], "username": user["username"]}


def number(name, default, most):
    try:
        return max(1, min(int(request.args.get(name, "")), most))
    except ValueError:
        return default


def paged(key, rows):
    page, per_page = number("page", 1, 10**12), number("per_page", 10, 100)
    pages = (len(rows) + per_page - 1) // per_page
    shown = rows[(page - 1) * per_page : page * per_page]
    return {key: shown, "page": page, "per_page": per_page, "total": len(rows), "pages": pages,
            "has_next": page < pages, "has_prev": page > 1}


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
    found = texts("username", "password")
    if not found:
        return error(400)
    name, hashed = found[0].strip(), generate_password_hash(found[1])
    with LOCK:
        try:
            id = write("INSERT INTO user (username, password) VALUES (?, ?)", name, hashed)
        except sqlite3.IntegrityError:
            return error(409, "Taken")
        users[id] = {"id": id, "username": name, "password": hashed}
    return {"message": "User registered successfully!", "user": public(users[id])}, 201


@app.get("/api/users")
def list_users():
    return paged("users", [public(user) for user in users.values()])


@app.post("/api/login")
def login():
    found = texts("username", "password")
    if not found:
        return error(400)
    for user in users.values():
        if user["username"] == found[0].strip() and check_password_hash(user["password"], found[1]):
            session.clear()
            session["id"] = user["id"]
            return {"message": "Login successful!", "user": public(user)}
    return error(401, "No")


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    user = users.get(session.get("id"))
    return {"user": public(user)} if user else error(401, "Who?")


@app.post("/api/posts")
def create():
    user = users.get(session.get("id"))
    if not user:
        return error(401, "Who?")
    found = texts("content")
    if not found:
        return error(400)
    if len(found[0].strip()) > 255:
        return error(400, "Too long")
    with LOCK:
        id = write("INSERT INTO post (content, user_id) VALUES (?, ?)", found[0].strip(), user["id"])
        posts[id] = {"id": id, "content": found[0].strip(), "user_id": user["id"]}
    return {"message": "Post created successfully!", "post": posts[id]}, 201


@app.get("/api/posts")
def list_posts():
    return paged("posts", list(posts.values())[::-1])


@app.route("/api/posts/<int:id>", methods=["GET", "PUT", "DELETE"])
def one(id):
    if request.method != "GET" and session.get("id") not in users:
        return error(401, "Who?")
    post = posts.get(id)
    if not post:
        return error(404, "No such post")
    if request.method == "GET":
        return {"post": post}
    if post["user_id"] != session["id"]:
        return error(403, "Not yours")
    if request.method == "DELETE":
        write("DELETE FROM post WHERE id = ?", id)
        del posts[id]
        return {"message": f"Post {id} deleted!"}
    found = texts("content")
    if not found:
        return error(400)
    if len(found[0].strip()) > 255:
        return error(400, "Too long")
    write("UPDATE post SET content = ? WHERE id = ?", found[0].strip(), id)
    post["content"] = found[0].strip()
    return {"message": f"Post {id} updated!", "post": post}
