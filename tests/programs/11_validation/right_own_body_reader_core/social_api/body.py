"""Reads the body of a request, and nothing of it before it must."""
import json

from flask import request

from .errors import Refused

LIMIT = 16_384


def read_bytes():
    if (request.content_length or 0) > LIMIT:
        raise Refused(413, f"The body is larger than {LIMIT} bytes")
    body = b""
    while piece := request.stream.read(LIMIT):  # a chunked body does not say how long it is
        body += piece
        if len(body) > LIMIT:
            raise Refused(413, f"The body is larger than {LIMIT} bytes")
    return body


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def read_json():
    if request.mimetype != "application/json":
        raise Refused(415, "The body must be application/json")
    try:
        return json.loads(read_bytes(), parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise Refused(400, "The body is not valid JSON") from None


def read_fields(**limits):
    """The fields of an object in the order asked for; limits: name=(low, high)"""
    body = read_json()
    if not isinstance(body, dict):
        raise Refused(400, "The body is not a JSON object")
    for name in limits:
        value = body.get(name)
        if value is not None and not isinstance(value, str):
            raise Refused(400, f"{name} is not a string")
    for name in limits:
        if not (body.get(name) or "").strip():
            raise Refused(400, "Missing fields")
    values = []
    for name, (low, high) in limits.items():
        value = body[name] if name == "password" else body[name].strip()
        if len(value) < low or len(value) > high:
            raise Refused(400, f"{name} needs {low} to {high} characters")
        values.append(value)
    return values
