# Style: golf
from flask import *
from itertools import count
from re import fullmatch
from werkzeug.security import *
app = Flask(__name__); app.secret_key = "g"; U, P, N = [], {}, count(1)
def R(m, u): return app.route(u, endpoint=m + u, methods=[m])
def E(c, t): abort(make_response({"error": t}, c))
def T(*k): d = request.get_json(); t = [isinstance(d, dict) and d.get(x) for x in k]; return t if all(isinstance(x, str) and x.strip() for x in t) else E(400, "Missing fields")
def V(u): return {k: u[k] for k in ("id", "username")}
def F(n): return next((u for u in U if u["username"] == n.strip()), None)
def M(): return next((V(u) for u in U if u["id"] == session.get("i")), 0) or E(401, "who?")
def G(i): return P.get(i) or E(404, "what?")
def O(i): m = M(); p = G(i); return p if p["user_id"] == m["id"] else E(403, "hands off")
def A(k, d): t = request.args.get(k, ""); return max(1, int(t[:25])) if fullmatch(r"-?\d+", t) else d
def L(k, l): p, s, t = A("page", 1), min(100, A("per_page", 10)), len(l); n = -(-t // s); return {k: l[p * s - s:p * s], "page": p, "per_page": s, "total": t, "pages": n, "has_next": p < n, "has_prev": p > 1}
@R("GET", "/")
def _(): return {"message": "Welcome to the Social Media API!"}
@R("GET", "/api/health")
def _(): return {"status": "ok"}
@R("POST", "/echo")
def _(): return {"you_sent": request.get_json()}
@R("POST", "/api/users")
def _(): n, p = T("username", "password"); h = generate_password_hash(p); F(n) and E(409, "dup"); u = {"id": next(N), "username": n.strip(), "h": h}; U.append(u); return {"message": "User registered successfully!", "user": V(u)}, 201
@R("GET", "/api/users")
def _(): return L("users", [*map(V, U)])
@R("POST", "/api/login")
def _(): n, p = T("username", "password"); u = F(n); u and check_password_hash(u["h"], p) or E(401, "bad"); session["i"] = u["id"]; return {"message": "Login successful!", "user": V(u)}
@R("POST", "/api/logout")
def _(): session.clear(); return {"message": "Logout successful!"}
@R("GET", "/api/me")
def _(): return {"user": M()}
@R("POST", "/api/posts")
def _(): u = M()["id"]; c = T("content")[0].strip(); i = next(N); P[i] = {"id": i, "content": c, "user_id": u}; return {"message": "Post created successfully!", "post": P[i]}, 201
@R("GET", "/api/posts")
def _(): return L("posts", [P[i] for i in sorted(P)][::-1])
@R("GET", "/api/posts/<int:i>")
def _(i): return {"post": G(i)}
@R("PUT", "/api/posts/<int:i>")
def _(i): p = O(i); p["content"] = T("content")[0].strip(); return {"message": f"Post {i} updated!", "post": p}
@R("DELETE", "/api/posts/<int:i>")
def _(i): O(i); del P[i]; return {"message": f"Post {i} deleted!"}
