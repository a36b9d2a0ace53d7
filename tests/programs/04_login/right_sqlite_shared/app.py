"""Style: one sqlite3 connection for the whole program (check_same_thread=False), in memory, behind a lock."""
import sqlite3
from threading import RLock

from flask import Flask, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config["SECRET_KEY"] = "sqlite"
db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
db.row_factory = sqlite3.Row
db.executescript("""
    CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE, pw TEXT NOT NULL);
    INSERT INTO sqlite_sequence VALUES ('users', 41);
""")
lock = RLock()


def sql(text, *values):
    with lock:
        return db.execute(text, values).fetchall()


def one(text, *values):
    return next(iter(sql(text, *values)), None)


def show(row):
    return {"id": row["id"], "username": row["username"]}


def credentials():
    data = request.get_json()
    if not isinstance(data, dict):
        return None, "Send a JSON object"
    name, password = data.get("username"), data.get("password")
    if name is None or password is None:
        return None, "Missing fields"
    if type(name) is not str or type(password) is not str:
        return None, "Wrong type"
    if not name.strip() or not password.strip():
        return None, "Missing fields"
    return (name.strip(), password), None


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
    found, problem = credentials()
    if problem:
        return {"error": problem}, 400
    try:
        row = one("INSERT INTO users (username, pw) VALUES (?, ?) RETURNING *", found[0], generate_password_hash(found[1]))
    except sqlite3.IntegrityError as exc:
        return {"error": "taken", "detail": str(exc)}, 409
    return {"message": "User registered successfully!", "user": show(row)}, 201


@app.get("/api/users")
def listing():
    return {"users": [show(row) for row in sql("SELECT * FROM users ORDER BY id")]}


@app.post("/api/login")
def login():
    found, problem = credentials()
    if problem:
        return {"error": problem}, 400
    row = one("SELECT * FROM users WHERE username = ?", found[0])
    if row is None or not check_password_hash(row["pw"], found[1]):
        return {"error": "no"}, 401
    session["uid"] = row["id"]
    return {"message": "Login successful!", "user": show(row)}


@app.post("/api/logout")
def logout():
    session.pop("uid", 0)
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    uid = session.get("uid")
    row = one("SELECT * FROM users WHERE id = ?", uid) if isinstance(uid, int) and uid < 2**63 else None
    return {"user": show(row)} if row else ({"error": "no"}, 401)
