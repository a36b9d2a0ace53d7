from werkzeug.security import check_password_hash, generate_password_hash

_users = {}  # username -> user
_hashes = {}  # id -> hash
_posts = {}  # id -> post


def add_user(name, password):
    name, hashed = name.strip(), generate_password_hash(password)
    if name in _users:
        return None
    _users[name] = {"id": len(_users) + 1, "username": name}
    _hashes[_users[name]["id"]] = hashed
    return _users[name]


def check_user(name, password):
    found = _users.get(name.strip())
    return found if found and check_password_hash(_hashes[found["id"]], password) else None


def all_users():
    return list(_users.values())


def user(user_id):
    return next((one for one in list(_users.values()) if one["id"] == user_id), None)


def add_post(content, author):
    new_id = len(_posts) + 1
    _posts[new_id] = {"id": new_id, "content": content.strip(), "user_id": author["id"], "author": author["username"]}
    return _posts[new_id]


def all_posts():
    return [_posts[key] for key in sorted(_posts, reverse=True)]


def post(post_id):
    return _posts.get(post_id)
