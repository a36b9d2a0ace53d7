"""Style: typed models beside app.py, back_populates, joinedload, delete-orphan cascade by the ORM, pragma on the Engine class, AUTOINCREMENT users."""
import re
from functools import wraps

from flask import Flask, request, session
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload
from werkzeug.security import check_password_hash, generate_password_hash

from models import Post, User, db

MAX_ID = 2**31 - 1
MAX_PAGE = 2**40
MISSING = {"error": "Missing fields"}

app = Flask(__name__)
app.config["SECRET_KEY"] = "dev"
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///social.db"
db.init_app(app)

with app.app_context():
    db.create_all()


# ---- helpers ----

def text_field(data, name):
    """The string of that name, or None if it is missing, no string or blank."""
    value = data.get(name) if isinstance(data, dict) else None
    if isinstance(value, str) and value.strip():
        return value
    return None


def query_number(name, default):
    """A whole number of the query string, however long; anything else is the default."""
    text = request.args.get(name, "")
    if not re.fullmatch(r"-?[0-9]+", text):
        return default
    if len(text) > 12:
        return -1 if text.startswith("-") else MAX_PAGE
    return int(text)


def paginate(select, key):
    page = db.paginate(
        select,
        page=min(max(query_number("page", 1), 1), MAX_PAGE),
        per_page=min(max(query_number("per_page", 10), 1), 100),
        max_per_page=100,
        error_out=False,
    )
    return {
        key: [item.to_dict() for item in page.items],
        "page": page.page,
        "per_page": page.per_page,
        "total": page.total,
        "pages": page.pages,
        "has_next": page.has_next,
        "has_prev": page.has_prev,
    }


def find(model, id):
    return db.session.get(model, id) if 0 < id <= MAX_ID else None


def current_user():
    id = session.get("user_id")
    return find(User, id) if type(id) is int else None


def login_required(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        user = current_user()
        if user is None:
            return {"error": "Please log in"}, 401
        return view(user, *args, **kwargs)
    return wrapper


# ---- steps 1 and 2 ----

@app.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@app.get("/api/health")
def health():
    return {"status": "ok"}


@app.post("/echo")
def echo():
    return {"you_sent": request.json}, 200


# ---- users ----

@app.post("/api/users")
def register():
    data = request.json
    username, password = text_field(data, "username"), text_field(data, "password")
    if not username or not password:
        return MISSING, 400
    username = username.strip()
    taken = {"error": f"The name {username} is taken"}, 409
    if db.session.scalar(db.select(User).where(User.username == username)):
        return taken
    user = User(username=username, password=generate_password_hash(password))
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError:  # somebody was faster
        db.session.rollback()
        return taken
    return {"message": "User registered successfully!", "user": user.to_dict()}, 201


@app.get("/api/users")
def list_users():
    return paginate(db.select(User).order_by(User.id), "users")


@app.post("/api/login")
def login():
    data = request.json
    username, password = text_field(data, "username"), text_field(data, "password")
    if not username or not password:
        return MISSING, 400
    user = db.session.scalar(db.select(User).where(User.username == username.strip()))
    if user is None or not check_password_hash(user.password, password):
        return {"error": "Wrong username or password"}, 401
    session.clear()
    session["user_id"] = user.id
    return {"message": "Login successful!", "user": user.to_dict()}


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
@login_required
def me(user):
    return {"user": user.to_dict()}


@app.delete("/api/me")
@login_required
def delete_me(user):
    id = user.id
    db.session.delete(user)
    db.session.commit()
    session.clear()
    return {"message": f"User {id} deleted!"}


@app.get("/api/users/<int:id>")
def get_user(id):
    user = find(User, id)
    if user is None:
        return {"error": f"No user {id}"}, 404
    count = db.session.scalar(db.select(db.func.count(Post.id)).where(Post.user_id == id))
    return {"user": {**user.to_dict(), "post_count": count}}


@app.get("/api/users/<int:id>/posts")
def get_user_posts(id):
    if find(User, id) is None:
        return {"error": f"No user {id}"}, 404
    return paginate(newest_posts().where(Post.user_id == id), "posts")


# ---- posts ----

def newest_posts():
    return db.select(Post).options(joinedload(Post.author)).order_by(Post.id.desc())


def read_content():
    """(content, None) or (None, an error answer)."""
    content = text_field(request.json, "content")
    if content is None:
        return None, (MISSING, 400)
    content = content.strip()
    if len(content) > 255:
        return None, ({"error": "content is longer than 255 characters"}, 400)
    return content, None


@app.post("/api/posts")
@login_required
def create_post(user):
    content, error = read_content()
    if error:
        return error
    post = Post(content=content, author=user)
    db.session.add(post)
    db.session.commit()
    return {"message": "Post created successfully!", "post": post.to_dict()}, 201


@app.get("/api/posts")
def list_posts():
    posts = newest_posts()
    author = request.args.get("author")
    if author is not None:
        posts = posts.where(Post.author.has(User.username == author))
    return paginate(posts, "posts")


@app.get("/api/posts/<int:id>")
def get_post(id):
    post = find(Post, id)
    if post is None:
        return {"error": f"No post {id}"}, 404
    return {"post": post.to_dict()}


def own_post(user, id):
    """(post, None) or (None, an error answer)."""
    post = find(Post, id)
    if post is None:
        return None, ({"error": f"No post {id}"}, 404)
    if post.user_id != user.id:
        return None, ({"error": "Not your post"}, 403)
    return post, None


@app.put("/api/posts/<int:id>")
@login_required
def update_post(user, id):
    post, error = own_post(user, id)
    if error:
        return error
    content, error = read_content()
    if error:
        return error
    post.content = content
    db.session.commit()
    return {"message": f"Post {id} updated!", "post": post.to_dict()}


@app.delete("/api/posts/<int:id>")
@login_required
def delete_post(user, id):
    post, error = own_post(user, id)
    if error:
        return error
    db.session.delete(post)
    db.session.commit()
    return {"message": f"Post {id} deleted!"}


if __name__ == "__main__":
    app.run(debug=True, port=5001)
