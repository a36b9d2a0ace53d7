"""Style: plain SQLAlchemy ORM: dataclass models, write-only posts, column_property for the count, association proxy for the author, lazy="selectin"."""
import sys
from functools import wraps

from flask import Flask, request, session
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from database import Post, Session, User

sys.set_int_max_str_digits(0)  # a page number may have any number of digits

app = Flask(__name__)
app.secret_key = "dev"


@app.teardown_appcontext
def end_session(exc):
    Session.remove()


def user_dict(user):
    return {"id": user.id, "username": user.username}


def post_dict(post):
    return {"id": post.id, "content": post.content, "user_id": post.user_id, "author": post.author}


def get(model, id):
    if isinstance(id, bool) or not isinstance(id, int) or not 1 <= id < 2**31:
        return None
    return Session.get(model, id)


def signed_in(view):
    @wraps(view)
    def inner(**kwargs):
        user = get(User, session.get("user_id"))
        if user is None or user.ticket != session.get("ticket"):  # the id may have been another's before
            return {"error": "You are not logged in"}, 401
        return view(user=user, **kwargs)
    return inner


def authors_only(view):
    @wraps(view)
    @signed_in
    def inner(user, id):
        post = get(Post, id)
        if post is None:
            return {"error": "There is no such post"}, 404
        if post.user_id != user.id:
            return {"error": "That is not your post"}, 403
        return view(post)
    return inner


def number(name, default):
    try:
        return int(request.args[name])
    except (KeyError, ValueError):
        return default


def page_of(query, as_dict, key):
    page = max(number("page", 1), 1)
    per_page = max(1, min(number("per_page", 10), 100))
    total = Session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    pages, rest = divmod(total, per_page)
    pages += rest > 0
    items = []
    if page <= pages:  # beyond the end there is nothing to ask for
        items = Session.scalars(query.offset((page - 1) * per_page).limit(per_page)).all()
    return {
        key: [as_dict(item) for item in items],
        "page": min(page, 2**53), "per_page": per_page, "total": total, "pages": pages,
        "has_next": page < pages, "has_prev": 1 < page <= pages + 1,
    }


def credentials():
    data = request.get_json()
    if not isinstance(data, dict):
        return None
    username, password = data.get("username"), data.get("password")
    if not isinstance(username, str) or not isinstance(password, str):
        return None
    if not username.strip() or not password.strip():
        return None
    return username.strip(), password


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
    if not (given := credentials()):
        return {"error": "Missing fields"}, 400
    username, password = given
    user = User(username, generate_password_hash(password, method="pbkdf2:sha256:60000"))
    try:
        with Session.begin_nested():
            Session.add(user)
    except IntegrityError:
        return {"error": "Name taken"}, 409
    Session.commit()
    return {"message": "User registered successfully!", "user": user_dict(user)}, 201


@app.get("/api/users")
def list_users():
    return page_of(select(User).order_by(User.id), user_dict, "users")


@app.get("/api/users/<int:id>")
def get_user(id):
    user = get(User, id)
    if user is None:
        return {"error": "There is no such user"}, 404
    return {"user": {**user_dict(user), "post_count": user.post_count}}


@app.get("/api/users/<int:id>/posts")
def get_posts_of(id):
    user = get(User, id)
    if user is None:
        return {"error": "There is no such user"}, 404
    return page_of(user.posts.select().order_by(Post.id.desc()), post_dict, "posts")


@app.post("/api/login")
def login():
    if not (given := credentials()):
        return {"error": "Missing fields"}, 400
    username, password = given
    user = Session.execute(select(User).filter_by(username=username)).scalar_one_or_none()
    if not user or not check_password_hash(user.password, password):
        return {"error": "Login failed"}, 401
    session["user_id"], session["ticket"] = user.id, user.ticket
    return {"message": "Login successful!", "user": user_dict(user)}


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
@signed_in
def me(user):
    return {"user": user_dict(user)}


@app.delete("/api/me")
@signed_in
def delete_me(user):
    id = user.id
    Session.delete(user)
    Session.commit()
    session.clear()
    return {"message": f"User {id} deleted!"}


def sent_content():
    """The content, or an error as a tuple."""
    data = request.get_json()
    content = data.get("content") if isinstance(data, dict) else None
    if not isinstance(content, str) or not content.strip():
        return {"error": "Missing fields"}, 400
    if len(content.strip()) > 255:
        return {"error": "Content is too long"}, 400
    return content.strip()


@app.post("/api/posts")
@signed_in
def create_post(user):
    content = sent_content()
    if isinstance(content, tuple):
        return content
    post = Post(content=content, writer=user)
    Session.add(post)
    Session.commit()
    return {"message": "Post created successfully!", "post": post_dict(post)}, 201


@app.get("/api/posts")
def list_posts():
    query = select(Post).order_by(Post.id.desc())
    if (author := request.args.get("author")) is not None:
        query = query.filter(Post.author == author)
    return page_of(query, post_dict, "posts")


@app.get("/api/posts/<int:id>")
def get_post(id):
    post = get(Post, id)
    return {"post": post_dict(post)} if post else ({"error": "There is no such post"}, 404)


@app.put("/api/posts/<int:id>")
@authors_only
def update_post(post):
    content = sent_content()
    if isinstance(content, tuple):
        return content
    post.content = content
    Session.commit()
    return {"message": f"Post {post.id} updated!", "post": post_dict(post)}


@app.delete("/api/posts/<int:id>")
@authors_only
def delete_post(post):
    id = post.id
    Session.delete(post)
    Session.commit()
    return {"message": f"Post {id} deleted!"}
