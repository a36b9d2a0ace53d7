"""Style: Flask-SQLAlchemy early, with typed models in a file of instance/ that a restart finds again; tabs."""
from flask import Flask, abort, jsonify, request, session
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException
from werkzeug.security import check_password_hash, generate_password_hash

from models import Post, User, db

app = Flask(__name__)
app.config["SECRET_KEY"] = "models"
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///early.db"
db.init_app(app)
with app.app_context():
	db.create_all()


@app.errorhandler(HTTPException)
def problem(exc):
	response = exc.get_response()
	response.data = jsonify(error=exc.description).data
	response.content_type = "application/json"
	return response


def text(name):
	data = request.get_json()
	if not isinstance(data, dict):
		abort(400, "an object, please")
	if not isinstance(data.get(name), str) or not data[name].strip():
		abort(400, "Missing fields")
	return data[name]


def current_user():
	uid = session.get("user_id")
	user = db.session.get(User, uid) if isinstance(uid, int) and 0 < uid < 2**31 else None
	return user or abort(401, "login needed")


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
	user = User(username=text("username").strip(), password=generate_password_hash(text("password")))
	db.session.add(user)
	try:
		db.session.commit()
	except IntegrityError:
		db.session.rollback()
		abort(409, "username taken")
	return jsonify(message="User registered successfully!", user=user.show()), 201


@app.get("/api/users")
def users():
	return jsonify(users=[user.show() for user in db.session.scalars(select(User).order_by(User.id))])


@app.post("/api/login")
def login():
	username, password = text("username").strip(), text("password")
	user = db.session.scalar(select(User).filter_by(username=username))
	if user is None or not check_password_hash(user.password, password):
		abort(401, "wrong username or password")
	session["user_id"] = user.id
	return jsonify(message="Login successful!", user=user.show())


@app.post("/api/logout")
def logout():
	session.clear()
	return jsonify(message="Logout successful!")


@app.get("/api/me")
def me():
	return jsonify(user=current_user().show())


@app.post("/api/posts")
def create():
	post = Post(user_id=current_user().id, content=text("content").strip())
	db.session.add(post)
	db.session.commit()
	return jsonify(message="Post created successfully!", post=post.show()), 201


@app.get("/api/posts")
def posts():
	return jsonify(posts=[post.show() for post in db.session.scalars(select(Post).order_by(Post.id.desc()))])


@app.get("/api/posts/<int:post_id>")
def post(post_id):
	found = db.session.get(Post, post_id) if post_id < 2**31 else None
	return jsonify(post=(found or abort(404, "no such post")).show())
