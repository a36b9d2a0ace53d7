# Style: golf
from flask import *
from werkzeug.security import generate_password_hash as H
app = Flask(__name__); r = app.add_url_rule; U = {}; J = lambda: request.get_json()
def reg():
    d = J(); t = [v for k in ("username", "password") if isinstance(d, dict) and isinstance(v := d.get(k), str) and v.strip()]
    if len(t) < 2: return {"error": "Missing fields"}, 400
    h = H(t[1])
    if (n := t[0].strip()) in U: return {"error": "dup"}, 409
    U[n] = len(U) + 1, h; return {"message": "User registered successfully!", "user": u(n)}, 201
u = lambda n: {"id": U[n][0], "username": n}
r("/", "h", lambda: {"message": "Welcome to the Social Media API!"})
r("/api/health", "s", lambda: {"status": "ok"})
r("/echo", "e", lambda: {"you_sent": J()}, methods=["POST"])
r("/api/users", "r", reg, methods=["POST"])
r("/api/users", "l", lambda: {"users": [*map(u, [*U])]})
