from flask import current_app, request, session
from werkzeug.local import LocalProxy


class Refusal(Exception):
    def __init__(self, status, text):
        self.status, self.text = status, text


class State:
    def __init__(self):
        self.users, self.posts, self.made = [], [], 0


state = LocalProxy(lambda: current_app.config["STATE"])


def logged_in():
    """The user of this session or None."""
    for user in state.users:
        if user["id"] == session.get("user"):
            return user


def body(*names):
    data = request.get_json()
    if not isinstance(data, dict):
        raise Refusal(400, "The body is no object")
    values = [data.get(name) for name in names]
    if any(value is None or isinstance(value, str) and not value.strip() for value in values):
        raise Refusal(400, "Missing fields")
    if any(not isinstance(value, str) for value in values):
        raise Refusal(400, "A field is no text")
    return values
