"""Style: models only make the tables (further columns with server defaults), SQL text with JOINs, abort() with JSON handlers, an own hash, WAL journal."""
import hashlib
import hmac
import os

from flask import Flask, abort, request, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

app = Flask(__name__, instance_relative_config=True)
os.makedirs(app.instance_path, exist_ok=True)
app.config["SECRET_KEY"] = "dev"
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///" + os.path.join(app.instance_path, "app.db")
db = SQLAlchemy(app)


class Account(db.Model):
    __tablename__ = "user"
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(80), nullable=False, unique=True)
    password = db.Column(db.String(255), nullable=False)  # iterations$salt$digest
    created = db.Column(db.DateTime, nullable=False, server_default=db.func.now())
    number = db.Column(db.String(32), server_default=text("(lower(hex(randomblob(16))))"))  # see current_user


class Entry(db.Model):
    __tablename__ = "post"
    id = db.Column(db.Integer, primary_key=True)
    content = db.Column(db.String(255), nullable=False)
    user_id = db.Column(db.Integer, db.ForeignKey("user.id", ondelete="CASCADE"), nullable=False)
    created = db.Column(db.DateTime, nullable=False, server_default=db.func.now())


with app.app_context():
    @event.listens_for(db.engine, "connect")
    def prepare(connection, record):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")

    db.create_all()


def hash_password(password, salt=None, iterations=120_000):
    salt = salt or os.urandom(16).hex()
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations).hex()
    return f"{iterations}${salt}${digest}"


def right_password(stored, password):
    iterations, salt, _ = stored.split("$")
    return hmac.compare_digest(stored, hash_password(password, salt, int(iterations)))


@app.errorhandler(HTTPException)
def as_json(error):
    response = error.get_response()
    response.set_data(app.json.dumps({"error": error.description}))
    response.content_type = "application/json"
    return response


def run(sql, **values):
    return db.session.execute(text(sql), values)


def row(sql, **values):
    found = run(sql, **values).mappings().first()
    return dict(found) if found else None


def body(*names):
    data = request.get_json()
    if not isinstance(data, dict):
        abort(400, "Not an object")
    values = []
    for name in names:
        value = data.get(name)
        if not isinstance(value, str) or not value.strip():
            abort(400, "Missing fields")
        values.append(value)
    return values


def current_user():
    # ids may come back after a deletion, numbers do not
    number = session.get("number")
    user = None
    if isinstance(number, str):
        user = row('SELECT id, username FROM "user" WHERE number = :number', number=number)
    if user is None:
        abort(401, "You must log in")
    return user


POSTS = """
SELECT p.id, p.content, p.user_id, u.username AS author FROM post AS p JOIN "user" AS u ON u.id = p.user_id
"""


def existing_user(id):
    user = None
    if id < 2**31:
        user = row(
            'SELECT u.id, u.username, COUNT(p.id) AS post_count FROM "user" AS u'
            " LEFT JOIN post AS p ON p.user_id = u.id WHERE u.id = :id GROUP BY u.id, u.username", id=id,
        )
    if user is None:
        abort(404, f"There is no user {id}")
    return user


def existing_post(id):
    post = None
    if id < 2**31:
        post = row(POSTS + "WHERE p.id = :id", id=id)
    if post is None:
        abort(404, f"There is no post {id}")
    return post


def own_post(id):
    user = current_user()
    post = existing_post(id)
    if post["user_id"] != user["id"]:
        abort(403, "Only the author may do this")
    return post


def content():
    value = body("content")[0].strip()
    if len(value) > 255:
        abort(400, "content: 255 characters at most")
    return value


def query_int(name, default, most):
    value = request.args.get(name, "")
    negative = value.startswith("-")
    digits = value.removeprefix("-")
    if not digits.isdecimal():
        return default
    if negative:
        return 1
    return most if len(digits) > 18 else max(1, min(int(digits), most))


def page_of(key, sql, order, **values):
    page, per_page = query_int("page", 1, 2**48), query_int("per_page", 10, 100)
    total = run(f"SELECT COUNT(*) FROM ({sql}) AS everything", **values).scalar()
    found = run(
        f"{sql} ORDER BY {order} LIMIT :number OFFSET :skip", number=per_page, skip=(page - 1) * per_page, **values
    )
    pages = (total + per_page - 1) // per_page
    return {
        key: [dict(r) for r in found.mappings()],
        "page": page, "per_page": per_page, "total": total, "pages": pages,
        "has_next": page < pages, "has_prev": page > 1,
    }


@app.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@app.get("/api/health")
def health():
    return {"status": "ok"}


@app.post("/echo")
def echo():
    return {"you_sent": request.get_json()}


@app.get("/api/users")
def users():
    return page_of("users", 'SELECT id, username FROM "user"', "id ASC")


@app.post("/api/users")
def register():
    username, password = body("username", "password")
    username = username.strip()
    if row('SELECT 1 FROM "user" WHERE username = :name', name=username):
        abort(409, "This name is in use")
    try:
        run('INSERT INTO "user" (username, password) VALUES (:name, :hash)', name=username, hash=hash_password(password))
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        abort(409, "This name is in use")
    user = row('SELECT id, username FROM "user" WHERE username = :name', name=username)
    return {"message": "User registered successfully!", "user": user}, 201


@app.post("/api/login")
def login():
    username, password = body("username", "password")
    user = row('SELECT * FROM "user" WHERE username = :name', name=username.strip())
    if user is None or not right_password(user["password"], password):
        abort(401, "Name or password is wrong")
    session["number"] = user["number"]
    return {"message": "Login successful!", "user": {"id": user["id"], "username": user["username"]}}


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    return {"user": current_user()}


@app.delete("/api/me")
def delete_me():
    id = current_user()["id"]
    run('DELETE FROM "user" WHERE id = :id', id=id)
    db.session.commit()
    session.clear()
    return {"message": f"User {id} deleted!"}


@app.get("/api/users/<int:id>")
def get_user(id):
    return {"user": existing_user(id)}


@app.get("/api/users/<int:id>/posts")
def user_posts(id):
    existing_user(id)
    return page_of("posts", POSTS + "WHERE p.user_id = :id", "p.id DESC", id=id)


@app.get("/api/posts")
def posts():
    author = request.args.get("author")
    if author is None:
        return page_of("posts", POSTS, "p.id DESC")
    return page_of("posts", POSTS + "WHERE u.username = :author", "p.id DESC", author=author)


@app.post("/api/posts")
def create_post():
    user = current_user()
    id = run(
        "INSERT INTO post (content, user_id) VALUES (:content, :user_id) RETURNING id",
        content=content(), user_id=user["id"],
    ).scalar()
    db.session.commit()
    return {"message": "Post created successfully!", "post": existing_post(id)}, 201


@app.get("/api/posts/<int:id>")
def get_post(id):
    return {"post": existing_post(id)}


@app.put("/api/posts/<int:id>")
def update_post(id):
    own_post(id)
    run("UPDATE post SET content = :content WHERE id = :id", content=content(), id=id)
    db.session.commit()
    return {"message": f"Post {id} updated!", "post": existing_post(id)}


@app.delete("/api/posts/<int:id>")
def delete_post(id):
    own_post(id)
    run("DELETE FROM post WHERE id = :id", id=id)
    db.session.commit()
    return {"message": f"Post {id} deleted!"}
