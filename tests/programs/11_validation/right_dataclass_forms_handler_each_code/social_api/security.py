from flask import abort, session

from .extensions import db
from .models import User


def log_in(user: User) -> None:
    session.clear()
    session["user"] = [user.id, user.nonce]


def log_out() -> None:
    session.clear()


def current_user() -> User | None:
    try:
        id, nonce = session["user"]
    except (KeyError, TypeError, ValueError):
        return None
    if type(id) is not int or not 0 < id < 2**31:
        return None
    user = db.session.get(User, id)
    return user if user is not None and user.nonce == nonce else None


def require_user() -> User:
    user = current_user()
    if user is None:
        abort(401, "Log in first")
    return user
