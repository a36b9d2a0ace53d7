"""Style: create_app() with closures; the list is cut into chunks by a generator; has_prev is false past the end."""
from itertools import count, islice

from flask import Flask, Response, json, request, session
from werkzeug.security import check_password_hash, generate_password_hash

from checks import Bad, texts_of, whole_number


def chunks(items, size):
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def create_app(**config):
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY="chunks", SESSION_COOKIE_SAMESITE="Lax", **config)
    users, secrets, posts, ids = {}, {}, {}, count(1000)

    def answer(status=200, **data):
        return Response(json.dumps(data), status, {"Content-Type": "application/json", "X-Api": "social"})

    app.register_error_handler(Bad, lambda bad: answer(bad.status, error=bad.text))

    def route(rule, *methods):
        return app.route(rule, methods=methods, endpoint=f"{'+'.join(methods)} {rule}")

    def me():
        for user in list(users.values()):
            if user["id"] == session.get("user", -1):
                return user
        raise Bad(401, "Log in first, please")

    def one(number):
        if number not in posts:
            raise Bad(404, "Gone or never there")
        return posts[number]

    def own(number):
        user, post = me(), one(number)
        if post["user_id"] != user["id"]:
            raise Bad(403, "Written by somebody else")
        return post

    def page_of(key, items):
        page, per_page = whole_number(request.args.get("page"), 1), whole_number(request.args.get("per_page"), 10, 100)
        parts = list(chunks(items, per_page))
        inside = page <= len(parts)
        return answer(**{key: parts[page - 1] if inside else [], "page": page, "per_page": per_page,
                         "total": len(items), "pages": len(parts), "has_next": page < len(parts),
                         "has_prev": inside and page > 1})

    @route("/", "GET")
    def home():
        return answer(message="Welcome to the Social Media API!")

    @route("/api/health", "GET")
    def health():
        return Response(b'{"status":"ok"}', mimetype="application/json")

    @route("/echo", "POST")
    def echo():
        return answer(you_sent=request.get_json())

    @route("/api/users", "POST")
    def register():
        name, password = texts_of(request.get_json(), "username", "password")
        name, secret = name.strip(), generate_password_hash(password, "scrypt:2048:8:1")
        if name in users:
            raise Bad(409, "Somebody has this name")
        users[name], secrets[name] = {"id": next(ids), "username": name}, secret
        return answer(201, message="User registered successfully!", user=users[name])

    @route("/api/users", "GET")
    def list_users():
        return page_of("users", list(users.values()))

    @route("/api/login", "POST")
    def login():
        name, password = texts_of(request.get_json(), "username", "password")
        if not check_password_hash(secrets.get(name.strip(), ""), password):
            raise Bad(401, "That did not fit")
        session["user"] = users[name.strip()]["id"]
        return answer(message="Login successful!", user=users[name.strip()])

    @route("/api/logout", "POST")
    def logout():
        session.clear()
        return answer(message="Logout successful!")

    @route("/api/me", "GET")
    def whoami():
        return answer(user=me())

    @route("/api/posts", "POST")
    def create():
        user = me()
        (content,) = texts_of(request.get_json(), "content")
        post = {"id": next(ids), "content": content.strip(), "user_id": user["id"]}
        posts[post["id"]] = post
        return answer(201, message="Post created successfully!", post=post)

    @route("/api/posts", "GET")
    def list_posts():
        return page_of("posts", [*reversed(posts.values())])

    @route("/api/posts/<int:number>", "GET")
    def show(number):
        return answer(post=one(number))

    @route("/api/posts/<int:number>", "PUT")
    def update(number):
        post = own(number)
        post["content"] = texts_of(request.get_json(), "content")[0].strip()
        return answer(message=f"Post {number} updated!", post=post)

    @route("/api/posts/<int:number>", "DELETE")
    def delete(number):
        del posts[own(number)["id"]]
        return answer(message=f"Post {number} deleted!")

    return app
