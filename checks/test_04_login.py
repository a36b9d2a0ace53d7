"""Step 04: who is calling? Login, logout and the session cookie."""

import base64
import json
import urllib.parse
import zlib

import pytest

from checks import regression
from checks.regression import MISSING, no_secret, refused, register, same_refusal
from workbook.checking import PROGRAM, Failed, expect, require, todo, waits_for
from workbook.checking.guards import *  # noqa: F403

LOGIN, LOGOUT, ME = "/api/login", "/api/logout", "/api/me"


@pytest.fixture
def ana(client, vary):
    """A registered user, not logged in: {"id", "username", "password"}."""
    name, password = vary.name(), vary.password()
    return {**register(client, name, password), "password": password}


def public(user):
    """What everybody may know of a user."""
    return {"id": user["id"], "username": user["username"]}


def log_in(client, user, **changed):
    """Sends a login; `changed` replaces fields of it."""
    body = {"username": user["username"], "password": user["password"], **changed}
    return client.post(LOGIN, json=body)


def session_cookie(response):
    """The text of the session cookie that an answer sets."""
    for text in reversed(response.headers.getlist("Set-Cookie")):  # a browser keeps the last one
        if text.startswith("session="):
            return text
    raise Failed("a cookie named session", "no such Set-Cookie header", 'Put the id into session["user_id"].')


@regression.steps(3)
def test_earlier_steps_still_work(part, client, new_client, vary):
    """What the steps before built still answers."""
    part(client, new_client, vary)


@todo(1)
def test_app_has_a_secret_key(client, program):
    """The app has a key to sign the session cookie with."""
    client.get("/")
    signs = program.probe("flags")["signs"]
    if not signs:  # the session may be signed in another way
        user = {"username": "ana", "password": "correct horse"}
        client.post("/api/users", json=user)
        signs = "session=" in str(client.post(LOGIN, json=user).headers.getlist("Set-Cookie"))
    require(
        signs,
        "an app with a SECRET_KEY",
        "an app without one",
        'Set app.config["SECRET_KEY"] below the line that makes the app.',
        at=PROGRAM,
    )


@todo(2)
def test_login_answers_200(client, ana):
    """The right password logs in: 200, the lesson's message, the user."""
    wanted = {"message": "Login successful!", "user": public(ana)}
    expect(
        log_in(client, ana),
        200,
        wanted,
        next="check_password_hash(stored_hash, password): hash first, password second. Then message and user.",
    )


@todo(2)
@waits_for("test_login_answers_200")
def test_password_with_blanks_logs_in(client, vary):
    """A password is compared as it was sent, with the blanks around it."""
    name, password = vary.name(), f" {vary.password()} É😀 {vary.password() * 4} "
    user = {**register(client, name, password), "password": password}
    expect(log_in(client, user), 200, next="Trim the username alone: blanks belong to a password.")
    mend = "Compare the whole password, however long it is."
    expect(log_in(client, user, password=f"{password[:-2]}? "), 401, next=mend)


@todo(2)
@waits_for("test_login_answers_200")
def test_login_sets_the_session_cookie(client, ana):
    """A login sets the session cookie, which scripts cannot read."""
    cookie = session_cookie(log_in(client, ana))
    require(
        "httponly" in cookie.lower(),
        "a cookie with HttpOnly",
        cookie,
        "Leave SESSION_COOKIE_HTTPONLY as it is.",
    )


@todo(2)
def test_wrong_password_is_401(client, ana, vary):
    """A wrong password is refused with 401."""
    response = log_in(client, ana, password=vary.password())
    refused(response, 401, next='The status is the answer: return {"error": "..."}, 401.')


@todo(2)
def test_unknown_user_is_401(client, ana, vary):
    """A user that nobody registered is refused with 401."""
    response = log_in(client, ana, username=vary.name())
    refused(response, 401, next="One answer for both: 401 as for a wrong password.")


@todo(2)
@waits_for("test_wrong_password_is_401")
@waits_for("test_unknown_user_is_401")
def test_both_refusals_are_the_same(client, ana, vary):
    """A wrong password and an unknown user get the very same answer."""
    wrong = log_in(client, ana, password=vary.password())
    unknown = log_in(client, ana, username=vary.name())
    same_refusal(wrong, unknown)


