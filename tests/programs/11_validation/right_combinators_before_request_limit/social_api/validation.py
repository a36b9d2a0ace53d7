"""A check is a function from (name, value) to the value, perhaps another one; it raises Wrong if it does not like it."""
from functools import reduce

from flask import request

from social_api.errors import Wrong

LIMIT = 16 * 1024


def check_size():
    size = request.content_length
    if size is None:  # sent in chunks
        size = len(request.get_data())
    if size > LIMIT:
        raise Wrong(f"Too much: {LIMIT} bytes at most", 413)


def present(name, value):
    if value is None or isinstance(value, str) and not value.strip():
        raise Wrong("Missing fields")
    return value


def string(name, value):
    if not isinstance(value, str):
        raise Wrong(f"'{name}' takes a string")
    return value


def trimmed(name, value):
    return value.strip()


def between(low, high):
    def check(name, value):
        if not low <= len(value) <= high:
            raise Wrong(f"'{name}' takes {low} to {high} characters, not {len(value)}")
        return value
    return check


def chain(*checks):
    return lambda name, value: reduce(lambda so_far, check: check(name, so_far), checks, value)


given = chain(present, string)
given_trimmed = chain(given, trimmed)

username = chain(given_trimmed, between(1, 80))
password = chain(given, between(8, 128))
content = chain(given_trimmed, between(1, 255))


def body(**fields):
    """The fields of the body, checked, in the order asked for."""
    check_size()
    data = request.get_json()
    if not isinstance(data, dict):
        raise Wrong("The body takes an object")
    return [check(name, data.get(name)) for name, check in fields.items()]
