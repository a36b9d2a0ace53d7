"""What earlier steps built and every later step keeps; short, since those steps have checkers of their own."""

from workbook.checking import Failed, expect

MISSING = {"error": "Missing fields"}
REGISTERED = "User registered successfully!"


def hello(client):
    """Step 01 still answers."""
    expect(client.get("/"), 200, {"message": "Welcome to the Social Media API!"})
    expect(client.get("/api/health"), 200, {"status": "ok"})
    expect(client.get("/nope"), 404)
    expect(client.post("/", json={}), 405)


def echo(client, vary):
    """Step 02 still answers."""
    value = {"number": vary.number(), "list": [None, True, vary.text()]}
    expect(client.post("/echo", json=value), 200, {"you_sent": value})
    expect(client.post("/echo", data="{}", content_type="text/plain"), 415)
    expect(client.post("/echo", data="{bad", content_type="application/json"), 400)


def register(client, username, password):
    """Registers a user and gives what the answer tells of it."""
    response = client.post("/api/users", json={"username": username, "password": password})
    wanted = {"message": REGISTERED, "user": {"id": int, "username": username}}
    return expect(response, 201, wanted)["user"]


def users(client, vary):
    """Step 03 still answers."""
    name, password = vary.name(), vary.password()
    user = register(client, name, password)
    expect(client.get("/api/users"), 200, {"users": [user]})
    expect(client.post("/api/users", json={"username": name, "password": password}), 409)
    expect(client.post("/api/users", json={"username": name}), 400, MISSING)
    for body in ("null", "[]"):
        expect(client.post("/api/users", data=body, content_type="application/json"), 400)


def no_secret(response, *secrets):
    """Fails if an answer holds a key "password", one of the secrets or what looks like a hash."""
    text = response.get_data(as_text=True)
    for secret in (*secrets, '"password"', "scrypt:", "pbkdf2:"):
        if secret in text:
            raise Failed(
                "an answer without password or hash",
                f"an answer that holds {secret}",
                "List the fields that everybody may see; never send the whole user.",
            )
