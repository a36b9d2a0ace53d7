"""Style: a single function answers every request, by match over method and path."""
from flask import Flask, jsonify, request, session
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__, static_folder=None)
app.secret_key = "dispatcher"
names, hashes = [], []  # the id is the place in the lists plus 1
ALLOWED = {"/": "GET", "/api/health": "GET", "/echo": "POST", "/api/users": "GET POST",
           "/api/login": "POST", "/api/logout": "POST", "/api/me": "GET"}


def user(place):
    return {"id": place + 1, "username": names[place]}


def credentials():
    match request.get_json():
        case {"username": str(name), "password": str(password)} if name.strip() and password.strip():
            return name.strip(), password
    return None


@app.before_request
def answer():
    match "GET" if request.method == "HEAD" else request.method, request.path:
        case "GET", "/":
            return jsonify(message="Welcome to the Social Media API!")
        case "GET", "/api/health":
            return jsonify(status="ok")
        case "POST", "/echo":
            return jsonify(you_sent=request.get_json())
        case "GET", "/api/users":
            return jsonify(users=[user(place) for place in range(len(names))])
        case "POST", "/api/users" | "/api/login" as path:
            if (found := credentials()) is None:
                return jsonify(error="Missing fields"), 400
            return (register if path == "/api/users" else login)(*found)
        case "POST", "/api/logout":
            session.clear()
            return jsonify(message="Logout successful!")
        case "GET", "/api/me":
            if session.get("place") in range(len(names)):
                return jsonify(user=user(session["place"]))
            return jsonify(error="Who are you?"), 401
        case _, path if path in ALLOWED:
            raise MethodNotAllowed(ALLOWED[path].split())
    raise NotFound


def register(name, password):
    hashed = generate_password_hash(password)
    if name in names:
        return jsonify(error="Not free any more"), 409
    hashes.append(hashed)
    names.append(name)
    return jsonify(message="User registered successfully!", user=user(names.index(name))), 201


def login(name, password):
    if name not in names or not check_password_hash(hashes[names.index(name)], password):
        return jsonify(error="Name and secret do not fit"), 401
    session["place"] = names.index(name)
    return jsonify(message="Login successful!", user=user(session["place"]))
