"""What earlier steps built and every later step keeps; short, since those steps have checkers of their own."""

from functools import partial

import pytest

from workbook.checking import TEXT, Failed, expect, require
from workbook.checking.expect import no_secret

MISSING = {"error": "Missing fields"}
REGISTERED = "User registered successfully!"
CREATED = "Post created successfully!"


def hello(client, new_client, vary):
    """Step 01 still answers."""
    expect(client.get("/"), 200, {"message": "Welcome to the Social Media API!"})
    expect(client.get("/api/health"), 200, {"status": "ok"})
    expect(client.get("/nope"), 404)
    expect(client.post("/", json={}), 405)


def echo(client, new_client, vary):
    """Step 02 still answers."""
    for value in ({"number": vary.number(), "list": [None, True, vary.text()]}, []):
        expect(client.post("/echo", json=value), 200, {"you_sent": value})
    expect(client.post("/echo", data="{}", content_type="text/plain"), 415)
    expect(client.post("/echo", data="{bad", content_type="application/json"), 400)


def users(client, new_client, vary):
    """Step 03 still answers."""
    name, password = vary.name(), vary.password()
    user = register(client, name, password)
    expect(client.get("/api/users"), 200, {"users": [user]})
    taken = client.post("/api/users", json={"username": name, "password": password})
    refused(taken, 409)
    no_secret(taken, password)
    expect(client.post("/api/users", json={"username": name}), 400, MISSING)
    # both stand before the first in the alphabet; an accent that is written as a letter of its own stays one
    names = (f"A :x  '{name}", f"A e\u0301 {name}", name.upper())
    later = [register(client, own, password, id=user["id"]) for own in names]
    expect(client.get("/api/users"), 200, {"users": [user, *later]})
    for body in ("null", "[]"):
        expect(client.post("/api/users", data=body, content_type="application/json"), 400)
    no_secret(client.get("/api/users"), password)


def login(client, new_client, vary):
    """Step 04 still answers."""
    user = member(client, vary)
    other = new_client()
    mend = "A logout needs no login: leave @login_required away from it."
    expect(other.post("/api/logout"), 200, {"message": "Logout successful!"}, next=mend)
    expect(client.get("/api/me"), 200, {"user": public(user)})
    forged_cookies(client, new_client, user)
    wrong = {"username": user["username"], "password": vary.password()}
    refused(other.post("/api/login", json=wrong), 401)
    expect(other.post("/api/login", json={}), 400, MISSING)
    name, password = vary.name(), vary.password()
    second = register(other, name, password)
    refused(other.get("/api/me"), 401)
    expect(other.post("/api/login", json={"username": name, "password": password}), 200)
    refused(client.post("/api/users", json={"username": name, "password": vary.password()}), 409)
    expect(client.get("/api/me"), 200, {"user": public(user)})
    wrong = client.post("/api/login", json={"username": name, "password": f"{password}x"})
    unknown = client.post("/api/login", json={"username": name.upper(), "password": password})
    refused(wrong, 401)
    refused(unknown, 401)
    same_refusal(wrong, unknown)
    answer = client.get("/api/me")  # a refused login may end the one before, and never begins another
    expect(answer, (200, 401), {"user": public(user)} if answer.status_code == 200 else None)
    expect(client.post("/api/login", json={"username": name, "password": password}), 200)
    expect(client.get("/api/me"), 200, {"user": public(second)})
    expect(client.post("/api/logout"), 200, {"message": "Logout successful!"})
    expect(client.get("/api/me"), 401)
    expect(other.get("/api/me"), 200, {"user": public(second)})
    odd, password = f"A :b {vary.name()}", f" {vary.password()} "
    third = register(client, odd, password)
    expect(client.post("/api/login", json={"username": odd, "password": f"{password}?"}), 401)
    expect(client.post("/api/login", json={"username": odd, "password": password}), 200)
    expect(client.get("/api/me"), 200, {"user": public(third)})


def forged_cookies(client, new_client, user):
    """The login's cookie is Flask's own: named session, hidden from scripts, and worth nothing when changed."""
    response = client.post("/api/login", json={key: user[key] for key in ("username", "password")})
    set_by = [text for text in response.headers.getlist("Set-Cookie") if text.startswith("session=")]
    require(
        set_by, "a cookie named session", "no such Set-Cookie header", "Keep the login as step 04 had it."
    )
    value, _, flags = set_by[-1].removeprefix("session=").partition(";")
    mend = "Leave SESSION_COOKIE_HTTPONLY as it is."
    require("httponly" in flags.lower(), "a cookie with HttpOnly", set_by[-1], mend)
    payload, _, signature = value.rpartition(".")
    mend = "Trust nothing but Flask's own session, which checks the signature."
    for forged in (f"{payload}.{'A' if signature[:1] != 'A' else 'B'}{signature[1:]}", str(user["id"])):
        stranger = new_client()
        stranger.set_cookie("session", forged, domain="localhost")
        expect(stranger.get("/api/me"), 401, next=mend)


