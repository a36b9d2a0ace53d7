"""Style: a generic Page dataclass, MethodViews, an own JSON provider that knows the classes; type hints."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Callable, Generic, Sequence, TypeVar

from flask import Flask, abort, request, session
from flask.json.provider import DefaultJSONProvider
from flask.views import MethodView
from werkzeug.exceptions import HTTPException
from werkzeug.security import check_password_hash, generate_password_hash

T = TypeVar("T")


@dataclass(eq=False)
class User:
    id: int
    username: str
    secret: str

    def __json__(self) -> dict[str, Any]:
        return {"id": self.id, "username": self.username}


@dataclass(eq=False)
class Post:
    id: int
    content: str
    user: User

    def __json__(self) -> dict[str, Any]:
        return {"id": self.id, "content": self.content, "user_id": self.user.id, "author": self.user.username}


@dataclass(frozen=True)
class Page(Generic[T]):
    items: Sequence[T]
    page: int
    per_page: int

    @staticmethod
    def number(name: str, default: int, top: int) -> int:
        found = re.match(r"\s*([+-]?)(\d+)\s*$", request.args.get(name, ""))
        if not found:
            return default
        size = int(found[2]) if len(found[2]) < 15 else top
        return max(1, min(top, -size if found[1] == "-" else size))

    @classmethod
    def of_query(cls, items: Sequence[T]) -> Page[T]:
        return cls(items, cls.number("page", 1, 10**15), cls.number("per_page", 10, 100))

    @property
    def pages(self) -> int:
        return (len(self.items) - 1) // self.per_page + 1

    def under(self, key: str) -> dict[str, Any]:
        start = (self.page - 1) * self.per_page
        return {
            key: self.items[start : start + self.per_page],
            "page": self.page,
            "per_page": self.per_page,
            "total": len(self.items),
            "pages": self.pages,
            "has_next": self.page < self.pages,
            "has_prev": self.page > 1,
        }


@dataclass
class Data:
    users: list[User] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    given: int = 0

    def next_id(self) -> int:
        self.given += 1
        return self.given

    def user(self, test: Callable[[User], bool]) -> User | None:
        return next(filter(test, self.users), None)


class Provider(DefaultJSONProvider):
    sort_keys = False
    ensure_ascii = False
    compact = False
    default = staticmethod(lambda obj: obj.__json__())


class Api(Flask):
    json_provider_class = Provider


app = Api(__name__)
app.secret_key = "classes"
data = Data()


@app.errorhandler(HTTPException)
def error(exc: HTTPException):
    return {"error": exc.description}, exc.code, [(k, v) for k, v in exc.get_headers() if k == "Allow"]


def texts(*names: str) -> list[str]:
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400, "an object is needed")
    if any(body.get(name) is None or str(body[name]).strip() == "" for name in names):
        abort(400, "Missing fields")
    if not all(isinstance(body[name], str) for name in names):
        abort(400, "texts are needed")
    return [body[name] for name in names]


def me() -> User:
    return data.user(lambda user: user.id == session.get("id")) or abort(401, "login is needed")


class Root(MethodView):
    def get(self):
        return {"message": "Welcome to the Social Media API!"}


class Health(MethodView):
    def get(self):
        return {"status": "ok"}


class Echo(MethodView):
    def post(self):
        return {"you_sent": request.get_json()}


class Users(MethodView):
    def get(self):
        return Page.of_query(data.users).under("users")

    def post(self):
        username, password = texts("username", "password")
        secret = generate_password_hash(password)
        if data.user(lambda user: user.username == username.strip()):
            abort(409, "another name is needed")
        data.users.append(user := User(data.next_id(), username.strip(), secret))
        return {"message": "User registered successfully!", "user": user}, 201


class Login(MethodView):
    def post(self):
        username, password = texts("username", "password")
        user = data.user(lambda user: user.username == username.strip())
        if not user or not check_password_hash(user.secret, password):
            abort(401, "another name or another word is needed")
        session["id"] = user.id
        return {"message": "Login successful!", "user": user}


class Logout(MethodView):
    def post(self):
        session.clear()
        return {"message": "Logout successful!"}


class Me(MethodView):
    def get(self):
        return {"user": me()}


class Posts(MethodView):
    def get(self):
        return Page.of_query(data.posts[::-1]).under("posts")

    def post(self):
        user = me()
        content = texts("content")[0].strip()
        data.posts.append(post := Post(data.next_id(), content, user))
        return {"message": "Post created successfully!", "post": post}, 201


class OnePost(MethodView):
    def find(self, number: int) -> Post:
        return next((post for post in data.posts if post.id == number), None) or abort(404, "another number is needed")

    def own(self, number: int) -> Post:
        user, post = me(), self.find(number)
        return post if post.user is user else abort(403, "another author is needed")

    def get(self, number: int):
        return {"post": self.find(number)}

    def put(self, number: int):
        post = self.own(number)
        post.content = texts("content")[0].strip()
        return {"message": f"Post {number} updated!", "post": post}

    def delete(self, number: int):
        data.posts.remove(self.own(number))
        return {"message": f"Post {number} deleted!"}


for rule, view in [("/", Root), ("/api/health", Health), ("/echo", Echo), ("/api/users", Users), ("/api/login", Login),
                   ("/api/logout", Logout), ("/api/me", Me), ("/api/posts", Posts), ("/api/posts/<int:number>", OnePost)]:
    app.add_url_rule(rule, view_func=view.as_view(view.__name__))
