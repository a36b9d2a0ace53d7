import re

from flask import request, session

from models import User, db


class ApiError(Exception):
    def __init__(self, status, text):
        self.answer = {"error": text}, status


def text(name):
    data = request.get_json()
    if not isinstance(data, dict) or not isinstance(data.get(name), str) or not data[name].strip():
        raise ApiError(400, "Missing fields")
    return data[name]


def current_user():
    user_id = session.get("user_id")
    user = db.session.get(User, user_id) if isinstance(user_id, int) and abs(user_id) < 2**31 else None
    if user is None:
        raise ApiError(401, "Please log in")
    return user


def number(name, default, highest):
    value = request.args.get(name, "")
    if not re.fullmatch(r"-?[0-9]+", value):
        return default
    return max(1, min(highest, int(value[:11])))  # eleven characters pass every limit


def listing(key, query):
    page = db.paginate(query, page=number("page", 1, 2**31), per_page=number("per_page", 10, 100),
                       max_per_page=100, error_out=False)
    return {key: [item.to_dict() for item in page.items], "page": page.page, "per_page": page.per_page,
            "total": page.total, "pages": page.pages, "has_next": page.has_next, "has_prev": page.has_prev}
