"""Style: create_app() only, users in a dict by username, the username in the session, a random key per start."""
import secrets

from flask import Flask, request, session
from werkzeug.security import check_password_hash, generate_password_hash


def create_app():
    app = Flask(__name__)
    app.secret_key = secrets.token_hex()
    accounts = {}
    nobody = generate_password_hash(secrets.token_hex())

    def pair():
        data = request.get_json()
        if isinstance(data, dict):
            name, password = data.get("username"), data.get("password")
            if isinstance(name, str) and isinstance(password, str) and name.strip() and password.strip():
                return name.strip(), password
        return None, None

    def shown(name):
        return {"username": name, "id": accounts[name]["id"], "me": f"/api/users/{accounts[name]['id']}"}

    @app.get("/")
    def home():
        return {"message": "Welcome to the Social Media API!"}

    @app.get("/api/health")
    def health():
        return {"status": "ok"}

    @app.post("/echo")
    def echo():
        return {"you_sent": request.get_json()}

    @app.post("/api/users")
    def register():
        name, password = pair()
        if name is None:
            return {"error": "Missing fields"}, 400
        hashed = generate_password_hash(password)
        if name in accounts:
            return {"error": "Name is taken", "name": name}, 409
        accounts[name] = {"id": 1000 + len(accounts), "hash": hashed}
        return {"message": "User registered successfully!", "user": shown(name)}, 201

    @app.get("/api/users")
    def listing():
        return {"users": [shown(name) for name in list(accounts)]}

    @app.post("/api/login")
    def login():
        name, password = pair()
        if name is None:
            return {"error": "Missing fields"}, 400
        known = accounts.get(name)
        if not check_password_hash(known["hash"] if known else nobody, password) or not known:
            return {"error": "Unknown name or wrong password", "hint": "POST /api/users makes an account"}, 401
        session["username"] = name
        return {"message": "Login successful!", "user": shown(name)}

    @app.post("/api/logout")
    def logout():
        session["username"] = None
        return {"message": "Logout successful!"}

    @app.get("/api/me")
    def me():
        name = session.get("username")
        if isinstance(name, str) and name in accounts:
            return {"user": shown(name)}
        return {"error": "Nobody is logged in"}, 401

    return app
