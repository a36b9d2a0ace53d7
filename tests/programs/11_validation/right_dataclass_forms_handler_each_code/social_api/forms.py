"""What may be sent, as dataclasses: Form.sent() gives the form or ends the request with all its problems."""
from dataclasses import dataclass, field, fields

from flask import abort, request

from .errors import Problems


def text(low: int = 1, high: int | None = None, strip: bool = True):
    return field(metadata={"low": low, "high": high, "strip": strip})


class Form:
    @classmethod
    def sent(cls):
        data = request.get_json()
        if not isinstance(data, dict):
            abort(400, "An object is expected")
        values, problems = {}, {}
        for part in fields(cls):
            value, problem = check(data.get(part.name), **part.metadata)
            if problem:
                problems[part.name] = problem
            values[part.name] = value
        if problems:
            raise Problems(problems)
        return cls(**values)


def check(value, low, high, strip):
    """(the value, what is wrong with it)"""
    if value is None:
        return value, "missing"
    if not isinstance(value, str):
        return value, "is no text"
    if not value.strip():
        return value, "missing"
    if strip:
        value = value.strip()
    if len(value) < low:
        return value, f"is shorter than {low} characters"
    if high and len(value) > high:
        return value, f"is longer than {high} characters"
    return value, None


@dataclass
class Registration(Form):
    username: str = text(high=80)
    password: str = text(low=8, high=128, strip=False)


@dataclass
class Credentials(Form):
    username: str = text()
    password: str = text(strip=False)


@dataclass
class PostForm(Form):
    content: str = text(high=255)
