"""What is right in a body, as a table."""
from flask import request

# purpose: {field: (least, most, trimmed)}
RULES = {
    "register": {"username": (1, 80, True), "password": (8, 128, False)},
    "login": {"username": (1, 2**14, True), "password": (1, 2**14, False)},
    "post": {"content": (1, 255, True)},
}


def read(purpose):
    """({field: value}, None) or (None, an error answer)"""
    body = request.get_json()
    if not isinstance(body, dict):
        return None, ({"error": "Send an object in braces"}, 400)
    rules = RULES[purpose]

    if any(body.get(name) is None or is_blank(body[name]) for name in rules):
        return None, ({"error": "Missing fields"}, 400)

    clean = {}
    for name, (least, most, trimmed) in rules.items():
        value = body[name]
        if type(value) is not str:
            return None, ({"error": f"The field {name} wants a string"}, 400)
        clean[name] = value.strip() if trimmed else value
        if not least <= len(clean[name]) <= most:
            return None, ({"error": f"The length of {name} must be {least} to {most}"}, 400)
    return clean, None


def is_blank(value):
    return isinstance(value, str) and not value.strip()
