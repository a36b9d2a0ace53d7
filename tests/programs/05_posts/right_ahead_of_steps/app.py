"""Style: a fast learner: PUT and DELETE of a post are there already, extra keys, hooks that add headers."""
import json
import time
from http import HTTPStatus

from flask import Flask, Response, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config["SECRET_KEY"] = "ahead"
state = {"users": {}, "posts": {}, "last_user": 0, "last_post": 0}


def reply(code=HTTPStatus.OK, /, **data):
    return Response(json.dumps(data, ensure_ascii=False), code, mimetype="application/json")


@app.after_request
def headers(response):
    response.headers.extend([("X-Frame-Options", "DENY"), ("Cache-Control", "no-store")])
    return response


def me():
    uid = session.get("uid")
    return state["users"].get(uid) if type(uid) is int else None


def show(user):
    return {"id": user["id"], "username": user["username"], "since": user["since"]}


def wanted(*names):
    data = request.get_json()
    data = data if isinstance(data, dict) else {}
    values = [data.get(name) for name in names]
    return values if all(isinstance(value, str) and value.strip() for value in values) else [None] * len(names)


@app.get("/")
def home():
    return reply(message="Welcome to the Social Media API!")


@app.get("/api/health")
def health():
    return reply(status="ok")


@app.post("/echo")
def echo():
    return reply(you_sent=request.get_json())


@app.post("/api/users")
def register():
    name, password = wanted("username", "password")
    if name is None:
        return reply(400, error="Missing fields")
    name, hashed = name.strip(), generate_password_hash(password)
    if any(user["username"] == name for user in list(state["users"].values())):
        return reply(HTTPStatus.CONFLICT, error="conflict")
    state["last_user"] += 1
    user = {"id": state["last_user"], "username": name, "hash": hashed, "since": int(time.time())}
    state["users"][user["id"]] = user
    return reply(HTTPStatus.CREATED, message="User registered successfully!", user=show(user))


@app.get("/api/users")
def users():
    return reply(users=[show(user) for user in list(state["users"].values())])


@app.post("/api/login")
def login():
    name, password = wanted("username", "password")
    if name is None:
        return reply(400, error="Missing fields")
    for user in list(state["users"].values()):
        if user["username"] == name.strip() and check_password_hash(user["hash"], password):
            session["uid"] = user["id"]
            return reply(message="Login successful!", user=show(user))
    return reply(401, error="unauthorized")


@app.post("/api/logout")
def logout():
    session.pop("uid", None)
    return reply(message="Logout successful!")


@app.get("/api/me")
def whoami():
    return reply(user=show(me())) if me() else reply(401, error="unauthorized")


@app.post("/api/posts")
def create():
    if not me():
        return reply(401, error="unauthorized")
    (content,) = wanted("content")
    if content is None:
        return reply(400, error="Missing fields")
    state["last_post"] += 1
    post = {"id": state["last_post"], "content": content.strip(), "user_id": me()["id"], "edited": False}
    state["posts"][post["id"]] = post
    return reply(201, message="Post created successfully!", post=post)


@app.get("/api/posts")
def posts():
    return reply(posts=sorted(state["posts"].values(), key=lambda post: -post["id"]))


@app.route("/api/posts/<int:pid>", methods=["GET", "PUT", "DELETE"])
def post(pid):
    found, writing = state["posts"].get(pid), request.method in ("PUT", "DELETE")
    if writing and not me():
        return reply(401, error="unauthorized")
    if not found:
        return reply(404, error="not found")
    if writing and found["user_id"] != me()["id"]:
        return reply(403, error="forbidden")
    if request.method == "DELETE":
        del state["posts"][pid]
        return reply(message=f"Post {pid} deleted!")
    if request.method == "PUT":
        (content,) = wanted("content")
        if content is None:
            return reply(400, error="Missing fields")
        found.update(content=content.strip(), edited=True)
        return reply(message=f"Post {pid} updated!", post=found)
    return reply(post=found)
