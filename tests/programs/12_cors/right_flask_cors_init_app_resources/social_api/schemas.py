"""Python objects to JSON."""
from .models import Post, User


def dump(thing: User | Post) -> dict:
    if isinstance(thing, User):
        return {"id": thing.id, "username": thing.username}
    return {"id": thing.id, "content": thing.content, "user_id": thing.user_id, "author": thing.author.username}
