from functools import wraps

from flask import current_app, jsonify, request, session


def error(message, status):
    return jsonify({"error": message}), status


def current_user():
    from social_api.models import User
    key = session.get("uuid")
    return User.query.filter_by(uuid=key).first() if isinstance(key, str) else None


def login_required(f):
    @wraps(f)
    def decorated(*args, **kwargs):
        user = current_user()
        if user is None:
            return error("Authentication required", 401)
        return f(*args, **kwargs, user=user)
    return decorated


def by_id(model, id):
    if id > 2147483647:
        return None
    return model.query.filter(model.id == id).first()


def paginate(query, name):
    page = request.args.get("page", default=1, type=int)
    per_page = request.args.get("per_page", default=current_app.config["PAGE_SIZE"], type=int)
    page = max(1, min(page, 10**10))
    per_page = max(1, min(per_page, current_app.config["MAX_PAGE_SIZE"]))
    found = query.paginate(page=page, per_page=per_page, error_out=False)
    return jsonify({
        name: [item.to_dict() for item in found.items],
        "page": found.page,
        "per_page": found.per_page,
        "total": found.total,
        "pages": found.pages,
        "has_next": found.has_next,
        "has_prev": found.has_prev,
    })


def own_post_required(f):
    """Below login_required: gives the post instead of its id."""
    @wraps(f)
    def decorated(id, user):
        from social_api.models import Post
        post = by_id(Post, id)
        if post is None:
            return error("Post not found", 404)
        if post.author != user:
            return error("Forbidden", 403)
        return f(post)
    return decorated


def takes(**rules):
    """@takes(name=(lowest length, highest length, trimmed)): checks the body, then calls the view with the values."""
    def decorator(f):
        @wraps(f)
        def decorated(*args, **kwargs):
            data = request.get_json()
            if not isinstance(data, dict):
                return error("A JSON object is required", 400)
            for name, (low, high, trimmed) in rules.items():
                value = data.get(name)
                if value is None or value == "":
                    return error("Missing fields", 400)
                if not isinstance(value, str):
                    return error(f"Invalid {name}: not a string", 400)
                if value.isspace():
                    return error("Missing fields", 400)
                value = value.strip() if trimmed else value
                if len(value) < low:
                    return error(f"Invalid {name}: shorter than {low}", 400)
                if high and len(value) > high:
                    return error(f"Invalid {name}: longer than {high}", 400)
                kwargs[name] = value
            return f(*args, **kwargs)
        return decorated
    return decorator
