# Style: a beginner's program with global lists, ids by len() + 1, repeated code and Windows line ends.
from flask import Flask, jsonify, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config["SECRET_KEY"] = "dev"

users = []
posts = []


@app.route("/")
def home():
    return jsonify({"message": "Welcome to the Social Media API!"})


@app.route("/api/health")
def health():
    return jsonify({"status": "ok"})


@app.route("/echo", methods=["POST"])
def echo():
    return jsonify({"you_sent": request.get_json()})


# True if the value is a text with something in it
def good_text(value):
    if isinstance(value, str):
        if len(value.strip()) > 0:
            return True
    return False


# register
@app.route("/api/users", methods=["POST"])
def register():
    data = request.get_json()
    if not isinstance(data, dict):
        return jsonify({"error": "Missing fields"}), 400
    if not good_text(data.get("username")):
        return jsonify({"error": "Missing fields"}), 400
    if not good_text(data.get("password")):
        return jsonify({"error": "Missing fields"}), 400
    name = data["username"].strip()
    password_hash = generate_password_hash(data["password"])
    for user in users:
        if user["username"] == name:
            return jsonify({"error": "This user exists already"}), 409
    new_id = len(users) + 1
    users.append({"id": new_id, "username": name, "password_hash": password_hash})
    return jsonify({"message": "User registered successfully!", "user": {"id": new_id, "username": name}}), 201


# all users
@app.route("/api/users", methods=["GET"])
def all_users():
    answer = []
    for user in users:
        answer.append({"id": user["id"], "username": user["username"]})
    return jsonify({"users": answer})


# log in
@app.route("/api/login", methods=["POST"])
def login():
    data = request.get_json()
    if not isinstance(data, dict):
        return jsonify({"error": "Missing fields"}), 400
    if not good_text(data.get("username")):
        return jsonify({"error": "Missing fields"}), 400
    if not good_text(data.get("password")):
        return jsonify({"error": "Missing fields"}), 400
    for user in users:
        if user["username"] == data["username"].strip():
            if check_password_hash(user["password_hash"], data["password"]):
                session["user_id"] = user["id"]
                return jsonify({"message": "Login successful!", "user": {"id": user["id"], "username": user["username"]}})
    return jsonify({"error": "Invalid username or password"}), 401


# log out
@app.route("/api/logout", methods=["POST"])
def logout():
    if "user_id" in session:
        del session["user_id"]
    return jsonify({"message": "Logout successful!"})


# who am I?
@app.route("/api/me")
def me():
    for user in users:
        if user["id"] == session.get("user_id"):
            return jsonify({"user": {"id": user["id"], "username": user["username"]}})
    return jsonify({"error": "You are not logged in"}), 401


# write a post
@app.route("/api/posts", methods=["POST"])
def create_post():
    author = None
    for user in users:
        if user["id"] == session.get("user_id"):
            author = user
    if author is None:
        return jsonify({"error": "You are not logged in"}), 401
    data = request.get_json()
    if not isinstance(data, dict):
        return jsonify({"error": "Missing fields"}), 400
    if not good_text(data.get("content")):
        return jsonify({"error": "Missing fields"}), 400
    post = {"id": len(posts) + 1, "content": data["content"].strip(), "user_id": author["id"]}
    posts.append(post)
    return jsonify({"message": "Post created successfully!", "post": post}), 201


# all posts, the newest first
@app.route("/api/posts", methods=["GET"])
def all_posts():
    answer = []
    for post in posts:
        answer.insert(0, post)
    return jsonify({"posts": answer})


# one post
@app.route("/api/posts/<int:post_id>")
def one_post(post_id):
    for post in posts:
        if post["id"] == post_id:
            return jsonify({"post": post})
    return jsonify({"error": "There is no such post"}), 404


if __name__ == "__main__":
    app.run(debug=True, port=5001)
