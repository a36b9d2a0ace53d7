"""Out of a request."""
import re

from flask import request, session

from social_api import services
from social_api.errors import Invalid


def current_user():
    return services.whose(session.get("login"))


def fields(*names):
    data = request.get_json()
    if not isinstance(data, dict):
        raise Invalid("The body must be an object")
    values = [data.get(name) for name in names]
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise Invalid("Missing fields")
    return values


def content_field():
    content = fields("content")[0].strip()
    if len(content) > 255:
        raise Invalid("content may have 255 characters at most")
    return content


def number(name, default, most):
    text = request.args.get(name, "")
    if not re.fullmatch(r"-?\d+", text):
        return default
    return min(max(int(text[:20]), 1), most)  # twenty digits say as much as a thousand
