from flask import Blueprint, request
from werkzeug.security import generate_password_hash

from checks import object_with_texts
from errors import NameTaken

root = Blueprint("root", __name__)
api = Blueprint("api", __name__)
USERS = {}  # id -> user


@root.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@root.post("/echo")
def echo():
    return {"you_sent": request.get_json()}


@api.get("/health")
def health():
    return {"status": "ok"}


def show(id_):
    return {"id": id_, "username": USERS[id_]["username"]}


@api.post("/users")
def register():
    username, password = object_with_texts(request.get_json(), "username", "password")
    username, secret = username.strip(), generate_password_hash(password)
    if username in (user["username"] for user in list(USERS.values())):
        raise NameTaken("Somebody else has this name", username=username)
    id_ = max(USERS, default=0) + 1
    USERS[id_] = {"username": username, "secret": secret}
    return {"message": "User registered successfully!", "user": show(id_)}, 201


@api.get("/users")
def listing():
    return {"users": [show(id_) for id_ in list(USERS)]}


@api.get("/users/<int:id_>")
def one(id_):
    return ({"user": show(id_)}, 200) if id_ in USERS else ({"error": "No such user"}, 404)
