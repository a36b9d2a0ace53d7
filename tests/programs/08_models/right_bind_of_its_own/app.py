import sqlite3
from functools import wraps

from flask import Flask, request, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    joinedload,
    mapped_column,
    relationship,
)
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
# signs the session cookie: whoever knows the key can forge a login
app.config["SECRET_KEY"] = "dev"
app.config["SQLALCHEMY_BINDS"] = {"social": "sqlite:///social.db"}

# a number beyond it overflows the database, so no id and no page is larger
MAX_ID = 2**31 - 1


class Base(DeclarativeBase):
    """What all models have in common."""


db = SQLAlchemy(model_class=Base)


class User(db.Model):
    __bind_key__ = "social"
    """Somebody who can log in and write posts."""

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    # holds a hash, and Werkzeug's have 162 characters
    password: Mapped[str] = mapped_column(String(255))
    posts: Mapped[list["Post"]] = relationship(
        back_populates="author",
        cascade="all, delete-orphan",
    )


class Post(db.Model):
    __bind_key__ = "social"
    """Something that a user wrote."""

    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    author: Mapped["User"] = relationship(back_populates="posts")


@db.event.listens_for(db.Engine, "connect")
def enforce_foreign_keys(connection, record):
    """Make SQLite refuse a post without an author, as other databases do anyway."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA foreign_keys = ON")


db.init_app(app)

with app.app_context():
    db.create_all("social")


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
    page = min(max(page, 1), MAX_ID)
    per_page = min(max(per_page, 1), 100)

    return page, per_page


def user_json(user):
    """Return what everybody may know of a user: never the password."""
    return {"id": user.id, "username": user.username}


def post_json(post):
    """Return what everybody may know of a post."""
    return {
        "id": post.id,
        "content": post.content,
        "user_id": post.user_id,
        "author": post.author.username,
    }


def find_user_by_name(username):
    """Return the user with exactly this name, or None."""
    return db.session.scalar(db.select(User).where(User.username == username))


def find_user(id):
    """Return the user with this id, or None."""
    if id > MAX_ID:
        return None

    return db.session.get(User, id)


def find_post(id):
    """Return the post with this id, or None."""
    if id > MAX_ID:
        return None

    return db.session.get(Post, id)


def current_user():
    """Return the user who is logged in on the browser that asks, or None."""
    if "user_id" not in session:
        return None

    return db.session.get(User, session["user_id"])


def login_required(view):
    """Let only users who are logged in through to the view."""

    # Flask tells views apart by their names, so the wrapper takes over the view's
    @wraps(view)
    def guarded_view(**kwargs):
        if not current_user():
            return {"error": "Please log in"}, 401

        return view(**kwargs)

    return guarded_view


def paginate(query):
    """Return the items on the page that the client asks for, and where that is."""
    page, per_page = page_args()

    # without error_out=False, a page beyond the end would be a 404
    found = db.paginate(query, page=page, per_page=per_page, error_out=False)

    return found.items, {
        "page": page,
        "per_page": per_page,
        "total": found.total,
        "pages": found.pages,
        "has_next": found.has_next,
        "has_prev": found.has_prev,
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
    user = User(username=username, password=password)
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError:
        # two requests for one name can both come this far, and one is too late
        db.session.rollback()
        return {"error": "Username is taken"}, 409

    return {
        "message": "User registered successfully!",
        "user": user_json(user),
    }, 201


@app.route("/api/users")
def get_users():
    """List the users, the oldest account first."""
    items, meta = paginate(db.select(User).order_by(User.id))
    return {"users": [user_json(user) for user in items], **meta}


@app.route("/api/users/<int:id>")
def get_user(id):
    """Show one user, and how many posts there are from them."""
    user = find_user(id)
    if not user:
        return {"error": "User not found"}, 404

    # the database counts without sending the posts, as len(user.posts) would
    query = db.select(db.func.count(Post.id)).where(Post.user_id == id)
    post_count = db.session.scalar(query)

    return {"user": {**user_json(user), "post_count": post_count}}


@app.route("/api/users/<int:id>/posts")
def get_user_posts(id):
    """List the posts of one user, the newest first."""
    user = find_user(id)
    if not user:
        return {"error": "User not found"}, 404

    query = db.select(Post).where(Post.user_id == id).order_by(Post.id.desc())
    items, meta = paginate(query)
    return {"posts": [post_json(post) for post in items], **meta}


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
    if not user or not check_password_hash(user.password, password):
        return {"error": "Wrong username or password"}, 401

    session.clear()
    session["user_id"] = user.id

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


@app.route("/api/me", methods=["DELETE"])
@login_required
def delete_me():
    """Close the account of the user who is logged in, and delete their posts."""
    user = current_user()
    db.session.delete(user)
    db.session.commit()
    session.clear()

    return {"message": f"User {user.id} deleted!"}


@app.route("/api/posts", methods=["POST"])
@login_required
def create_post():
    """Publish a post in the name of the user who is logged in."""
    data = request.json
    if not isinstance(data, dict):
        return {"error": "Missing fields"}, 400

    content = text_field(data, "content")
    if not content:
        return {"error": "Missing fields"}, 400

    content = content.strip()
    if len(content) > 255:
        return {"error": "Content is longer than 255 characters"}, 400

    # the author comes from the session, because a body can claim anything
    post = Post(content=content, user_id=session["user_id"])
    db.session.add(post)
    db.session.commit()

    return {"message": "Post created successfully!", "post": post_json(post)}, 201


@app.route("/api/posts")
def get_posts():
    """List the posts, the newest first."""
    query = db.select(Post).order_by(Post.id.desc())
    # else the database would be asked once more for the author of every post
    query = query.options(joinedload(Post.author))

    author = request.args.get("author")
    if author is not None:
        query = query.join(Post.author).where(User.username == author)

    items, meta = paginate(query)
    return {"posts": [post_json(post) for post in items], **meta}


@app.route("/api/posts/<int:id>")
def get_post(id):
    """Show one post."""
    post = find_post(id)
    if not post:
        return {"error": "Post not found"}, 404

    return {"post": post_json(post)}


@app.route("/api/posts/<int:id>", methods=["PUT"])
@login_required
def update_post(id):
    """Let the author of a post replace its content."""
    post = find_post(id)
    if not post:
        return {"error": "Post not found"}, 404

    if post.user_id != session["user_id"]:
        return {"error": "Only the author may change a post"}, 403

    data = request.json
    if not isinstance(data, dict):
        return {"error": "Missing fields"}, 400

    content = text_field(data, "content")
    if not content:
        return {"error": "Missing fields"}, 400

    content = content.strip()
    if len(content) > 255:
        return {"error": "Content is longer than 255 characters"}, 400

    post.content = content
    db.session.commit()

    return {"message": f"Post {id} updated!", "post": post_json(post)}


@app.route("/api/posts/<int:id>", methods=["DELETE"])
@login_required
def delete_post(id):
    """Let the author of a post take it back."""
    post = find_post(id)
    if not post:
        return {"error": "Post not found"}, 404

    if post.user_id != session["user_id"]:
        return {"error": "Only the author may delete a post"}, 403

    db.session.delete(post)
    db.session.commit()

    return {"message": f"Post {id} deleted!"}


if __name__ == "__main__":
    app.run(debug=True, port=5001)