def posts(client, new_client, vary):
    """Step 05 still answers."""
    guest, user, content = new_client(), member(client, vary), vary.text()
    for body in ({"content": content}, {}):
        refused(guest.post("/api/posts", json=body), 401)
    first = write(client, f"\t{content} \n", user_id=user["id"] + 1)
    for blank in (" \n\t", "\r\n"):
        expect(client.post("/api/posts", json={"content": blank}), 400, MISSING)
    expect(client.post("/api/posts", data="null", content_type="application/json"), 400)
    refused(client.post("/api/posts", json={"content": True}), 400)
    second = write(client, f"e\u0301 {vary.text()}\r\n😀", id=first["id"])
    wanted = {"id": first["id"], "content": content, "user_id": user["id"]}
    expect(guest.get(f"/api/posts/{first['id']}"), 200, {"post": wanted})
    expect(guest.get("/api/posts"), 200, {"posts": [second, wanted]})
    refused(guest.get(f"/api/posts/{second['id'] + 1000}"), 404)
    expect(guest.get("/api/posts/abc"), (404, 405))


def edit(client, new_client, vary):
    """Step 06 still answers."""
    other = new_client()
    _, user = member(other, vary), member(client, vary)
    post, newer = (write(client, text) for text in [vary.text()] * 2)
    address, body = f"/api/posts/{post['id']}", {"content": vary.text()}
    expect(other.get(address), 200, {"post": post})
    expect(other.get("/api/posts"), 200, {"posts": [newer, post]})
    for method in ("PUT", "DELETE"):
        for path in (address, f"{address}000"):
            refused(new_client().open(path, method=method, json=body), 401)
        refused(other.open(f"{address}000", method=method, json=body), 404)
        refused(other.open(address, method=method, json=body), 403)
    for faulty in ({"content": " "}, {}, {"content": None}):
        expect(client.put(address, json=faulty), 400, MISSING)
    again = new_client()
    expect(again.post("/api/login", json={key: user[key] for key in ("username", "password")}), 200)
    mend = "The post belongs to the user: compare user ids, not browsers or logins."
    expect(again.put(address, json={"content": newer["content"]}), 200, next=mend)
    changed = {"id": post["id"], "user_id": user["id"], **body}
    wanted = {"message": f"Post {post['id']} updated!", "post": changed}
    sent = {"content": f"  {body['content']} ", "id": 7, "user_id": user["id"] + 1}
    expect(client.put(address, json=sent), 200, wanted)
    expect(other.get(address), 200, {"post": changed})
    expect(other.get("/api/posts"), 200, {"posts": [newer, changed]})
    expect(client.delete(address), 200, {"message": f"Post {post['id']} deleted!"})
    expect(client.get(address), 404)
    expect(other.get("/api/posts"), 200, {"posts": [newer]})
    expect(client.delete(f"/api/posts/{newer['id']}"), 200)


def pages(client, new_client, vary):
    """Step 07 still answers."""
    member(client, vary)
    ids = [write(client, vary.text())["id"] for _ in range(3)][::-1]
    meta = {"page": 1, "per_page": 2, "total": 3, "pages": 2, "has_next": True, "has_prev": False}
    first = {"posts": [{"id": ids[0]}, {"id": ids[1]}], **meta}
    expect(client.get("/api/posts?per_page=2"), 200, first)
    last = {"posts": [{"id": ids[2]}], "page": 2, "has_next": False, "has_prev": True}
    expect(client.get("/api/posts?per_page=2&page=2"), 200, last)
    expect(client.get("/api/posts?page=9"), 200, {"posts": [], "page": 9, "total": 3})
    expect(client.get("/api/posts?page=abc&per_page=1000"), 200, {"page": 1, "per_page": 100})
    expect(client.get("/api/users?per_page=0&page=-1"), 200, {"page": 1, "per_page": 1, "total": 1})


def models(client, new_client, vary):
    """Step 08's limit still holds; that data survive a restart is a check of its own."""
    member(client, vary)
    for content in ("x" * 255, "😀" * 255):
        write(client, content)
    refused(client.post("/api/posts", json={"content": "x" * 256}), 400)
    post = write(client, vary.text())
    refused(client.put(f"/api/posts/{post['id']}", json={"content": "x" * 256}), 400)
    expect(client.get("/api/posts?per_page=1"), 200, {"posts": [post], "total": 3})
    for method in ("GET", "PUT", "DELETE"):
        body = {"content": "x"} if method == "PUT" else None
        expect(client.open(f"/api/posts/{10**20}", method=method, json=body), 404)
    expect(client.get(f"/api/users?page={10**20}"), 200, {"users": []})


