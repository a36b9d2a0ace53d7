"""Style: a NamedTuple per user in a dict by id, ids drawn at random, the order that of registering."""
import secrets
from typing import NamedTuple

from flask import Flask, request
from werkzeug.security import generate_password_hash


class User(NamedTuple):
    id: int
    username: str
    secret: str


def create_app():
    app = Flask(__name__)
    app.config["USERS"] = {}
    app.config["HASHING"] = "scrypt:4096:8:1"

    @app.get("/")
    def home():
        return {"message": "Welcome to the Social Media API!"}

    @app.get("/api/health")
    def health():
        return {"status": "ok"}

    @app.post("/echo")
    def echo():
        return {"you_sent": request.get_json()}

    @app.route("/api/users", methods=["GET", "POST"])
    def users():
        known = app.config["USERS"]
        if request.method == "POST":
            return register(known, request.get_json())
        return {"users": [{"id": user.id, "username": user.username} for user in list(known.values())]}

    def register(known, data):
        if not isinstance(data, dict):
            return {"error": "Missing fields"}, 400
        texts = {}
        for name in ("username", "password"):
            texts[name] = data.get(name) or ""
            if not isinstance(texts[name], str) or not texts[name].strip():
                return {"error": "Missing fields"}, 400
        name = texts["username"].strip()
        if any(user.username == name for user in list(known.values())):
            return {"error": "taken"}, 409
        while (new_id := secrets.randbelow(2**31 - 1) + 1) in known:
            pass
        known[new_id] = User(new_id, name, generate_password_hash(texts["password"], app.config["HASHING"]))
        return {"message": "User registered successfully!", "user": {"id": new_id, "username": name}}, 201

    return app


app = create_app()