@todo(2)
@waits_for("test_login_answers_200")
def test_case_and_password_must_fit(client, ana):
    """A username in other letter case and a password with more around it are refused with 401."""
    expect(log_in(client, ana, username=ana["username"].upper()), 401)
    expect(log_in(client, ana, password=ana["password"] + "x"), 401)
    expect(log_in(client, ana, username=ana["username"].capitalize()), 401)
    expect(log_in(client, ana, username=ana["username"][:-1]), 401)
    expect(log_in(client, ana, username="%"), 401)
    expect(log_in(client, ana, username="(["), 401)
    for password in ("x", "é😀", ana["password"].upper(), ana["password"][:-1], ana["password"] * 5):
        expect(log_in(client, ana, password=password), 401)


@todo(2)
def test_missing_field_is_400(client):
    """A login without username or password is refused with 400."""
    bodies = ({}, {"username": "ana"}, {"password": "long enough"}, {"username": " ", "password": " "})
    whole = {"username": "ana", "password": "long enough"}
    blank = [{**whole, field: value} for field in whole for value in (None, "", " \t")]
    for body in (*bodies, *blank):
        expect(client.post(LOGIN, json=body), 400, MISSING, next="The same test as when registering.")


@todo(2)
def test_body_that_is_no_object_is_400(client):
    """A login that is JSON but no object is refused with 400."""
    mend = "Valid JSON is not always an object: test isinstance(data, dict)."
    for body in ("null", "[]", '"x"', "5", "true", '["x"]'):
        expect(client.post(LOGIN, data=body, content_type="application/json"), 400, next=mend)


@todo(2)
def test_field_that_is_no_text_is_400(client, ana):
    """A username or password that is no text is refused with 400."""
    for field in ("username", "password"):
        for value in (5, 0, True, False, ["a"], [], {"a": 1}, {}):
            refused(log_in(client, ana, **{field: value}), 400, next="Test isinstance(value, str) first.")


@todo(2)
def test_body_that_is_no_json(client, ana):
    """A login of another type is refused with 415, broken or empty JSON with 400."""
    body = json.dumps({"username": ana["username"], "password": ana["password"]})
    form = urllib.parse.urlencode({"username": ana["username"], "password": ana["password"]})
    for kind, data in ((None, body), ("text/plain", body), ("application/x-www-form-urlencoded", form)):
        expect(
            client.post(LOGIN, data=data, content_type=kind), 415, next="Read the body with `request.json`."
        )
    for data in ("{bad", ""):
        expect(client.post(LOGIN, data=data, content_type="application/json"), 400)


@todo(2)
@waits_for("test_login_answers_200")
def test_content_type_with_charset(client, vary):
    """A Content-Type with a charset, or in other letter case, and a body in raw UTF-8, are fine."""
    name, password = f"É {vary.name()}", f"{vary.password()} 😀"
    register(client, name, password)
    body = json.dumps({"username": name, "password": password}, ensure_ascii=False).encode()
    for kind in ("application/json; charset=utf-8", "Application/JSON"):
        expect(client.post(LOGIN, data=body, content_type=kind), 200, {"user": {"username": name}})
    expect(client.post(LOGIN, json={"username": name.lower(), "password": password}), 401)


@todo(2)
@waits_for("test_login_answers_200")
def test_name_is_trimmed(client, ana):
    """Blanks around the username do not matter."""
    expect(
        log_in(client, ana, username=f" {ana['username']} "),
        200,
        {"user": public(ana)},
        next="Trim the name, as when registering.",
    )


@todo(2)
@waits_for("test_login_answers_200")
def test_login_shows_no_secret(client, ana):
    """Neither the answer nor the cookie holds the password or its hash."""
    response = log_in(client, ana)
    no_secret(response, ana["password"])
    text = session_cookie(response).partition("=")[2].partition(";")[0]
    packed, payload = text.startswith("."), text.lstrip(".").partition(".")[0]
    try:
        data = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        data = zlib.decompressobj().decompress(data, 65536) if packed else data
    except (ValueError, zlib.error):
        return  # a cookie that cannot be read shows nothing
    shown = data.decode("utf-8", "replace")
    for secret in (ana["password"], "scrypt:", "pbkdf2:"):
        require(
            secret not in shown,
            "a cookie without password or hash",
            f"the cookie says {shown}",
            "Everybody can read the cookie: put only the id in.",
        )


