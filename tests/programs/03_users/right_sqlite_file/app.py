"""Style: raw sqlite3 with a connection per request, in a file of this folder that each start makes anew."""
import sqlite3
from pathlib import Path

from flask import Flask, g, request
from werkzeug.security import generate_password_hash

app = Flask(__name__)
FILE = Path(__file__).with_name("users.sqlite3")
FILE.unlink(missing_ok=True)


def db():
    if not hasattr(g, "db"):
        g.db = sqlite3.connect(FILE)
        g.db.row_factory = sqlite3.Row
    return g.db


@app.teardown_appcontext
def close(exc):
    if hasattr(g, "db"):
        g.db.close()


with app.app_context():
    db().execute("CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT UNIQUE, hash TEXT)")


@app.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@app.get("/api/health")
def health():
    return {"status": "ok", "sqlite": db().execute("SELECT sqlite_version()").fetchone()[0]}


@app.post("/echo")
def echo():
    return {"you_sent": request.get_json()}


@app.post("/api/users")
def register():
    body = request.get_json()
    if not isinstance(body, dict):
        return {"error": "an object please"}, 400
    for name in ("username", "password"):
        value = body.get(name)
        if value is None or value == "":
            return {"error": "Missing fields"}, 400
        if not isinstance(value, str):
            return {"error": f"{name} must be a string"}, 400
        if value.isspace():
            return {"error": "Missing fields"}, 400
    username = body["username"].strip()
    try:
        with db():
            row = (username, generate_password_hash(body["password"], method="scrypt:1024:8:1"))
            new_id = db().execute("INSERT INTO user (username, hash) VALUES (?, ?)", row).lastrowid
    except sqlite3.IntegrityError:
        return {"error": "That name is taken"}, 409
    return {"message": "User registered successfully!", "user": {"id": new_id, "username": username}}, 201


@app.get("/api/users")
def listing():
    return {"users": [dict(row) for row in db().execute("SELECT id, username FROM user ORDER BY id")]}
