from flask import request, session

from .db import db
from .errors import Refused
from .tables import public_user, user


def by_id(statement, column, id, what):
    row = db.one(statement.where(column == id)) if id < 2**31 else None
    if row is None:
        raise Refused(404, f"There is no such {what}")
    return row


def logged_in():
    id = session.get("user_id")
    row = None
    if type(id) is int and 0 < id < 2**31:
        row = db.one(public_user.where(user.c.id == id))
    if row is None:
        raise Refused(401, "Please log in")
    return row


def number(name, default, most):
    text = request.args.get(name, "")
    if not text.lstrip("-").isdecimal() or text.startswith("--"):
        return default
    if text.startswith("-"):
        return 1
    return most if len(text) > 15 else min(max(int(text), 1), most)


def page_of(key, statement, order):
    page, per_page = number("page", 1, 10**15), number("per_page", 10, 100)
    total = db.count(statement)
    pages = -(-total // per_page)
    rows = db.all(statement.order_by(order).limit(per_page).offset((page - 1) * per_page))
    return {
        key: rows, "page": page, "per_page": per_page, "total": total, "pages": pages,
        "has_next": page < pages, "has_prev": page > 1,
    }
