from __future__ import annotations

import contextlib
from functools import wraps

from flask import abort, request, session
from sqlalchemy import func, select

from .database import db
from .models import User

BIGGEST = 2**31 - 1


def get(model, id):
    return db().get(model, id) if type(id) is int and 0 < id <= BIGGEST else None


def signed_in(view):
    """Gives the user of the session to the view as `user`."""
    @wraps(view)
    def inner(**kwargs):
        user = get(User, session.get("user_id"))
        if user is None or user.ticket != session.get("ticket"):
            return {"error": "You are not logged in"}, 401
        return view(user=user, **kwargs)
    return inner


def number(name, default, most):
    text = request.args.get(name, "")
    if not text.isascii() or not text.removeprefix("-").isdigit():
        return default
    value = -1 if text.startswith("-") else most
    with contextlib.suppress(ValueError):
        value = int(text)
    return sorted((1, value, most))[1]


def page_of(key, query):
    page, per_page = number("page", 1, 2**55), number("per_page", 10, 100)
    total = db().scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    pages = (total + per_page - 1) // per_page
    rows = db().scalars(query.limit(per_page).offset((page - 1) * per_page))
    return {
        key: [row.json for row in rows],
        "page": page, "per_page": per_page, "total": total, "pages": pages,
        "has_next": page < pages, "has_prev": page > 1,
    }


def refuse(words):
    abort(400, words)


def text(data, name, low=1, high=None):
    match data:
        case dict():
            value = data.get(name)
        case _:
            refuse("Please send an object")
    match value:
        case None:
            refuse("Missing fields")
        case str() if not value.strip():
            refuse("Missing fields")
        case str() if high and not low <= len(value.strip() if name != "password" else value) <= high:
            refuse(f"{name} must be {low} to {high} characters long")
        case str():
            return value if name == "password" else value.strip()
        case bool() | int() | float():
            refuse(f"{name} must be a string, not a number or a truth value")
        case _:
            refuse(f"{name} must be a string")
