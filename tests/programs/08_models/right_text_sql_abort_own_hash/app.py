"""Style: models only make the tables, every query is SQL text through db.session; abort() with JSON handlers; a hash made with hashlib; WAL journal."""
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


class Entry(db.Model):
    __tablename__ = "post"
    id = db.Column(db.Integer, primary_key=True)
    content = db.Column(db.String(255), nullable=False)
    user_id = db.Column(db.Integer, db.ForeignKey("user.id"), nullable=False)


with app.app_context():
    @event.listens_for(db.engine, "connect")
    def use_wal(connection, record):
        connection.execute("PRAGMA journal_mode=WAL")

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
    id = session.get("user_id")
    user = None
    if isinstance(id, int) and not isinstance(id, bool) and abs(id) < 2**31:
        user = row('SELECT id, username FROM "user" WHERE id = :id', id=id)
    if user is None:
        abort(401, "You must log in")
    return user


def existing_post(id):
    post = None
    if id < 2**31:
        post = row("SELECT id, content, user_id FROM post WHERE id = :id", id=id)
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


def page_of(table, columns, direction, key):
    page, per_page = query_int("page", 1, 2**48), query_int("per_page", 10, 100)
    total = run(f'SELECT COUNT(*) FROM "{table}"').scalar()
    found = run(
        f'SELECT {columns} FROM "{table}" ORDER BY id {direction} LIMIT :number OFFSET :skip',
        number=per_page, skip=(page - 1) * per_page,
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
    return page_of("user", "id, username", "ASC", "users")


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
    if user is None or not right_password(user.pop("password"), password):
        abort(401, "Name or password is wrong")
    session["user_id"] = user["id"]
    return {"message": "Login successful!", "user": user}


@app.post("/api/logout")
def logout():
    session.clear()
    return {"message": "Logout successful!"}


@app.get("/api/me")
def me():
    return {"user": current_user()}


@app.get("/api/posts")
def posts():
    return page_of("post", "id, content, user_id", "DESC", "posts")


@app.post("/api/posts")
def create_post():
    user = current_user()
    post = row(
        "INSERT INTO post (content, user_id) VALUES (:content, :user_id) RETURNING id, content, user_id",
        content=content(), user_id=user["id"],
    )
    db.session.commit()
    return {"message": "Post created successfully!", "post": post}, 201


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
