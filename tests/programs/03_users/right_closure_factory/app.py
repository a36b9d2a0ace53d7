"""Style: create_app() with all data in closures, a dict by username and ids from itertools.count(100, 10)."""
from http import HTTPStatus
from itertools import count

from flask import Flask, jsonify, request
from werkzeug.security import generate_password_hash


def create_app(config=None):
    app = Flask(__name__)
    app.config.from_mapping(config or {})
    app.json.sort_keys = False
    ids = count(100, 10)
    people = {}  # username -> (id, hash)

    def failed(text, status):
        return jsonify(error=text), status

    def missing(value):
        return value is None or isinstance(value, str) and not value.strip()

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
        data = request.get_json()
        if not isinstance(data, dict):
            return failed("The body has to be an object", HTTPStatus.BAD_REQUEST)
        if any(missing(data.get(name)) for name in ("username", "password")):
            return failed("Missing fields", HTTPStatus.BAD_REQUEST)
        if not all(isinstance(data[name], str) for name in ("username", "password")):
            return failed("Both fields have to be texts", HTTPStatus.BAD_REQUEST)
        if (name := data["username"].strip()) in people:
            return failed("Taken", HTTPStatus.CONFLICT)
        people[name] = (next(ids), generate_password_hash(data["password"], "pbkdf2:sha256:2000"))
        return jsonify(message="User registered successfully!", user={"username": name, "id": people[name][0]}), HTTPStatus.CREATED

    @app.get("/api/users")
    def listing():
        return jsonify(users=[{"id": id_, "username": name} for name, (id_, _) in list(people.items())], total=len(people))

    return app