def relations(client, new_client, vary):
    """Step 09 still answers, and its list before anything else was asked."""
    other = new_client()
    expect(other.get("/api/posts"), 200, {"posts": [], "total": 0})
    bob, ana = member(other, vary), member(client, vary)  # SQLite uses the id of the last row again
    post = write(client, vary.text())
    mine = {"id": post["id"], "author": ana["username"]}
    expect(other.get("/api/posts"), 200, {"posts": [mine], "total": 1})
    expect(other.get(f"/api/users/{ana['id']}"), 200, {"user": {**public(ana), "post_count": 1}})
    capped = other.get(f"/api/users/{ana['id']}/posts?per_page=1000")
    expect(capped, 200, {"posts": [mine], "total": 1, "per_page": 100})
    gone = write(client, vary.text())
    expect(other.get(f"/api/users/{ana['id']}"), 200, {"user": {"post_count": 2}})
    expect(client.delete(f"/api/posts/{gone['id']}"), 200)
    expect(other.get(f"/api/users/{ana['id']}"), 200, {"user": {"post_count": 1}})
    expect(other.get(f"/api/posts?author={bob['username']}"), 200, {"posts": [], "total": 0, "pages": 0})
    theirs = write(other, vary.text())
    for author, page in (("%25", 1), (ana["username"].upper(), 1), (ana["username"], 2)):
        total = 1 if page == 2 else 0
        path = f"/api/posts?author={author}&page={page}"
        expect(other.get(path), 200, {"posts": [], "total": total, "pages": total})
    expect(other.delete(f"/api/posts/{theirs['id']}"), 200)
    for path in ("/api/users", f"/api/users/{ana['id']}/posts"):
        expect(other.get(f"{path}?page={10**20}"), 200, {"page": int, "has_next": False})
    twin = new_client()
    expect(twin.post("/api/login", json={key: ana[key] for key in ("username", "password")}), 200)
    refused(new_client().delete("/api/me"), 401)
    expect(client.delete("/api/me"), 200, {"message": f"User {ana['id']} deleted!"})
    expect(client.get("/api/me"), 401)
    mend = "The session of a deleted user names nobody: look for the user at each request."
    for method, path in (("GET", "/api/me"), ("POST", "/api/posts"), ("DELETE", "/api/me")):
        body = {"content": vary.text()} if method == "POST" else None
        refused(twin.open(path, method=method, json=body), 401, next=mend)
    for path in (f"/api/posts/{post['id']}", f"/api/users/{ana['id']}", f"/api/users/{ana['id']}/posts"):
        expect(other.get(path), 404)
    following = member(client, vary)
    post = write(client, vary.text())
    expect(other.get("/api/posts"), 200, {"posts": [{**post, "author": following["username"]}], "total": 1})
    expect(other.get(f"/api/users/{following['id']}"), 200, {"user": {**public(following), "post_count": 1}})
    expect(client.delete("/api/me"), 200)


def validation(client, new_client, vary):
    """Step 11 still answers."""
    expect(client.get("/nope"), 404, {"error": TEXT})
    wrong_method = client.get("/echo")
    expect(wrong_method, 405, {"error": TEXT})
    require("POST" in wrong_method.headers.get("Allow", ""), "a header Allow with POST", "no such header")
    user = member(client, vary)
    post = f"/api/posts/{write(client, vary.text())['id']}"
    allow = ",".join(client.patch(post, json={}).headers.getlist("Allow"))
    require("PUT" in allow and "DELETE" in allow, "a header Allow with PUT and DELETE", f"Allow: {allow}")
    refused(client.put(post, json={"content": "x" * 256}), 400)
    answer = expect(client.post("/api/users", json={**user, "username": 5}), 400, {"error": TEXT})
    require("username" in answer["error"].lower(), "an error that names username", answer["error"])
    expect(client.delete(post), 200)
    expect(client.post("/echo", data="x", content_type="text/plain"), 415, {"error": TEXT})
    name = vary.name()
    expect(client.post("/api/users", json={"username": name, "password": "short12"}), 400, {"error": TEXT})
    expect(client.post("/api/users", json={"username": "x" * 81, "password": vary.password()}), 400)
    big = {"username": name, "password": "x" * 20_000}
    expect(client.post("/api/users", json=big), 413, {"error": TEXT})


