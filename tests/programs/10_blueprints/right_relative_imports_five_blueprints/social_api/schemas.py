"""Python objects to JSON and back."""
from flask import abort, request

from .models import Post, User


def dump(thing: User | Post) -> dict:
    if isinstance(thing, User):
        return {"id": thing.id, "username": thing.username}
    return {"id": thing.id, "content": thing.content, "user_id": thing.user_id, "author": thing.author.username}


def load(*names: str) -> list[str]:
    data = request.get_json()
    if not isinstance(data, dict):
        abort(400, "Missing fields: send an object")
    values = [data.get(name) for name in names]
    for value in values:
        if not isinstance(value, str) or not value.strip():
            abort(400, "Missing fields")
    return values


def load_content() -> str:
    content = load("content")[0].strip()
    if len(content) > 255:
        abort(400, "A post has 255 characters at most")
    return content
