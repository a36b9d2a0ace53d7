"""Style: users kept in a JSON file beside the program, which a restart finds again; a Storage class in a module."""
from pathlib import Path

from flask import Flask, make_response, request
from werkzeug.security import generate_password_hash

from storage import Storage, Taken

app = Flask(__name__)
app.extensions["storage"] = Storage(Path(app.root_path) / "users.json")


def clean(value):
    return value if isinstance(value, str) and value.strip() else None


@app.get("/")
def home():
    return make_response({"message": "Welcome to the Social Media API!"})


@app.get("/api/health")
def health():
    return make_response({"status": "ok"})


@app.post("/echo")
def echo():
    return make_response({"you_sent": request.get_json()}, 200)


@app.post("/api/users")
def register():
    match request.get_json():
        case {"username": name, "password": word} if clean(name) and clean(word):
            try:
                user = app.extensions["storage"].add(name.strip(), generate_password_hash(word))
            except Taken as taken:
                return make_response({"error": str(taken)}, 409)
            return make_response({"message": "User registered successfully!", "user": user}, 201)
        case _:
            return make_response({"error": "Missing fields"}, 400)


@app.get("/api/users")
def listing():
    return make_response({"users": app.extensions["storage"].public()})
