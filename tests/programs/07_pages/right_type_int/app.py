"""Style: request.args.get(..., type=int), so more digits than Python reads count as junk; dicts by username and id."""
from itertools import count

from flask import Flask, abort, g, jsonify, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.secret_key = "type=int"
users, posts = {}, {}
user_ids, post_ids = count(500, 5), count(30)


@app.before_request
def load_user():
    name = session.get("username")
    g.user = users.get(name) if isinstance(name, str) else None


def fail(status, text):
    abort(app.make_response(({"error": text, "status": status}, status)))


def strings(*names):
    data = request.get_json()
    if not isinstance(data, dict):
        fail(400, "The body must be an object")
    for name in names:
        if data.get(name, "") in (None, "") or (type(data[name]) is str and not data[name].strip()):
            fail(400, "Missing fields")
        if type(data[name]) is not str:
            fail(400, f"{name} must be a string")
    return [data[name] for name in names]


def paged(**lists):
    (key, items), = lists.items()
    page = max(request.args.get("page", default=1, type=int), 1)
    per_page = min(max(request.args.get("per_page", default=10, type=int), 1), 100)
    pages = (len(items) + per_page - 1) // per_page
    return {key: items[(page - 1) * per_page:page * per_page], "page": page, "per_page": per_page, "total": len(items),
            "pages": pages, "has_next": page < pages, "has_prev": page > 1}


def public(user):
    return {"id": user["id"], "username": user["username"]}


def need_user():
    return g.user or fail(401, "Login required")


def own(post_id):
    user = need_user()
    post = posts.get(post_id) or fail(404, "No such post")
    return post if post["user_id"] == user["id"] else fail(403, "Not the author")


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
    username, password = strings("username", "password")
    user = {"id": 0, "username": username.strip(), "hashed": generate_password_hash(password)}
    if user["username"] in users:
        fail(409, "Name taken")
    user["id"] = next(user_ids)
    users[user["username"]] = user
    return jsonify(message="User registered successfully!", user=public(user)), 201


@app.get("/api/users")
def list_users():
    return paged(users=[public(user) for user in list(users.values())])


@app.post("/api/login")
def login():
    username, password = strings("username", "password")
    user = users.get(username.strip())
    if not user or not check_password_hash(user["hashed"], password):
        fail(401, "Bad login")
    session["username"] = user["username"]
    return jsonify(message="Login successful!", user=public(user))


@app.post("/api/logout")
def logout():
    session.pop("username", None)
    return jsonify(message="Logout successful!")


@app.get("/api/me")
def me():
    return jsonify(user=public(need_user()))


@app.post("/api/posts")
def create():
    user = need_user()
    post = {"content": strings("content")[0].strip(), "user_id": user["id"], "id": next(post_ids)}
    posts[post["id"]] = post
    return jsonify(message="Post created successfully!", post=post), 201


@app.get("/api/posts")
def list_posts():
    return paged(posts=sorted(posts.values(), key=lambda post: post["id"], reverse=True))


@app.get("/api/posts/<int:post_id>")
def show(post_id):
    return jsonify(post=posts.get(post_id) or fail(404, "No such post"))


@app.put("/api/posts/<int:post_id>")
def update(post_id):
    post = own(post_id)
    post["content"] = strings("content")[0].strip()
    return jsonify(message=f"Post {post_id} updated!", post=post)


@app.delete("/api/posts/<int:post_id>")
def delete(post_id):
    del posts[own(post_id)["id"]]
    return jsonify(message=f"Post {post_id} deleted!")
