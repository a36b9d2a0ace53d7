from flask import request

from .extensions import db
from .schemas import dump


def _int(name: str, default: int, maximum: int) -> int:
    text = request.args.get(name, "").strip()
    digits = text.lstrip("+-")
    if not digits.isdecimal() or len(text) - len(digits) > 1:
        return default
    if text.startswith("-"):
        return 1
    return min(max(int(digits[-20:]), 1), maximum) if len(digits) <= 20 else maximum


def page_of(select, key: str) -> dict:
    page = db.paginate(select, page=_int("page", 1, 10**12), per_page=_int("per_page", 10, 100), error_out=False)
    meta = {name: getattr(page, name) for name in ("page", "per_page", "total", "pages", "has_next", "has_prev")}
    return {key: [dump(item) for item in page]} | meta
