"""Style: MethodView, a dataclass for users, type hints with annotations from the future."""
from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import ClassVar

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from werkzeug.security import generate_password_hash


@dataclass(slots=True)
class User:
    username: str
    secret: str = field(repr=False)
    id: int = field(default_factory=count(1).__next__)

    table: ClassVar[list[User]] = []

    def public(self) -> dict[str, int | str]:
        return {"id": self.id, "username": self.username, "kind": "user"}


class Users(MethodView):
    def get(self) -> ResponseReturnValue:
        return {"users": [user.public() for user in User.table]}

    def post(self) -> ResponseReturnValue:
        body: object = request.get_json()
        values = [body.get(name) for name in ("username", "password")] if isinstance(body, dict) else []
        texts = [value for value in values if isinstance(value, str) and value.strip()]
        if len(texts) != 2:
            return {"error": "Missing fields"}, 400
        username, password = texts[0].strip(), texts[1]
        if any(user.username == username for user in User.table):
            return {"error": f"{username!r} is taken"}, 409
        User.table.append(user := User(username, generate_password_hash(password)))
        return {"message": "User registered successfully!", "user": user.public()}, 201


app = Flask(__name__)
app.add_url_rule("/api/users", view_func=Users.as_view("users"))
app.add_url_rule("/", "home", lambda: {"message": "Welcome to the Social Media API!"})
app.add_url_rule("/api/health", "health", lambda: {"status": "ok"})
app.add_url_rule("/echo", "echo", lambda: {"you_sent": request.get_json()}, methods=["POST"])
