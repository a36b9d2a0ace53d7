"""Style: nothing is changed in place: the state is a tuple of tuples in app.config, replaced at each write."""
from typing import NamedTuple

from flask import Flask, Response, json, request, session
from werkzeug.security import check_password_hash, generate_password_hash

User = NamedTuple("User", [("id", int), ("username", str), ("secret", str)])
Post = NamedTuple("Post", [("id", int), ("content", str), ("user_id", int)])
State = NamedTuple("State", [("users", tuple), ("posts", tuple), ("last", int)])

app = Flask(__name__)
app.config.update(SECRET_KEY="immutable", STATE=State((), (), 0))


def state() -> State:
    return app.config["STATE"]


def change(**parts):
    app.config["STATE"] = state()._replace(**parts)


def answer(status=200, **data):
    return Response(json.dumps(data, sort_keys=False), status=status, content_type="application/json")


def first(items, **wanted):
    return next((item for item in items if all(getattr(item, key) == value for key, value in wanted.items())), None)


def texts(*names):
    match request.get_json():
        case dict(data) if all(isinstance(data.get(name), str) and data[name].strip() for name in names):
            return tuple(data[name] for name in names)
    return None


def public(user):
    return {"id": user.id, "username": user.username}


def me():
    return first(state().users, id=session.get("me"))


@app.get("/")
def home():
    return answer(message="Welcome to the Social Media API!")


@app.get("/api/health")
def health():
    return Response('{"status": "ok"}', mimetype="application/json")


@app.post("/echo")
def echo():
    return answer(you_sent=request.get_json())


@app.post("/api/users")
def register():
    if not (found := texts("username", "password")):
        return answer(400, error="Missing fields")
    name, secret = found[0].strip(), generate_password_hash(found[1])
    if first(state().users, username=name):
        return answer(409, error="Name already in the tuple")
    user = User(state().last + 1, name, secret)
    change(users=state().users + (user,), last=user.id)
    return answer(201, message="User registered successfully!", user=public(user))


@app.get("/api/users")
def users():
    return answer(users=[*map(public, state().users)])


@app.post("/api/login")
def login():
    if not (found := texts("username", "password")):
        return answer(400, error="Missing fields")
    user = first(state().users, username=found[0].strip())
    if not user or not check_password_hash(user.secret, found[1]):
        return answer(401, error="Refused")
    session["me"] = user.id
    return answer(message="Login successful!", user=public(user))


@app.post("/api/logout")
def logout():
    session.clear()
    return answer(message="Logout successful!")


@app.get("/api/me")
def whoami():
    return answer(user=public(user)) if (user := me()) else answer(401, error="Refused")


@app.post("/api/posts")
def create():
    if not (user := me()):
        return answer(401, error="Refused")
    if not (found := texts("content")):
        return answer(400, error="Missing fields")
    post = Post(state().last + 1, found[0].strip(), user.id)
    change(posts=(post,) + state().posts, last=post.id)
    return answer(201, message="Post created successfully!", post=post._asdict())


@app.get("/api/posts")
def posts():
    return answer(posts=[post._asdict() for post in state().posts])


@app.get("/api/posts/<int:id>")
def show(id):
    post = first(state().posts, id=id)
    return answer(post=post._asdict()) if post else answer(404, error="Nothing here")


@app.route("/api/posts/<int:id>", methods=["PUT", "DELETE"])
def write(id):
    user, post = me(), first(state().posts, id=id)
    if not user:
        return answer(401, error="Refused")
    if not post:
        return answer(404, error="Nothing here")
    if post.user_id != user.id:
        return answer(403, error="Somebody else wrote this")
    if request.method == "DELETE":
        change(posts=tuple(old for old in state().posts if old is not post))
        return answer(message=f"Post {id} deleted!")
    if not (found := texts("content")):
        return answer(400, error="Missing fields")
    new = post._replace(content=found[0].strip())
    change(posts=tuple(new if old is post else old for old in state().posts))
    return answer(message=f"Post {id} updated!", post=new._asdict())
