"""Style: SQLite in memory with one connection, ids of posts from the clock, user ids as they come."""
import sqlite3
import time

from flask import Flask, jsonify, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.secret_key = "clock"
db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
db.row_factory = sqlite3.Row
db.execute("CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT UNIQUE, hash TEXT)")
db.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, content TEXT, user_id INTEGER)")


def rows(sql, *values):
    return [dict(row) for row in db.execute(sql, values)]


def first(sql, *values):
    return next(iter(rows(sql, *values)), None)


def texts(*names):
    """The texts of the body, or None if one is missing."""
    body = request.get_json()
    found = [body.get(name) for name in names] if isinstance(body, dict) else [None]
    return found if all(isinstance(text, str) and text.strip() for text in found) else None


def problem(status, text="Missing fields"):
    return jsonify(error=text), status


def me():
    return first("SELECT id, username FROM user WHERE id = ?", session.get("id"))


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
    if not (found := texts("username", "password")):
        return problem(400)
    name, hashed = found[0].strip(), generate_password_hash(found[1])
    try:
        db.execute("INSERT INTO user (username, hash) VALUES (?, ?)", (name, hashed))
    except sqlite3.IntegrityError:
        return problem(409, "Somebody has this name")
    user = first("SELECT id, username FROM user WHERE username = ?", name)
    return jsonify(message="User registered successfully!", user=user), 201


@app.get("/api/users")
def users():
    return jsonify(users=rows("SELECT id, username FROM user ORDER BY id"))


@app.post("/api/login")
def login():
    if not (found := texts("username", "password")):
        return problem(400)
    user = first("SELECT * FROM user WHERE username = ?", found[0].strip())
    if not user or not check_password_hash(user.pop("hash"), found[1]):
        return problem(401, "Name or password is wrong")
    session["id"] = user["id"]
    return jsonify(message="Login successful!", user=user)


@app.post("/api/logout")
def logout():
    session.clear()
    return jsonify(message="Logout successful!")


@app.get("/api/me")
def whoami():
    return jsonify(user=me()) if me() else problem(401, "Nobody is logged in")


@app.post("/api/posts")
def create():
    if not (user := me()):
        return problem(401, "Nobody is logged in")
    if not (found := texts("content")):
        return problem(400)
    post = {"id": time.time_ns() // 1000, "content": found[0].strip(), "user_id": user["id"]}
    while first("SELECT id FROM post WHERE id >= ?", post["id"]):
        post["id"] += 1
    db.execute("INSERT INTO post VALUES (:id, :content, :user_id)", post)
    return jsonify(message="Post created successfully!", post=post), 201


@app.get("/api/posts")
def posts():
    return jsonify(posts=rows("SELECT * FROM post ORDER BY id DESC"))


@app.get("/api/posts/<int:number>")
def one(number):
    # an id of more digits than SQLite can take is no id of ours
    post = first("SELECT * FROM post WHERE id = ?", number) if number < 2**63 else None
    return jsonify(post=post) if post else problem(404, "No such post")
