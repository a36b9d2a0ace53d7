"""What several routes need."""
import re
from functools import wraps

from flask import request, session

from social_api.models import User, db

MAX_ID = 2**31 - 1
MAX_PAGE = 2**40


def text_field(data, name):
    """The string of that name, or None if it is missing, no string or blank."""
    value = data.get(name) if isinstance(data, dict) else None
    if isinstance(value, str) and value.strip():
        return value
    return None


def query_number(name, default):
    text = request.args.get(name, "")
    if not re.fullmatch(r"-?[0-9]+", text):
        return default
    if len(text) > 12:
        return -1 if text.startswith("-") else MAX_PAGE
    return int(text)


def paginate(select, key):
    page = db.paginate(
        select,
        page=min(max(query_number("page", 1), 1), MAX_PAGE),
        per_page=min(max(query_number("per_page", 10), 1), 100),
        max_per_page=100,
        error_out=False,
    )
    return {
        key: [item.to_dict() for item in page.items],
        "page": page.page,
        "per_page": page.per_page,
        "total": page.total,
        "pages": page.pages,
        "has_next": page.has_next,
        "has_prev": page.has_prev,
    }


def find(model, id):
    return db.session.get(model, id) if 0 < id <= MAX_ID else None


def current_user():
    id = session.get("user_id")
    return find(User, id) if type(id) is int else None


def login_required(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        user = current_user()
        if user is None:
            return {"error": "Please log in"}, 401
        return view(user, *args, **kwargs)
    return wrapper
