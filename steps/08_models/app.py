from functools import wraps

from flask import Flask, request, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
# signs the session cookie: whoever knows the key can forge a login
app.config["SECRET_KEY"] = "dev"
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///social.db"

# TODO 7: take these lists and numbers out, once no view needs them
users = []  # replace in TODO 7
next_user_id = 1  # replace in TODO 7
posts = []  # replace in TODO 7
# grows and never shrinks, so that no two posts ever share an id  # replace in TODO 7
next_post_id = 1  # replace in TODO 7
# a number beyond it overflows the database, so no id and no page is larger
MAX_ID = 2**31 - 1


class Base(DeclarativeBase):
    """What all models have in common."""


db = SQLAlchemy(model_class=Base)


# TODO 1: write the model User: id, username, password


# TODO 2: write the model Post: id, content, user_id


db.init_app(app)

# TODO 3: make the tables, in the app's context


def text_field(data, name):
    """Return the text that the client sent under this name, or None."""
    value = data.get(name)

    # a number or a list is no text, and a text of blanks says nothing
    if not isinstance(value, str) or not value.strip():
        return None

    return value


def page_args():
    """Return the page that the client asks for, and how much is to be on it."""
    page = request.args.get("page", 1, type=int)
    per_page = request.args.get("per_page", 10, type=int)

    # anybody can ask for page -1, or for a page with everything on it
    page = max(page, 1)  # replace in TODO 7
    per_page = min(max(per_page, 1), 100)

    return page, per_page


def user_json(user):
    """Return what everybody may know of a user: never the password."""
    return {"id": user["id"], "username": user["username"]}  # replace in TODO 4


def post_json(post):
    """Return what everybody may know of a post."""
    return post  # replace in TODO 6


def find_user_by_name(username):
    """Return the user with exactly this name, or None."""
    for user in users:  # replace in TODO 4
        if user["username"] == username:  # replace in TODO 4
            return user  # replace in TODO 4
    return None  # replace in TODO 4


def find_post(id):
    """Return the post with this id, or None."""
    for post in posts:  # replace in TODO 6
        if post["id"] == id:  # replace in TODO 6
            return post  # replace in TODO 6
    return None  # replace in TODO 6


def current_user():
    """Return the user who is logged in on the browser that asks, or None."""
    for user in users:  # replace in TODO 5
        if user["id"] == session.get("user_id"):  # replace in TODO 5
            return user  # replace in TODO 5
    return None  # replace in TODO 5


def login_required(view):
    """Let only users who are logged in through to the view."""

    # Flask tells views apart by their names, so the wrapper takes over the view's
    @wraps(view)
    def guarded_view(**kwargs):
        if not current_user():
            return {"error": "Please log in"}, 401

        return view(**kwargs)

    return guarded_view


def paginate(items):  # replace in TODO 7
    """Return the items on the page that the client asks for, and where that is."""
    page, per_page = page_args()

    start = (page - 1) * per_page  # replace in TODO 7
    total = len(items)  # replace in TODO 7
    # rounds up: the eleventh item needs a second page of ten  # replace in TODO 7
    pages = -(-total // per_page)  # replace in TODO 7

    return items[start : start + per_page], {  # replace in TODO 7
        "page": page,
        "per_page": per_page,
        "total": total,  # replace in TODO 7
        "pages": pages,  # replace in TODO 7
        "has_next": page < pages,  # replace in TODO 7
        "has_prev": page > 1,  # replace in TODO 7
    }


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
    global next_user_id  # replace in TODO 4
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
    # TODO 4: store a User instead, and answer 409 if the database refuses the name
    user = {"id": next_user_id, "username": username, "password": password}  # replace in TODO 4
    users.append(user)  # replace in TODO 4
    next_user_id += 1  # replace in TODO 4

    return {
        "message": "User registered successfully!",
        "user": user_json(user),
    }, 201


@app.route("/api/users")
def get_users():
    """List the users, the oldest account first."""
    items, meta = paginate(users)  # replace in TODO 7
    return {"users": [user_json(user) for user in items], **meta}


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
    if not user or not check_password_hash(user["password"], password):  # replace in TODO 5
        return {"error": "Wrong username or password"}, 401

    session.clear()
    session["user_id"] = user["id"]  # replace in TODO 5

    return {"message": "Login successful!", "user": user_json(user)}


@app.route("/api/logout", methods=["POST"])
def logout():
    """Log out whoever is logged in on the browser that asks."""
    session.clear()
    return {"message": "Logout successful!"}


@app.route("/api/me")
@login_required
def me():
    """Tell the client who is logged in."""
    user = current_user()
    return {"user": user_json(user)}


@app.route("/api/posts", methods=["POST"])
@login_required
def create_post():
    """Publish a post in the name of the user who is logged in."""
    global next_post_id  # replace in TODO 6
    data = request.json
    if not isinstance(data, dict):
        return {"error": "Missing fields"}, 400

    content = text_field(data, "content")
    if not content:
        return {"error": "Missing fields"}, 400

    content = content.strip()
    # TODO 6: answer 400 if the content has more than 255 characters

    # the author comes from the session, because a body can claim anything
    # TODO 6: store a Post instead
    post = {"id": next_post_id, "content": content, "user_id": session["user_id"]}  # replace in TODO 6
    posts.append(post)  # replace in TODO 6
    next_post_id += 1  # replace in TODO 6

    return {"message": "Post created successfully!", "post": post}, 201  # replace in TODO 6


@app.route("/api/posts")
def get_posts():
    """List the posts, the newest first."""
    items, meta = paginate(posts[::-1])  # replace in TODO 7
    return {"posts": items, **meta}  # replace in TODO 7


@app.route("/api/posts/<int:id>")
def get_post(id):
    """Show one post."""
    post = find_post(id)
    if not post:
        return {"error": "Post not found"}, 404

    return {"post": post}  # replace in TODO 6


@app.route("/api/posts/<int:id>", methods=["PUT"])
@login_required
def update_post(id):
    """Let the author of a post replace its content."""
    post = find_post(id)
    if not post:
        return {"error": "Post not found"}, 404

    if post["user_id"] != session["user_id"]:  # replace in TODO 6
        return {"error": "Only the author may change a post"}, 403

    data = request.json
    if not isinstance(data, dict):
        return {"error": "Missing fields"}, 400

    content = text_field(data, "content")
    if not content:
        return {"error": "Missing fields"}, 400

    # TODO 6: answer 400 if the content is too long, then change the Post
    post["content"] = content.strip()  # replace in TODO 6

    return {"message": f"Post {id} updated!", "post": post}  # replace in TODO 6


@app.route("/api/posts/<int:id>", methods=["DELETE"])
@login_required
def delete_post(id):
    """Let the author of a post take it back."""
    post = find_post(id)
    if not post:
        return {"error": "Post not found"}, 404

    if post["user_id"] != session["user_id"]:  # replace in TODO 6
        return {"error": "Only the author may delete a post"}, 403

    # TODO 6: delete the Post from the database
    posts.remove(post)  # replace in TODO 6

    return {"message": f"Post {id} deleted!"}


if __name__ == "__main__":
    app.run(debug=True, port=5001)
