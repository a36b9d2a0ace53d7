"""Style: exceptions for everything; POST /api/posts looks at the body before the login (legal in step 5)."""
from itertools import count

from flask import Flask, request, session
from werkzeug.security import check_password_hash, generate_password_hash


class Problem(Exception):
    status, text = 400, "Missing fields"

    def __init__(self, text=None):
        self.text = text or self.text


class NotLoggedIn(Problem):
    status, text = 401, "Login required"


class WrongLogin(NotLoggedIn):
    text = "Wrong username or wrong password"


class NoSuchPost(Problem):
    status, text = 404, "No such post"


class NameTaken(Problem):
    status, text = 409, "Name taken"


app = Flask(__name__)
app.secret_key = "problems"
app.register_error_handler(Problem, lambda exc: ({"error": exc.text, "kind": type(exc).__name__}, exc.status))
users, posts = [], []
user_ids, post_ids = count(1), count(1)


def texts(*names):
    data = request.get_json()
    if not isinstance(data, dict):
        raise Problem("Send an object")
    for value in map(data.get, names):
        if value is not None and not isinstance(value, str):
            raise Problem("Send strings")
        if value is None or not value.strip():
            raise Problem
    return [data[name] for name in names]


def find(items, error, **wanted):
    for item in items:
        if wanted.items() <= item.items():
            return item
    raise error


def public(user):
    return {"id": user["id"], "username": user["username"]}


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
    username, password = texts("username", "password")
    hashed = generate_password_hash(password, "pbkdf2:sha1:500")
    try:
        find(users, Problem, username=username.strip())
    except Problem:
        users.append({"id": next(user_ids), "username": username.strip(), "hashed": hashed})
        return {"message": "User registered successfully!", "user": public(users[-1])}, 201
    raise NameTaken


@app.get("/api/users")
def list_users():
    return {"users": [public(user) for user in users]}


@app.post("/api/login")
def login():
    username, password = texts("username", "password")
    user = find(users, WrongLogin, username=username.strip())
    if not check_password_hash(user["hashed"], password):
        raise WrongLogin
    session["login"] = user["id"]
    return {"message": "Login successful!", "user": public(user)}


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    return {"user": public(find(users, NotLoggedIn, id=session.get("login")))}


@app.post("/api/posts")
def create():
    (content,) = texts("content")
    user = find(users, NotLoggedIn, id=session.get("login"))
    posts.append({"id": next(post_ids), "content": content.strip(), "user_id": user["id"]})
    return {"message": "Post created successfully!", "post": posts[-1]}, 201


@app.get("/api/posts")
def list_posts():
    return {"posts": posts[::-1]}


@app.get("/api/posts/<int:id>")
def show(id):
    return {"post": find(posts, NoSuchPost, id=id)}
