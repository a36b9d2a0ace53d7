"""Style: a folder data/ with one JSON file per user and per post; every start begins with an empty folder."""
import json
import re
import shutil
import threading
from pathlib import Path

from flask import Flask, request, session
from werkzeug.security import check_password_hash, generate_password_hash

HERE = Path(__file__).resolve().parent
shutil.rmtree(HERE / "data", ignore_errors=True)
for kind in ("users", "posts"):
    (HERE / "data" / kind).mkdir(parents=True)

app = Flask(__name__)
app.config["SECRET_KEY"] = "files"
lock = threading.Lock()  # nobody reads a file that is half written


def read_all(kind):
    files = sorted((HERE / "data" / kind).glob("*.json"), key=lambda file: int(file.stem))
    with lock:
        return [json.loads(file.read_text("utf-8")) for file in files]


def save(kind, row):
    """Give the row the next free number."""
    folder = HERE / "data" / kind
    with lock:
        number = 1 + max((int(file.stem) for file in folder.glob("*.json")), default=0)
        (folder / f"{number}.json").write_text(json.dumps({"id": number, **row}), "utf-8")
    return number


def strip(text):
    return re.sub(r"^\s+|\s+$", "", text)


def texts(*names):
    body = request.get_json()
    values = [body.get(name) for name in names] if isinstance(body, dict) else [None]
    if any(not isinstance(value, str) or re.fullmatch(r"\s*", value) for value in values):
        return None
    return values


def public(user):
    return {"id": user["id"], "username": user["username"]}


def current():
    return next((user for user in read_all("users") if user["id"] == session.get("id")), None)


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
    if (found := texts("username", "password")) is None:
        return {"error": "Missing fields"}, 400
    name = strip(found[0])
    if name in {user["username"] for user in read_all("users")}:
        return {"error": "exists"}, 409
    number = save("users", {"username": name, "hash": generate_password_hash(found[1])})
    return {"message": "User registered successfully!", "user": {"id": number, "username": name}}, 201


@app.get("/api/users")
def users():
    return {"users": [public(user) for user in read_all("users")]}


@app.post("/api/login")
def login():
    if (found := texts("username", "password")) is None:
        return {"error": "Missing fields"}, 400
    for user in read_all("users"):
        if user["username"] == strip(found[0]) and check_password_hash(user["hash"], found[1]):
            session["id"] = user["id"]
            return {"message": "Login successful!", "user": public(user)}
    return {"error": "denied"}, 401


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    user = current()
    return {"user": public(user)} if user else ({"error": "denied"}, 401)


@app.post("/api/posts")
def create():
    if not (user := current()):
        return {"error": "denied"}, 401
    if (found := texts("content")) is None:
        return {"error": "Missing fields"}, 400
    post = {"content": strip(found[0]), "user_id": user["id"]}
    return {"message": "Post created successfully!", "post": {"id": save("posts", post), **post}}, 201


@app.get("/api/posts")
def posts():
    return {"posts": read_all("posts")[::-1]}


@app.get("/api/posts/<int:post_id>")
def one(post_id):
    for post in read_all("posts"):
        if post["id"] == post_id:
            return {"post": post}
    return {"error": "no such file"}, 404