@todo(3)
def test_logout_answers_200(client):
    """POST /api/logout answers 200 with the lesson's message, also when nobody is logged in."""
    response = client.post(LOGOUT)
    expect(
        response,
        200,
        {"message": "Logout successful!"},
        next="session.clear() works for everybody; del does not.",
    )


@todo(5)
def test_nobody_is_401(client):
    """GET /api/me answers 401 when nobody is logged in."""
    mend = "`current_user()`, with brackets, gives a user or None. For None return an error and 401."
    refused(client.get(ME), 401, next=mend)


@todo(5)
@waits_for("test_login_answers_200")
def test_me_is_who_logged_in(client, ana, vary):
    """GET /api/me tells who is logged in, at each request."""
    other = register(client, vary.name(), vary.password())
    # what a body claims beside name and password counts for nothing
    expect(log_in(client, ana, id=other["id"], user_id=other["id"]), 200, {"user": public(ana)})
    for _ in range(3):
        expect(
            client.get(ME), 200, {"user": public(ana)}, next="Look up the user whose id the session holds."
        )
    no_secret(client.get(ME), ana["password"])


@todo(5)
@waits_for("test_me_is_who_logged_in")
def test_other_clients_are_not_logged_in(client, new_client, ana):
    """A login counts for one client alone."""
    other = new_client()
    expect(log_in(client, ana), 200)
    expect(other.get(ME), 401, next="The session belongs to one browser; a global belongs to all.")
    expect(client.get(ME), 200, {"user": public(ana)})


@todo(5)
@waits_for("test_me_is_who_logged_in")
def test_registering_does_not_log_in(client, ana, vary):
    """Registering logs nobody in."""
    register(client, vary.name(), vary.password())
    expect(client.get(ME), 401)


@todo(5)
@waits_for("test_me_is_who_logged_in")
def test_failed_login_does_not_log_in(client, ana, vary):
    """A refused login logs nobody in."""
    log_in(client, ana, password=vary.password())
    client.post(LOGIN, json={"username": ana["username"]})
    client.post(LOGIN, json={"username": ana["username"], "password": None})
    expect(client.get(ME), 401, next="Touch the session after the password has been checked.")
    bob = {**register(client, vary.name(), vary.password()), "password": vary.password()}
    expect(log_in(client, ana), 200)
    refused(log_in(client, bob), 401, next="Look at the password that was sent, whoever is logged in.")
    answer = client.get(ME)  # the login before may stay or end
    expect(answer, (200, 401), {"user": public(ana)} if answer.status_code == 200 else None)


@todo(5)
@waits_for("test_me_is_who_logged_in")
def test_logout_ends_the_login(client, new_client, ana):
    """After a logout GET /api/me answers 401; other clients stay logged in."""
    other = new_client()
    expect(log_in(client, ana), 200)
    expect(log_in(other, ana), 200)
    mend = "One user may use two browsers: keep the login in the session, not in a list of your own."
    expect(client.get(ME), 200, {"user": public(ana)}, next=mend)
    expect(client.post(LOGOUT), 200, {"message": "Logout successful!"})
    expect(client.get(ME), 401, next="session.clear() ends the login.")
    expect(other.get(ME), 200, {"user": public(ana)}, next="A logout ends the login of this client alone.")
    expect(log_in(client, ana), 200, next="After a logout one may log in again.")
    expect(client.get(ME), 200, {"user": public(ana)}, next="After a logout one may log in again.")


@todo(5)
@waits_for("test_me_is_who_logged_in")
def test_second_login_replaces_the_first(client, ana, vary):
    """Another user who logs in on the same client takes the first one's place."""
    name, password = vary.name(), vary.password()
    bob = {**register(client, name, password), "password": password}
    expect(log_in(client, ana), 200)
    expect(log_in(client, bob), 200, {"user": public(bob)})
    expect(client.get(ME), 200, {"user": public(bob)})
    for _ in range(2):
        expect(client.post(LOGOUT), 200, {"message": "Logout successful!"})
        expect(client.get(ME), 401, next="A logout ends every login of this client.")


