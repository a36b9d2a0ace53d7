from flask import request, session

from social_api.models import User, db


def fail(status, text):
    return {"error": text}, status


def member():
    id = session.get("member")
    return lookup(User, id) if type(id) is int else None


def lookup(model, id):
    return db.session.get(model, id) if 1 <= id <= 2**31 - 1 else None


def filled(body, *names):
    """Are all these fields of the body strings with something in them?"""
    return isinstance(body, dict) and all(isinstance(body.get(n), str) and body[n].strip() for n in names)


def argument(name, default, most):
    """How int() reads it; a number too long for int() is as large as can be."""
    text = request.args.get(name, "")
    try:
        value = int(text)
    except ValueError:
        if not text.removeprefix("-").isdecimal():
            return default
        value = most if text[0] != "-" else 1
    return max(1, min(value, most))


def pages_of(query, key):
    """query: a legacy Query, ordered."""
    page, per_page = argument("page", 1, 2**36), argument("per_page", 10, 100)
    total = query.order_by(None).count()
    items = query.offset(per_page * (page - 1)).limit(per_page).all()
    pages = -(-total // per_page)
    return {
        key: [item.public() for item in items],
        "page": page, "per_page": per_page, "total": total, "pages": pages,
        "has_prev": page > 1, "has_next": page < pages,
    }
