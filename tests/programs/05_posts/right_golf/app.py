# Style: golf
from flask import *
from werkzeug.security import *
app = Flask("golf"); app.secret_key = "g"; U, P = {}, []
def R(m, u): return app.route(u, endpoint=m + u, methods=[m])
def T(*k): d = request.get_json(); d = d if isinstance(d, dict) else {}; t = [d.get(x) for x in k]; return t if all(isinstance(x, str) and x.strip() for x in t) else abort(E(400, "Missing fields"))
def E(c, t): return make_response({"error": t}, c)
def V(n): return {"id": U[n][0], "username": n}
def M(): n = session.get("n"); return n if isinstance(n, str) and n in U else abort(E(401, "who?"))
@R("GET", "/")
def _(): return {"message": "Welcome to the Social Media API!"}
@R("GET", "/api/health")
def _(): return {"status": "ok"}
@R("POST", "/echo")
def _(): return {"you_sent": request.get_json()}
@R("POST", "/api/users")
def _(): n, p = T("username", "password"); n = n.strip(); h = generate_password_hash(p); return E(409, "dup") if U.setdefault(n, v := (len(U) + 1, h)) is not v else ({"message": "User registered successfully!", "user": V(n)}, 201)
@R("GET", "/api/users")
def _(): return {"users": [V(n) for n in [*U]]}
@R("POST", "/api/login")
def _():
    n, p = T("username", "password"); n = n.strip()
    if n not in U or not check_password_hash(U[n][1], p): return E(401, "bad")
    session["n"] = n; return {"message": "Login successful!", "user": V(n)}
@R("POST", "/api/logout")
def _(): session.clear(); return {"message": "Logout successful!"}
@R("GET", "/api/me")
def _(): return {"user": V(M())}
@R("POST", "/api/posts")
def _(): u = V(M())["id"]; P.append({"id": len(P) + 1, "content": T("content")[0].strip(), "user_id": u}); return {"message": "Post created successfully!", "post": P[-1]}, 201
@R("GET", "/api/posts")
def _(): return {"posts": P[::-1]}
@R("GET", "/api/posts/<int:i>")
def _(i): return {"post": P[i - 1]} if 0 < i <= len(P) else E(404, "none")
