from flask import current_app, request, session


class Data:
    def __init__(self):
        self.users, self.posts = [], []

    def user(self, **wanted):
        (key, value), = wanted.items()
        return next((user for user in self.users if user[key] == value), None)


def data():
    return current_app.config["DATA"]


def current_user():
    return data().user(id=session.get("user"))


def error(status, text):
    return {"error": text}, status


def field(name):
    """The text of a field; "" if it is missing."""
    body = request.get_json()
    value = body.get(name) if isinstance(body, dict) else ""
    return value if isinstance(value, str) and value.strip() else ""
