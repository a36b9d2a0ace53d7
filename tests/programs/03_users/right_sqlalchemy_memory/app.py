"""Style: Flask-SQLAlchemy already here, with a database in memory and one request at a time; abort with a JSON response."""
from threading import Lock

from flask import Flask, abort, jsonify, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import IntegrityError
from werkzeug.security import generate_password_hash

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///:memory:"
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.Text, unique=True, nullable=False)
    password_hash = db.Column(db.Text, nullable=False)

    def to_dict(self):
        return {"id": self.id, "username": self.username}


with app.app_context():
    db.create_all()

lock, inner = Lock(), app.wsgi_app


def one_at_a_time(environ, start_response):
    with lock:  # the database in memory is a single connection
        return inner(environ, start_response)


app.wsgi_app = one_at_a_time


def stop(status, text):
    response = jsonify(error=text)
    response.status_code = status
    abort(response)


def text_field(data, name):
    value = data.get(name) if isinstance(data, dict) else None
    if not isinstance(value, str) or not value.strip():
        stop(400, "Missing fields")
    return value


@app.route("/")
def home():
    return jsonify(message="Welcome to the Social Media API!")


@app.route("/api/health")
def health():
    return jsonify(status="ok")


@app.route("/echo", methods=["POST"])
def echo():
    return jsonify(you_sent=request.json)


@app.route("/api/users", methods=["GET", "POST"])
def users():
    if request.method == "POST":
        username = text_field(request.json, "username").strip()
        password = text_field(request.json, "password")
        user = User(username=username, password_hash=generate_password_hash(password))
        db.session.add(user)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            stop(409, "Name taken")
        return jsonify(message="User registered successfully!", user=user.to_dict()), 201
    return jsonify(users=[user.to_dict() for user in db.session.scalars(db.select(User).order_by(User.id))])
