"""Out of a request."""
import re

from flask import request, session

from social_api import services


def current_user():
    return services.whose(session.get("login"))


def number(name, default, most):
    text = request.args.get(name, "")
    if not re.fullmatch(r"-?\d+", text):
        return default
    return min(max(int(text[:20]), 1), most)  # twenty digits say as much as a thousand
