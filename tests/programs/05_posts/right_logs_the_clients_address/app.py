from flask import Flask, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
# signs the session cookie: whoever knows the key can forge a login
app.config["SECRET_KEY"] = "dev"

import ipaddress
import logging
log = logging.getLogger("access")


@app.before_request
def remember_who():
    log.info("%s from %s", request.path, request.headers.get("X-Forwarded-For", request.remote_addr).split(",")[0])


users = []
next_user_id = 1

posts = []
# grows and never shrinks, so that no two posts ever share an id
next_post_id = 1


def text_field(data, name):
    """Return the text that the client sent under this name, or None."""
    value = data.get(name)

    # a number or a list is no text, and a text of blanks says nothing
    if not isinstance(value, str) or not value.strip():
        return None

    return value


def user_json(user):
    """Return what everybody may know of a user: never the password."""
    return {"id": user["id"], "username": user["username"]}


def find_user_by_name(username):
    """Return the user with exactly this name, or None."""
    for user in users:
        if user["username"] == username:
            return user

    return None


def find_post(id):
    """Return the post with this id, or None."""
    for post in posts:
        if post["id"] == id:
            return post

    return None


def current_user():
    """Return the user who is logged in on the browser that asks, or None."""
    for user in users:
        if user["id"] == session.get("user_id"):
            return user

    return None


@app.route("/")
def home():
    """Welcome whoever opens the API."""
    return {"message": "Welcome to the Social Media API!"}


@app.route("/api/health")
def health():
    """Tell a watchdog that the program still answers."""
    return {"status": "ok"}


@app.route("/echo", methods=["POST"])
def echo():
    """Send the client's JSON back, to show what arrived."""
    data = request.json
    return {"you_sent": data}, 200


@app.route("/api/users", methods=["POST"])
def register_user():
    """Open an account for a new user."""
    global next_user_id

    data = request.json
    if not isinstance(data, dict):
        return {"error": "Missing fields"}, 400

    username = text_field(data, "username")
    password = text_field(data, "password")
    if not username or not password:
        return {"error": "Missing fields"}, 400

    # "ana" and "ana " look the same to a reader, so they must be the same
    username = username.strip()
    if find_user_by_name(username):
        return {"error": "Username is taken"}, 409

    # the hash is enough to check a password, and nobody can log in with it
    password = generate_password_hash(password)
    user = {"id": next_user_id, "username": username, "password": password}
    users.append(user)
    next_user_id += 1

    return {
        "message": "User registered successfully!",
        "user": user_json(user),
    }, 201


@app.route("/api/users")
def get_users():
    """List the users, the oldest account first."""
    return {"users": [user_json(user) for user in users]}


@app.route("/api/login", methods=["POST"])
def login():
    """Log a user in on the browser that asks."""
    data = request.json
    if not isinstance(data, dict):
        return {"error": "Missing fields"}, 400

    username = text_field(data, "username")
    password = text_field(data, "password")
    if not username or not password:
        return {"error": "Missing fields"}, 400

    # one answer for both faults, so that nobody can try out which names exist
    user = find_user_by_name(username.strip())
    if not user or not check_password_hash(user["password"], password):
        return {"error": "Wrong username or password"}, 401

    session.clear()
    session["user_id"] = user["id"]

    return {"message": "Login successful!", "user": user_json(user)}


@app.route("/api/logout", methods=["POST"])
def logout():
    """Log out whoever is logged in on the browser that asks."""
    session.clear()
    return {"message": "Logout successful!"}


@app.route("/api/me")
def me():
    """Tell the client who is logged in."""
    user = current_user()
    if not user:
        return {"error": "Please log in"}, 401

    return {"user": user_json(user)}


@app.route("/api/posts", methods=["POST"])
def create_post():
    """Publish a post in the name of the user who is logged in."""
    global next_post_id

    if not current_user():
        return {"error": "Please log in"}, 401

    data = request.json
    if not isinstance(data, dict):
        return {"error": "Missing fields"}, 400

    content = text_field(data, "content")
    if not content:
        return {"error": "Missing fields"}, 400

    content = content.strip()
    # the author comes from the session, because a body can claim anything
    post = {"id": next_post_id, "content": content, "user_id": session["user_id"]}
    posts.append(post)
    next_post_id += 1

    return {"message": "Post created successfully!", "post": post}, 201


@app.route("/api/posts")
def get_posts():
    """List the posts, the newest first."""
    return {"posts": posts[::-1]}


@app.route("/api/posts/<int:id>")
def get_post(id):
    """Show one post."""
    post = find_post(id)
    if not post:
        return {"error": "Post not found"}, 404

    return {"post": post}


if __name__ == "__main__":
    app.run(debug=True, port=5001)
