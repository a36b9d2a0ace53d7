"""What several routes need."""
import re
from functools import wraps

from flask import abort, json, request, session

from social_api.models import User, db

MAX_ID = 2**31 - 1
MAX_PAGE = 2**40


def json_error(error):
    """Every error as JSON. The response of the error keeps its headers, as Allow; a crash comes here as a plain 500."""
    response = error.get_response()
    response.data = json.dumps({"error": error.description})
    response.content_type = "application/json"
    return response


def json_object():
    data = request.get_json()
    if not isinstance(data, dict):
        abort(400, "The body must be a JSON object")
    return data


def text(data, name, low=1, high=None, trim=True):
    """The string of that name, or the end of the request."""
    value = data.get(name)
    if value is None:
        abort(400, "Missing fields")
    if not isinstance(value, str):
        abort(400, f"{name} must be a string")
    if not value.strip():
        abort(400, "Missing fields")
    if trim:
        value = value.strip()
    if len(value) < low:
        abort(400, f"{name} must have at least {low} characters")
    if high is not None and len(value) > high:
        abort(400, f"{name} must have at most {high} characters")
    return value


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
            abort(401, "Please log in")
        return view(user, *args, **kwargs)
    return wrapper
