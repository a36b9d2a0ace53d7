from functools import wraps

from flask import abort, request, session

from social_api.models import MAX_ID, Post, User, db

# in bytes; a longer body is refused, so no text in it is longer either
MAX_BODY = 16 * 1024


def json_object():
    """Return the JSON object that the client sent, or refuse the request."""
    data = request.json
    if not isinstance(data, dict):
        abort(400, description="The body must be a JSON object")

    return data


def text(data, name, low=1, high=MAX_BODY):
    """Return the text that the client sent under this name, or refuse the request."""
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        abort(400, description=f"{name} must be text")

    if not value or not value.strip():
        abort(400, description="Missing fields")

    # blanks around a name are an accident, but in a password they count
    if name != "password":
        value = value.strip()

    if not low <= len(value) <= high:
        abort(400, description=f"{name} must have {low} to {high} characters")

    return value


def page_args():
    """Return the page that the client asks for, and how much is to be on it."""
    page = request.args.get("page", 1, type=int)
    per_page = request.args.get("per_page", 10, type=int)

    # anybody can ask for page -1, or for a page with everything on it
    page = min(max(page, 1), MAX_ID)
    per_page = min(max(per_page, 1), 100)

    return page, per_page


def user_json(user):
    """Return what everybody may know of a user: never the password."""
    return {"id": user.id, "username": user.username}


def post_json(post):
    """Return what everybody may know of a post."""
    return {
        "id": post.id,
        "content": post.content,
        "user_id": post.user_id,
        "author": post.author.username,
    }


def find_user_by_name(username):
    """Return the user with exactly this name, or None."""
    return db.session.scalar(db.select(User).where(User.username == username))


def find_user(id):
    """Return the user with this id, or None."""
    if id > MAX_ID:
        return None

    return db.session.get(User, id)


def find_post(id):
    """Return the post with this id, or None."""
    if id > MAX_ID:
        return None

    return db.session.get(Post, id)


def current_user():
    """Return the user who is logged in on the browser that asks, or None."""
    if "user_id" not in session:
        return None

    return db.session.get(User, session["user_id"])


def login_required(view):
    """Let only users who are logged in through to the view."""

    # Flask tells views apart by their names, so the wrapper takes over the view's
    @wraps(view)
    def guarded_view(**kwargs):
        if not current_user():
            return {"error": "Please log in"}, 401

        return view(**kwargs)

    return guarded_view


def paginate(query):
    """Return the items on the page that the client asks for, and where that is."""
    page, per_page = page_args()

    # without error_out=False, a page beyond the end would be a 404
    found = db.paginate(query, page=page, per_page=per_page, error_out=False)

    return found.items, {
        "page": page,
        "per_page": per_page,
        "total": found.total,
        "pages": found.pages,
        "has_next": found.has_next,
        "has_prev": found.has_prev,
    }