def stored(program, client, new_client, vary):
    """What step 08 promised holds: data survive a restart, no file holds a password, and a lost race is a 409."""
    ana = member(client, vary)
    kept, gone = write(client, vary.text()), write(client, vary.text())
    expect(client.delete(f"/api/posts/{gone['id']}"), 200)
    changed = {"content": vary.text()}
    expect(client.put(f"/api/posts/{kept['id']}", json=changed), 200)
    held = program.probe("files_hold", texts=[ana["password"]])
    require(not held, "no password in any file", f"a password in {', '.join(held)}", "Store the hash alone.")
    program.probe("race", table="user")
    late = client.post("/api/users", json={"username": vary.name(), "password": vary.password()})
    if program.probe("raced"):
        mend = "Keep try: db.session.commit() with except IntegrityError: rollback, then 409."
        refused(late, 409, next=mend)
    program.restart()
    again = new_client()
    mend = "Commit every change, keep the tables, and read from the database alone."
    login = {key: ana[key] for key in ("username", "password")}
    expect(again.post("/api/login", json=login), 200, {"user": public(ana)}, next=mend)
    expect(again.get("/api/posts"), 200, {"posts": [{**kept, **changed}], "total": 1}, next=mend)
    changed = {"content": vary.text()}
    response = again.put(f"/api/posts/{kept['id']}", json=changed)
    expect(response, 200, {"post": {**kept, **changed}}, next=mend)


# Parts in one group share a program, since each leaves the lists as empty of posts as it found them.
_GROUPS = [
    {1: hello, 2: echo, 3: users, 4: login, 6: edit, 5: posts},
    {7: pages},
    {9: relations, 8: models},
    {11: validation},
]


def steps(last):
    """Marks a check to run for the steps 1 to `last`, with `part` to be called with client, new_client and vary."""
    chosen = [{number: part for number, part in group.items() if number <= last} for group in _GROUPS]
    names = [f"steps {min(group):02} to {max(group):02}" for group in chosen if group]
    parts = [partial(_all, list(group.values())) for group in chosen if group]
    return pytest.mark.parametrize("part", parts, ids=names)


def _all(parts, client, new_client, vary):
    """One part after the other, each on clients that nobody is logged in on."""
    for part in parts:
        try:
            part(new_client(), new_client, vary)
        except Failed as failed:
            failed.next = failed.next or "An earlier step answered this. Look at what you changed last."
            raise


def refused(response, status, next=None):
    """Fails unless an answer has the status and an error text; a page that Flask itself makes needs no text."""
    page = response.mimetype == "text/html" and response.data[:14].lower() == b"<!doctype html"
    if response.status_code == status:
        next = f'The status is right. Tell why: return {{"error": "..."}}, {status}.'
    expect(response, status, None if page else {"error": TEXT}, next=next)


def same_refusal(wrong, unknown):
    """Fails unless a wrong password and an unknown user got the very same answer."""
    require(
        wrong.data == unknown.data,
        wrong.get_data(as_text=True).strip(),
        unknown.get_data(as_text=True).strip(),
        "One answer for both, else anybody can try out which names exist.",
    )


def register(client, username, password, **more):
    """Registers a user and gives what the answer tells of it."""
    response = client.post("/api/users", json={"username": username, "password": password, **more})
    wanted = {"message": REGISTERED, "user": {"id": int, "username": username}}
    return public(expect(response, 201, wanted)["user"])


def member(client, vary):
    """A new user, logged in on this client: {"id", "username", "password"}."""
    name, password = vary.name(), vary.password()
    user = {**register(client, name, password), "password": password}
    wanted = {"message": "Login successful!", "user": public(user)}
    expect(client.post("/api/login", json={"username": name, "password": password}), 200, wanted)
    return user


def texts(word):
    """Contents that come back as they were sent, but for the blanks around them; 200 characters at most."""
    return [
        f"  {word}\t\n",
        f"two  blanks,\na new\r\nline and a \\n in {word}",
        f"é e\u0301 ß 漢字 😀 {word.upper()} Ends.",
        f'<b>{word}</b> &amp; 100 %41 of {{id}}, it\'s "it"; -- _',
        (f"😀{word} " * 20)[:200],
        "null",
        "0",
        "?",
        f'"a\tb {word} 👨\u200d👩\u200d👧 ❤️"\r\n',
    ]


def public(user):
    """What everybody may know of a user."""
    return {"id": user["id"], "username": user["username"]}


def write(client, content, **more):
    """Writes a post as whoever is logged in and gives what the answer tells of it."""
    wanted = {"message": CREATED, "post": {"id": int, "content": content.strip(), "user_id": int}}
    return shown(expect(client.post("/api/posts", json={"content": content, **more}), 201, wanted)["post"])


def shown(post):
    """The contract's keys of a post. Any other key may differ between two answers, such as `is_mine`."""
    keys = ["id", "content", "user_id"] + ["author"] * isinstance(
        post.get("author"), str
    )  # the last since 09
    return {key: post[key] for key in keys if key in post}
