from flask import request

LIMIT = 2**45


def clamp(low, value, high):
    return max(low, min(value, high))


def argument(name, default):
    text = request.args.get(name, "")
    negative, digits = text[:1] == "-", text.removeprefix("-")
    if not digits.isdecimal():
        return default
    value = LIMIT if len(digits) > 13 else int(digits)
    return -value if negative else value


def listing(db, key, select, to_json):
    result = db.paginate(
        select,
        page=clamp(1, argument("page", 1), LIMIT),
        per_page=clamp(1, argument("per_page", 10), 100),
        error_out=False,
    )
    return {
        key: list(map(to_json, result.items)),
        "page": result.page,
        "per_page": result.per_page,
        "total": result.total,
        "pages": result.pages,
        "has_next": result.has_next,
        "has_prev": result.has_prev,
    }


def json_of_user(user):
    return {"id": user.id, "username": user.username}


def json_of_post(post):
    return {"id": post.id, "content": post.content, "user_id": post.user_id, "author": post.author.username}
