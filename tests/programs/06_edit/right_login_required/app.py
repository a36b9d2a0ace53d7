"""Style: the usual program: lists of dicts and a decorator login_required."""
from functools import wraps

from flask import Flask, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config["SECRET_KEY"] = "dev"

users = []
posts = []
next_user_id = 1
next_post_id = 1


def text_field(data, name):
    value = data.get(name) if isinstance(data, dict) else None
    if not isinstance(value, str) or not value.strip():
        return None
    return value


def public(user):
    return {"id": user["id"], "username": user["username"]}


def current_user():
    return next((user for user in users if user["id"] == session.get("user_id")), None)


def find_post(post_id):
    return next((post for post in posts if post["id"] == post_id), None)


def login_required(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        if current_user() is None:
            return {"error": "Please log in"}, 401
        return view(*args, **kwargs)

    return guarded


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
    global next_user_id
    data = request.get_json()
    username, password = text_field(data, "username"), text_field(data, "password")
    if not username or not password:
        return {"error": "Missing fields"}, 400
    username, password = username.strip(), generate_password_hash(password)
    if any(user["username"] == username for user in users):
        return {"error": "Username already taken"}, 409
    users.append({"id": next_user_id, "username": username, "password": password})
    next_user_id += 1
    return {"message": "User registered successfully!", "user": public(users[-1])}, 201


@app.get("/api/users")
def list_users():
    return {"users": [public(user) for user in users]}


@app.post("/api/login")
def login():
    data = request.get_json()
    username, password = text_field(data, "username"), text_field(data, "password")
    if not username or not password:
        return {"error": "Missing fields"}, 400
    user = next((user for user in users if user["username"] == username.strip()), None)
    if user is None or not check_password_hash(user["password"], password):
        return {"error": "Wrong username or password"}, 401
    session.clear()
    session["user_id"] = user["id"]
    return {"message": "Login successful!", "user": public(user)}


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
@login_required
def me():
    return {"user": public(current_user())}


@app.post("/api/posts")
@login_required
def create_post():
    global next_post_id
    content = text_field(request.get_json(), "content")
    if not content:
        return {"error": "Missing fields"}, 400
    post = {"id": next_post_id, "content": content.strip(), "user_id": session["user_id"]}
    next_post_id += 1
    posts.append(post)
    return {"message": "Post created successfully!", "post": post}, 201


@app.get("/api/posts")
def list_posts():
    return {"posts": list(reversed(posts))}


@app.get("/api/posts/<int:post_id>")
def get_post(post_id):
    post = find_post(post_id)
    if post is None:
        return {"error": "Post not found"}, 404
    return {"post": post}


@app.put("/api/posts/<int:post_id>")
@login_required
def update_post(post_id):
    post = find_post(post_id)
    if post is None:
        return {"error": "Post not found"}, 404
    if post["user_id"] != session["user_id"]:
        return {"error": "This is not your post"}, 403
    content = text_field(request.get_json(), "content")
    if not content:
        return {"error": "Missing fields"}, 400
    post["content"] = content.strip()
    return {"message": f"Post {post_id} updated!", "post": post}


@app.delete("/api/posts/<int:post_id>")
@login_required
def delete_post(post_id):
    post = find_post(post_id)
    if post is None:
        return {"error": "Post not found"}, 404
    if post["user_id"] != session["user_id"]:
        return {"error": "This is not your post"}, 403
    posts.remove(post)
    return {"message": f"Post {post_id} deleted!"}


if __name__ == "__main__":
    app.run(debug=True, port=5001)