@todo(5)
@waits_for("test_me_is_who_logged_in")
def test_the_last_of_many_is_like_the_first(client, new_client, ana, vary):
    """Any number of users log in, each on a client of their own, and refused logins block nobody."""
    users = [ana]
    for _ in range(11):
        name, password = vary.name(), vary.password()
        users.append({**register(client, name, password), "password": password})
    for _ in range(6):
        expect(log_in(client, ana, password=vary.password()), 401)
    browsers = [(new_client(), users[0]), (new_client(), users[-1]), (new_client(), users[1])]
    for browser, user in browsers:
        mend = "Look for the user among all, and block nobody after refused logins."
        expect(log_in(browser, user), 200, {"user": public(user)}, next=mend)
        expect(log_in(client, user, username=vary.name()), 401)
    for browser, user in browsers * 2:
        mend = "Each client has a session of its own: keep no user in a global."
        expect(browser.get(ME), 200, {"user": public(user)}, next=mend)
        expect(browser.get("/nope"), 404)
    mend = "A login changes nothing in the list of users."
    expect(client.get("/api/users"), 200, {"users": [public(user) for user in users]}, next=mend)


@todo(5)
@waits_for("test_me_is_who_logged_in")
def test_refused_requests_change_no_login(client, ana, vary):
    """A second registration of a name, or a refused login, leaves password and names as they were."""
    password, free = vary.password(), vary.name()
    refused(client.post("/api/users", json={"username": ana["username"], "password": password}), 409)
    expect(client.get(ME), 401)
    mend = "Change nothing before the name is known to be free."
    refused(log_in(client, ana, password=password), 401, next=mend)
    refused(log_in(client, ana, username=free), 401)
    register(client, vary.name(), password)
    refused(
        log_in(client, ana, password=password), 401, next="Ask for this user's password, not for anybody's."
    )
    for _ in range(2):
        expect(log_in(client, ana), 200, {"user": public(ana)})
    refused(client.post("/api/users", json={"username": ana["username"], "password": password}), 409)
    expect(client.get(ME), 200, {"user": public(ana)})
    alike = {**register(client, ana["username"].capitalize(), password), "password": password}
    expect(log_in(client, alike), 200, {"user": public(alike)})
    expect(client.get(ME), 200, {"user": public(alike)})
    register(client, free, password)


@todo(5)
@waits_for("test_me_is_who_logged_in")
def test_forged_cookie_is_401(client, new_client, ana):
    """A cookie whose signature does not fit counts as none."""
    value = session_cookie(log_in(client, ana)).partition("=")[2].partition(";")[0]
    payload, _, signature = value.rpartition(".")
    forged = f"{payload}.{'A' if signature[:1] != 'A' else 'B'}{signature[1:]}"
    mend = "Trust nothing but Flask's own session, which checks the signature."
    cookies = [("session", text) for text in (forged, "abc", str(ana["id"]), ana["username"])]
    cookies += [(name, str(ana["id"])) for name in ("user_id", "uid", "username", "user")]
    for name, text in cookies:
        stranger = new_client()
        stranger.set_cookie(name, text, domain="localhost")
        expect(stranger.get(ME), 401, next=mend)
    mend = "The session alone tells who is calling: no header and no query string."
    claims = base64.b64encode(f"{ana['username']}:x".encode()).decode()
    for headers in ({"X-User-Id": str(ana["id"])}, {"Authorization": f"Basic {claims}"}):
        expect(new_client().get(ME, headers=headers), 401, next=mend)
    expect(new_client().get(f"{ME}?user_id={ana['id']}&id={ana['id']}"), 401, next=mend)


@todo(5)
@waits_for("test_me_is_who_logged_in")
def test_a_login_changes_no_other_answer(client, ana, vary):
    """What was built before answers somebody who is logged in as it answers everybody."""
    bob = register(client, vary.name(), vary.password())
    expect(log_in(client, ana), 200)
    mend = "Who is logged in matters to GET /api/me alone."
    expect(client.get("/"), 200, {"message": "Welcome to the Social Media API!"}, next=mend)
    expect(client.get("/api/health"), 200, {"status": "ok"}, next=mend)
    expect(client.post("/echo", json=[1]), 200, {"you_sent": [1]}, next=mend)
    got = expect(client.get("/api/users"), 200, {"users": [public(ana), public(bob)]}, next=mend)
    require(len(got["users"]) == 2, "both users", f"{len(got['users'])} users", mend)
    register(client, vary.name(), vary.password())
    expect(client.get(ME), 200, {"user": public(ana)}, next="Registering changes no login.")
    refused(client.post("/api/users", json={"username": ana["username"], "password": vary.password()}), 409)
    expect(client.post("/api/users", json={}), 400)
    expect(client.get(ME), 200, {"user": public(ana)}, next="A refused request changes no login.")
