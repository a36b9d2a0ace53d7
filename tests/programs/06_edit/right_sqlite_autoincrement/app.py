"""Style: raw sqlite3, a connection per request in g, AUTOINCREMENT, a file of this folder that a restart finds again."""
import sqlite3
from contextlib import closing
from pathlib import Path

from flask import Flask, g, request, session
from werkzeug.security import check_password_hash, generate_password_hash

FILE = Path(__file__).parent / "social.sqlite"
BIGGEST = 2**63 - 1
app = Flask(__name__)
app.secret_key = "sqlite"

with closing(sqlite3.connect(FILE)) as setup:
    setup.executescript("""
        CREATE TABLE IF NOT EXISTS user (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT UNIQUE NOT NULL, hash TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS post (id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT NOT NULL,
                                         user_id INTEGER NOT NULL REFERENCES user);
    """)


@app.before_request
def connect():
    g.db = sqlite3.connect(FILE)
    g.db.row_factory = lambda cursor, row: dict(zip([column[0] for column in cursor.description], row))


@app.teardown_request
def disconnect(exc):
    if (db := g.pop("db", None)) is not None:
        db.close()


def one(sql, *values):
    return g.db.execute(sql, values).fetchone()


def write(sql, *values):
    with g.db:
        return g.db.execute(sql, values).lastrowid


def error(status, text):
    return {"error": text}, status


def text(data, name):
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, str) and value.strip() else None


def current_user():
    uid = session.get("user_id")
    if isinstance(uid, int) and 0 < uid <= BIGGEST:
        return one("SELECT id, username FROM user WHERE id = ?", uid)


def get_post(post_id):
    return one("SELECT * FROM post WHERE id = ?", post_id) if post_id <= BIGGEST else None


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
    data = request.get_json()
    username, password = text(data, "username"), text(data, "password")
    if not (username and password):
        return error(400, "Missing fields")
    try:
        uid = write("INSERT INTO user (username, hash) VALUES (?, ?)", username.strip(), generate_password_hash(password))
    except sqlite3.IntegrityError:
        return error(409, "Taken")
    return {"message": "User registered successfully!", "user": {"id": uid, "username": username.strip()}}, 201


@app.get("/api/users")
def users():
    return {"users": g.db.execute("SELECT id, username FROM user ORDER BY id").fetchall()}


@app.post("/api/login")
def login():
    data = request.get_json()
    username, password = text(data, "username"), text(data, "password")
    if not (username and password):
        return error(400, "Missing fields")
    row = one("SELECT * FROM user WHERE username = ?", username.strip())
    if not row or not check_password_hash(row.pop("hash"), password):
        return error(401, "Wrong")
    session.clear()
    session["user_id"] = row["id"]
    return {"message": "Login successful!", "user": row}


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    user = current_user()
    return {"user": user} if user else error(401, "Log in")


@app.route("/api/posts", methods=["GET", "POST"])
def posts():
    if request.method != "POST":
        return {"posts": g.db.execute("SELECT * FROM post ORDER BY id DESC").fetchall()}
    if not (user := current_user()):
        return error(401, "Log in")
    if not (content := text(request.get_json(), "content")):
        return error(400, "Missing fields")
    pid = write("INSERT INTO post (content, user_id) VALUES (?, ?)", content.strip(), user["id"])
    return {"message": "Post created successfully!", "post": get_post(pid)}, 201


@app.route("/api/posts/<int:pid>", methods=["GET", "PUT", "DELETE"])
def post(pid):
    writing = request.method in ("PUT", "DELETE")
    user = current_user() if writing else None
    if writing and not user:
        return error(401, "Log in")
    if not (row := get_post(pid)):
        return error(404, "Unknown")
    if writing and row["user_id"] != user["id"]:
        return error(403, "Not yours")
    if request.method == "PUT":
        if not (content := text(request.get_json(), "content")):
            return error(400, "Missing fields")
        write("UPDATE post SET content = ? WHERE id = ?", content.strip(), pid)
        return {"message": f"Post {pid} updated!", "post": get_post(pid)}
    if request.method == "DELETE":
        write("DELETE FROM post WHERE id = ?", pid)
        return {"message": f"Post {pid} deleted!"}
    return {"post": row}
