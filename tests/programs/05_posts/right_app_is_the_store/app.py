"""Style: a subclass of Flask with state and views as methods; lists streamed as JSON by a generator."""
import json
from itertools import count

from flask import Flask, jsonify, request, session
from werkzeug.security import check_password_hash, generate_password_hash


class SocialApi(Flask):
    def __init__(self):
        super().__init__(__name__, static_url_path="/files")
        self.secret_key = "class"
        self.users, self.hashes, self.posts, self.numbers = [], {}, [], count(1)
        for view, rule, method in (
            (self.home, "/", "GET"), (self.health, "/api/health", "GET"), (self.echo, "/echo", "POST"),
            (self.register, "/api/users", "POST"), (self.list_users, "/api/users", "GET"),
            (self.login, "/api/login", "POST"), (self.log_out, "/api/logout", "POST"), (self.me, "/api/me", "GET"),
            (self.create_post, "/api/posts", "POST"), (self.list_posts, "/api/posts", "GET"),
            (self.show_post, "/api/posts/<int:post_id>", "GET"),
        ):
            self.add_url_rule(rule, view_func=view, methods=[method])

    def error(self, text, status):
        return jsonify(error=text), status

    def stream(self, key, items):
        def pieces():
            yield '{"%s": [' % key
            for place, item in enumerate(items):
                yield ("," if place else "") + json.dumps(item)
            yield "]}"

        return self.response_class(pieces(), mimetype="application/json")

    def fields(self, *names):
        """The texts, or None and the error to answer."""
        body = request.get_json()
        if not isinstance(body, dict):
            return None, self.error("not an object", 400)
        for name in names:
            if body.get(name) is None or body[name] == "" or isinstance(body[name], str) and body[name].isspace():
                return None, self.error("Missing fields", 400)
            if not isinstance(body[name], str):
                return None, self.error(name + " is not a string", 400)
        return [body[name] for name in names], None

    def named(self, name):
        return next((user for user in self.users if user["username"] == name), None)

    def current(self):
        return next((user for user in self.users if [user["id"]] == session.get("who")), None)

    def home(self):
        return jsonify(message="Welcome to the Social Media API!")

    def health(self):
        return jsonify(status="ok")

    def echo(self):
        return jsonify(you_sent=request.get_json())

    def register(self):
        texts, problem = self.fields("username", "password")
        if problem:
            return problem
        hashed = generate_password_hash(texts[1])
        if self.named(texts[0].strip()):
            return self.error("taken", 409)
        user = {"id": next(self.numbers), "username": texts[0].strip()}
        self.hashes[user["id"]] = hashed
        self.users.append(user)
        return jsonify(message="User registered successfully!", user=user), 201

    def list_users(self):
        return self.stream("users", list(self.users))

    def login(self):
        texts, problem = self.fields("username", "password")
        if problem:
            return problem
        user = self.named(texts[0].strip())
        if not (user and check_password_hash(self.hashes[user["id"]], texts[1])):
            return self.error("wrong", 401)
        session["who"] = [user["id"]]
        return jsonify(message="Login successful!", user=user)

    def log_out(self):
        session.clear()
        return jsonify(message="Logout successful!")

    def me(self):
        user = self.current()
        return jsonify(user=user) if user else self.error("nobody", 401)

    def create_post(self):
        user = self.current()
        if not user:
            return self.error("nobody", 401)
        texts, problem = self.fields("content")
        if problem:
            return problem
        post = {"id": next(self.numbers), "content": texts[0].strip(), "user_id": user["id"]}
        self.posts.append(post)
        return jsonify(message="Post created successfully!", post=post), 201

    def list_posts(self):
        return self.stream("posts", self.posts[::-1])

    def show_post(self, post_id):
        for post in self.posts:
            if post["id"] == post_id:
                return jsonify(post=post)
        return self.error("none", 404)


app = SocialApi()

if __name__ == "__main__":
    app.run(debug=True, port=5001)
