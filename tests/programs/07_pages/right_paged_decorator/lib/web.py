from functools import wraps

from flask import g, request, session

from lib.store import store


def clean(values):
    return [value for value in values if isinstance(value, str) and value.strip()]


def body(*names):
    """The view gets these fields as arguments, or 400 is answered."""

    def decorate(view):
        @wraps(view)
        def wrapped(**args):
            data = request.get_json()
            found = clean(data.get(name) for name in names) if isinstance(data, dict) else []
            if len(found) < len(names):
                return {"error": "Missing fields"}, 400
            return view(*found, **args)

        return wrapped

    return decorate


def login(view):
    @wraps(view)
    def wrapped(**args):
        g.user = next((user for user in store.users if user["id"] == session.get("id")), None)
        return view(**args) if g.user else ({"error": "A login is required"}, 401)

    return wrapped


def paged(key):
    def number(name, default):
        text = request.args.get(name, "").strip()
        digits = text.removeprefix("-")
        if not digits.isdecimal():
            return default
        value = int(digits) if len(digits) < 18 else 10**18
        return -value if digits != text else value

    def decorate(view):
        @wraps(view)
        def wrapped():
            items = view()
            page, size = max(1, number("page", 1)), sorted((1, number("per_page", 10), 100))[1]
            pages = sum(1 for _ in range(0, len(items), size))
            return {key: items[size * (page - 1):][:size], "page": page, "per_page": size, "total": len(items),
                    "pages": pages, "has_next": page < pages, "has_prev": page != 1}

        return wrapped

    return decorate
