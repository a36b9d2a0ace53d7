"""Into an answer."""
from social_api.http.requests import number
from social_api.repositories import page


def user_json(user):
    return {"id": user.id, "username": user.username}


def post_json(post):
    return {"id": post.id, "content": post.content, "user_id": post.user_id, "author": post.user.username}


def listing(key, query, to_json):
    wanted, per_page = number("page", 1, 2**50), number("per_page", 10, 100)
    rows, total = page(query, wanted, per_page)
    pages = -(-total // per_page)
    return {
        key: [to_json(row) for row in rows],
        "total": total, "pages": pages, "page": wanted, "per_page": per_page,
        "has_next": wanted < pages, "has_prev": wanted > 1,
    }
