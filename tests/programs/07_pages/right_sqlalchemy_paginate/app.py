"""Style: Flask-SQLAlchemy early and db.paginate after an own clamp; models and pages in modules; file in instance/."""
from flask import Flask, request, session
from sqlalchemy.exc import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from models import Post, User, db
from util import ApiError, current_user, listing, text

MAX_ID = 2**31 - 1

app = Flask(__name__)
app.config.from_mapping(SECRET_KEY="paginate", SQLALCHEMY_DATABASE_URI="sqlite:///pages.db")
db.init_app(app)
with app.app_context():
    db.create_all()


@app.errorhandler(ApiError)
def refuse(exc):
    return exc.answer


def find(post_id):
    post = db.session.get(Post, post_id) if post_id <= MAX_ID else None
    if post is None:
        raise ApiError(404, "No post with this id")
    return post


def find_own(post_id):
    user, post = current_user(), find(post_id)
    if post.user_id != user.id:
        raise ApiError(403, "Only its author may do this")
    return post


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
    user = User(username=text("username").strip(), password=generate_password_hash(text("password")))
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise ApiError(409, "This username is taken")
    return {"message": "User registered successfully!", "user": user.to_dict()}, 201


@app.get("/api/users")
def users():
    return listing("users", db.select(User).order_by(User.id))


@app.post("/api/login")
def login():
    username, password = text("username").strip(), text("password")
    user = db.session.execute(db.select(User).where(User.username == username)).scalar_one_or_none()
    if user is None or not check_password_hash(user.password, password):
        raise ApiError(401, "Wrong username or password")
    session.clear()
    session["user_id"] = user.id
    return {"message": "Login successful!", "user": user.to_dict()}


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    return {"user": current_user().to_dict()}


@app.post("/api/posts")
def create():
    post = Post(user_id=current_user().id, content=text("content").strip())
    db.session.add(post)
    db.session.commit()
    return {"message": "Post created successfully!", "post": post.to_dict()}, 201


@app.get("/api/posts")
def posts():
    return listing("posts", db.select(Post).order_by(Post.id.desc()))


@app.get("/api/posts/<int:post_id>")
def show(post_id):
    return {"post": find(post_id).to_dict()}


@app.put("/api/posts/<int:post_id>")
def update(post_id):
    post = find_own(post_id)
    post.content = text("content").strip()
    db.session.commit()
    return {"message": f"Post {post.id} updated!", "post": post.to_dict()}


@app.delete("/api/posts/<int:post_id>")
def delete(post_id):
    db.session.delete(find_own(post_id))
    db.session.commit()
    return {"message": f"Post {post_id} deleted!"}
