# Style: a beginner's program with global lists; one helper reads the numbers, another cuts the page.
from flask import Flask, jsonify, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config["SECRET_KEY"] = "dev"

users = []
posts = []
next_user_id = 1
next_post_id = 1


# ---------- helpers ----------

def text_field(data, name):
    value = data.get(name)
    if not isinstance(value, str):
        return None
    if value.strip() == "":
        return None
    return value


def public(user):
    return {"id": user["id"], "username": user["username"]}


def current_user():
    for user in users:
        if user["id"] == session.get("user_id"):
            return user
    return None


def find_post(post_id):
    for post in posts:
        if post["id"] == post_id:
            return post
    return None


def number_from_query(name, default):
    text = request.args.get(name, "")
    digits = text
    if text.startswith("-"):
        digits = text[1:]
    if digits == "":
        return default
    for character in digits:
        if character not in "0123456789":
            return default
    if len(digits) > 15:
        # so many digits are beyond every page
        digits = "999999999999999"
    if text.startswith("-"):
        return -int(digits)
    return int(digits)


def page_args():
    page = number_from_query("page", 1)
    if page < 1:
        page = 1
    per_page = number_from_query("per_page", 10)
    if per_page < 1:
        per_page = 1
    if per_page > 100:
        per_page = 100
    return page, per_page


def paginate(items, key):
    page, per_page = page_args()
    total = len(items)
    pages = total // per_page
    if total % per_page != 0:
        pages = pages + 1
    start = (page - 1) * per_page
    return jsonify({
        key: items[start:start + per_page],
        "page": page,
        "per_page": per_page,
        "total": total,
        "pages": pages,
        "has_next": page < pages,
        "has_prev": page > 1,
    })


# ---------- steps 1 and 2 ----------

@app.route("/")
def home():
    return jsonify({"message": "Welcome to the Social Media API!"})


@app.route("/api/health")
def health():
    return jsonify({"status": "ok"})


@app.route("/echo", methods=["POST"])
def echo():
    return jsonify({"you_sent": request.get_json()})


# ---------- users ----------

@app.route("/api/users", methods=["POST"])
def register():
    global next_user_id
    data = request.get_json()
    if not isinstance(data, dict):
        return jsonify({"error": "Missing fields"}), 400
    username = text_field(data, "username")
    password = text_field(data, "password")
    if not username or not password:
        return jsonify({"error": "Missing fields"}), 400
    username = username.strip()
    password_hash = generate_password_hash(password)
    for user in users:
        if user["username"] == username:
            return jsonify({"error": "Username already exists"}), 409
    user = {"id": next_user_id, "username": username, "password": password_hash}
    next_user_id = next_user_id + 1
    users.append(user)
    return jsonify({"message": "User registered successfully!", "user": public(user)}), 201


@app.route("/api/users", methods=["GET"])
def list_users():
    return paginate([public(user) for user in users], "users")


@app.route("/api/login", methods=["POST"])
def login():
    data = request.get_json()
    if not isinstance(data, dict):
        return jsonify({"error": "Missing fields"}), 400
    username = text_field(data, "username")
    password = text_field(data, "password")
    if not username or not password:
        return jsonify({"error": "Missing fields"}), 400
    for user in users:
        if user["username"] == username.strip() and check_password_hash(user["password"], password):
            session.clear()
            session["user_id"] = user["id"]
            return jsonify({"message": "Login successful!", "user": public(user)}), 200
    return jsonify({"error": "Invalid username or password"}), 401


@app.route("/api/logout", methods=["POST"])
def logout():
    session.clear()
    return jsonify({"message": "Logout successful!"})


@app.route("/api/me")
def me():
    user = current_user()
    if user is None:
        return jsonify({"error": "Please log in"}), 401
    return jsonify({"user": public(user)})


# ---------- posts ----------

@app.route("/api/posts", methods=["POST"])
def create_post():
    global next_post_id
    user = current_user()
    if user is None:
        return jsonify({"error": "Please log in"}), 401
    data = request.get_json()
    if not isinstance(data, dict):
        return jsonify({"error": "Missing fields"}), 400
    content = text_field(data, "content")
    if not content:
        return jsonify({"error": "Missing fields"}), 400
    post = {"id": next_post_id, "content": content.strip(), "user_id": user["id"]}
    next_post_id = next_post_id + 1
    posts.append(post)
    return jsonify({"message": "Post created successfully!", "post": post}), 201


@app.route("/api/posts", methods=["GET"])
def list_posts():
    return paginate(posts[::-1], "posts")


@app.route("/api/posts/<int:post_id>", methods=["GET"])
def get_post(post_id):
    post = find_post(post_id)
    if post is None:
        return jsonify({"error": "Post not found"}), 404
    return jsonify({"post": post})


@app.route("/api/posts/<int:post_id>", methods=["PUT"])
def update_post(post_id):
    user = current_user()
    if user is None:
        return jsonify({"error": "Please log in"}), 401
    post = find_post(post_id)
    if post is None:
        return jsonify({"error": "Post not found"}), 404
    if post["user_id"] != user["id"]:
        return jsonify({"error": "You are not the author"}), 403
    data = request.get_json()
    if not isinstance(data, dict):
        return jsonify({"error": "Missing fields"}), 400
    content = text_field(data, "content")
    if not content:
        return jsonify({"error": "Missing fields"}), 400
    post["content"] = content.strip()
    return jsonify({"message": "Post " + str(post_id) + " updated!", "post": post})


@app.route("/api/posts/<int:post_id>", methods=["DELETE"])
def delete_post(post_id):
    user = current_user()
    if user is None:
        return jsonify({"error": "Please log in"}), 401
    post = find_post(post_id)
    if post is None:
        return jsonify({"error": "Post not found"}), 404
    if post["user_id"] != user["id"]:
        return jsonify({"error": "You are not the author"}), 403
    posts.remove(post)
    return jsonify({"message": "Post " + str(post_id) + " deleted!"})


if __name__ == "__main__":
    app.run(debug=True, port=5001)
