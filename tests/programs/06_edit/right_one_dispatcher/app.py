"""Style: one catch-all route and match over method and path, a lock around it; tokens of sessions kept by the server."""
import secrets
from threading import Lock

from flask import Flask, json, request, session
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.security import check_password_hash, generate_password_hash

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
TABLE = {"": "GET", "echo": "POST", "api/health": "GET", "api/users": "GET POST", "api/login": "POST",
         "api/logout": "POST", "api/me": "GET", "api/posts": "GET POST"}


class Problem(Exception):
    pass


class Api:
    def __init__(self):
        self.lock, self.ids = Lock(), {"user": 0, "post": 0}
        self.users, self.posts, self.tokens = [], {}, {}

    def new_id(self, kind):
        self.ids[kind] += 1
        return self.ids[kind]

    def texts(self, *names):
        data = request.get_json()
        found = [data.get(name) for name in names] if isinstance(data, dict) else [None]
        if not all(isinstance(text, str) and text.strip() for text in found):
            raise Problem("Missing fields", 400)
        return found

    def me(self):
        user = self.tokens.get(repr(session.get("token")))
        if user is None:
            raise Problem("No login", 401)
        return user

    def own(self, number):
        user = self.me()
        if number not in self.posts:
            raise Problem("No post", 404)
        if self.posts[number]["user_id"] != user["id"]:
            raise Problem("No right", 403)
        return self.posts[number]

    def answer(self, method, path):
        match method, path.split("/"):
            case "GET", [""]:
                return {"message": "Welcome to the Social Media API!"}
            case "GET", ["api", "health"]:
                return {"status": "ok"}
            case "POST", ["echo"]:
                return {"you_sent": request.get_json()}
            case "GET", ["api", "users"]:
                return {"users": [public for public, _ in self.users]}
            case "POST", ["api", "users"]:
                name, password = self.texts("username", "password")
                if any(public["username"] == name.strip() for public, _ in self.users):
                    raise Problem("No second user of this name", 409)
                user = {"id": self.new_id("user"), "username": name.strip()}
                self.users.append((user, generate_password_hash(password)))
                return {"message": "User registered successfully!", "user": user}, 201
            case "POST", ["api", "login"]:
                name, password = self.texts("username", "password")
                for user, hashed in self.users:
                    if user["username"] == name.strip() and check_password_hash(hashed, password):
                        self.tokens.pop(repr(session.get("token")), None)
                        session["token"] = secrets.token_hex()
                        self.tokens[repr(session["token"])] = user
                        return {"message": "Login successful!", "user": user}
                raise Problem("No such login", 401)
            case "POST", ["api", "logout"]:
                self.tokens.pop(repr(session.pop("token", None)), None)
                return {"message": "Logout successful!"}
            case "GET", ["api", "me"]:
                return {"user": self.me()}
            case "GET", ["api", "posts"]:
                return {"posts": [self.posts[number] for number in sorted(self.posts)[::-1]]}
            case "POST", ["api", "posts"]:
                user = self.me()
                post = {"content": self.texts("content")[0].strip(), "user_id": user["id"]}
                post["id"] = self.new_id("post")
                self.posts[post["id"]] = post
                return {"message": "Post created successfully!", "post": post}, 201
            case _, ["api", "posts", number] if number.isascii() and number.isdigit():
                return self.answer_post(method, int(number) if len(number) < 20 else 0)
            case _ if path in TABLE:
                raise MethodNotAllowed(TABLE[path].split())
        raise NotFound

    def answer_post(self, method, number):
        match method:
            case "GET":
                if number not in self.posts:
                    raise Problem("No post", 404)
                return {"post": self.posts[number]}
            case "PUT":
                post = self.own(number)
                post["content"] = self.texts("content")[0].strip()
                return {"message": f"Post {number} updated!", "post": post}
            case "DELETE":
                del self.posts[self.own(number)["id"]]
                return {"message": f"Post {number} deleted!"}
        raise MethodNotAllowed(["GET", "PUT", "DELETE"])


app = Flask(__name__, static_folder=None)
app.config["SECRET_KEY"] = "one"
api = Api()


@app.route("/", defaults={"path": ""}, methods=METHODS)
@app.route("/<path:path>", methods=METHODS)
def everything(path):
    with api.lock:
        try:
            data = api.answer("GET" if request.method == "HEAD" else request.method, path)
        except Problem as problem:
            data = {"error": problem.args[0]}, problem.args[1]
    data, status = data if isinstance(data, tuple) else (data, 200)
    return json.dumps(data), status, [("Content-Type", "application/json")]
