"""Step 11: every bad request gets a clear answer in JSON, and none gets a 500."""

import json

import pytest

from checks import regression
from checks.regression import CREATED, MISSING, member, no_secret, register, write
from workbook.checking import TEXT, expect, require, target, todo, waits_for
from workbook.checking.guards import *  # noqa: F403

pytestmark = target("social_api.app:create_app")

USERS, LOGIN, POSTS, ECHO = "/api/users", "/api/login", "/api/posts", "/echo"
LIMIT = 16_384  # bytes of a body
HANDLER = "One @app.errorhandler(HTTPException) turns all of Flask's error pages into JSON."
ACCOUNTS, CONTENTS = ("register", "login"), ("create", "update")
STORE_LAST = "Check everything first, store last."


@pytest.fixture
def ana(client, vary):
    """A user who is logged in on `client` and has written `post`."""
    return {**member(client, vary), "post": write(client, vary.text())}


@pytest.fixture
def readers(ana, vary):
    """What reads a JSON body: {name: (method, path, a body that it accepts)}."""
    login = {"username": ana["username"], "password": ana["password"]}
    account = {"username": vary.name(), "password": vary.password()}
    return {
        "register": ("POST", USERS, account),
        "login": ("POST", LOGIN, login),
        "create": ("POST", POSTS, {"content": vary.text()}),
        "update": ("PUT", f"{POSTS}/{ana['post']['id']}", {"content": vary.text()}),
        "echo": ("POST", ECHO, {"text": vary.text()}),
    }


def send(client, method, path, body=None, **options):
    """A request with a JSON body, or with the text that `data` gives as one."""
    if "data" in options:
        options = {"content_type": "application/json", **options}
        return client.open(path, method=method, **options)
    return client.open(path, method=method, json=body, **options)


def refused(response, status, next=HANDLER, error=TEXT):
    """Fails unless an answer is an error in JSON, whole and said to be JSON."""
    if response.status_code == status and response.data[:14].lower() == b"<!doctype html":
        next = HANDLER
    expect(response, status, {"error": error}, next=next)
    require(
        response.mimetype == "application/json",
        f"{response.status_code} with the Content-Type application/json",
        f"{response.status_code} with the Content-Type {response.content_type}",
        'Set response.content_type = "application/json".',
    )
    length, real = response.headers.get("Content-Length"), len(response.data)
    require(
        length is None or length == str(real),
        f"{response.status_code} with a body of {real} bytes and a Content-Length that says so",
        f"Content-Length: {length}, so a client reads another number of bytes",
        "Give the body to response.data (or set_data): it counts the bytes again.",
    )


def padded(body, size):
    """An object as JSON of exactly `size` bytes; a field that nobody reads fills it up."""
    text = json.dumps({**body, "padding": ""})
    return json.dumps({**body, "padding": "x" * (size - len(text))})


def unchanged(client, ana, next):
    """Fails unless the only user and the only post are still those of the beginning."""
    name, post = ana["username"], ana["post"]
    expect(client.get(USERS), 200, {"users": [{"username": name}], "total": 1}, next=next)
    wanted = {"posts": [{"id": post["id"], "content": post["content"]}], "total": 1}
    expect(client.get(POSTS), 200, wanted, next=next)


def as_sent(got, sent):
    """Fails unless a text came back as it was sent, but for the blanks around it."""
    require(
        got == sent.strip(),
        f"the text that was sent, trimmed, with {len(sent.strip())} characters",
        f"another text with {len(got)} characters",
        "Store what was sent: trim it, and change or cut nothing else.",
    )


@regression.steps(10)
def test_earlier_steps_still_work(part, client, new_client, vary):
    """What the steps before built still answers."""
    part(client, new_client, vary)


def test_data_survive_a_restart(program, client, new_client, vary):
    """Users and posts survive a restart, no file holds a password, and a lost race is a 409."""
    regression.stored(program, client, new_client, vary)


def test_what_the_contract_allows_is_accepted(client, vary):
    """No rule is stricter: signs, emoji and further fields are fine."""
    mend = "Check the type and the number of characters, and nothing else."
    word = vary.name()
    for name, password in (
        (f"{word} o'Neill-Ü_9 100%", "12345678"),
        (f"<b>{word}</b>", "aaaaaaaa"),
        (f"😀.{word}@example.org", "        x"),
        (f"{word} {word}", f"{word} {word}"),
    ):
        user = {"username": name, "password": password}
        response = client.post(USERS, json={**user, "id": 7, "admin": True, "age": None})
        expect(response, 201, {"user": {"username": name}}, next=mend)
        body = json.dumps({**user, "remember": 1})
        response = send(client, "POST", LOGIN, data=body, content_type="application/json; charset=utf-8")
        expect(response, 200, next=mend)
    content = f"<i>{word}</i> &amp; it's 100 % \\ of {{x}};\n😀 -- ñ"
    response = client.post(POSTS, json={"content": content, "author": 5, "id": "x", "created_at": []})
    post = expect(response, 201, {"message": CREATED, "post": {"content": content}}, next=mend)["post"]
    body = json.dumps({"content": content[::-1], "user_id": None}, ensure_ascii=False).encode()
    response = client.put(f"{POSTS}/{post['id']}", data=body, content_type="Application/JSON; charset=utf-8")
    expect(response, 200, {"post": {"content": content[::-1]}}, next=mend)


def test_errors_of_the_views_are_json(client, new_client, ana, vary):
    """Each 401, 403, 404 and 409 is JSON with an error."""
    guest, other = new_client(), new_client()
    member(other, vary)
    body = {"content": vary.text()}
    own, unknown = f"{POSTS}/{ana['post']['id']}", f"{POSTS}/{ana['post']['id'] + 1000}"
    nobody = f"{USERS}/{ana['id'] + 1000}"
    for browser, status, method, path in (
        (guest, 401, "GET", "/api/me"),
        (guest, 401, "DELETE", "/api/me"),
        (guest, 401, "POST", POSTS),
        (guest, 401, "PUT", own),
        (guest, 401, "DELETE", own),
        (guest, 401, "PUT", unknown),
        (other, 403, "PUT", own),
        (other, 403, "DELETE", own),
        (guest, 404, "GET", unknown),
        (client, 404, "PUT", unknown),
        (client, 404, "DELETE", unknown),
        (guest, 404, "GET", f"{POSTS}/{10**20}"),
        (client, 404, "PUT", f"{POSTS}/{2**63}"),
        (client, 404, "DELETE", f"{POSTS}/{2**31 + 5}"),
        (guest, 404, "GET", nobody),
        (guest, 404, "GET", f"{nobody}/posts"),
        (guest, 404, "GET", f"{USERS}/{10**20}"),
        (guest, 404, "GET", f"{USERS}/{2**63}/posts"),
    ):
        response = browser.open(path, method=method, json=None if method == "GET" else body)
        refused(response, status, next=f'return {{"error": "..."}}, {status}, or abort({status}).')
    taken = {"username": ana["username"], "password": ana["password"]}
    for response in (
        refused_with(client, 409, USERS, taken),
        refused_with(guest, 401, LOGIN, {**taken, "password": vary.password()}),
        refused_with(guest, 401, LOGIN, {**taken, "username": vary.name()}),
    ):
        no_secret(response, ana["password"])


def refused_with(client, status, path, body):
    """The answer to a POST, which must be an error with this status."""
    response = client.post(path, json=body)
    refused(response, status, next=f'return {{"error": "..."}}, {status}, or abort({status}).')
    return response


def test_login_comes_before_the_body(client, new_client, ana, vary):
    """401, 404 and 403 come before any fault of the body."""
    guest, other = new_client(), new_client()
    member(other, vary)
    own, unknown = f"{POSTS}/{ana['post']['id']}", f"{POSTS}/{ana['post']['id'] + 1000}"
    mend = "Read the body last, after the login, the post and its author have been checked."
    for data, kind in (
        ("{bad", "application/json"),
        ("[]", "application/json"),
        ('{"content": 5}', "application/json"),
        (json.dumps({"content": "x" * 256}), "application/json"),
        ('{"content": "x"}', "text/plain"),
    ):
        for browser, status, method, path in (
            (guest, 401, "POST", POSTS),
            (guest, 401, "PUT", own),
            (other, 404, "PUT", unknown),
            (other, 403, "PUT", own),
        ):
            response = browser.open(path, method=method, data=data, content_type=kind)
            expect(response, status, {"error": TEXT}, next=mend)
    big = padded({"content": vary.text()}, 20_000)
    for browser, status, method, path in (
        (guest, 401, "POST", POSTS),
        (guest, 401, "PUT", own),
        (other, 404, "PUT", unknown),
        (other, 403, "PUT", own),
    ):
        expect(send(browser, method, path, data=big), status, {"error": TEXT}, next=mend)


@todo(1)
def test_unknown_address_is_404_in_json(client, vary):
    """An unknown address is 404 in JSON, in /api and outside of it."""
    name = vary.name()
    mend = "error.get_response() makes a response that has the status already: return that."
    for method, path in (
        ("GET", f"/{name}"),
        ("GET", f"/api/{name}"),
        ("POST", f"/{name}/{name}"),
        ("DELETE", f"/api/{name}"),
        ("GET", f"{POSTS}/{name}"),
        ("GET", f"{POSTS}/-1"),
        ("GET", f"{USERS}/{name}"),
        ("GET", f"{USERS}/{name}/posts"),
        ("GET", f"/static/{name}.css"),
    ):
        refused(client.open(path, method=method), 404, next=mend)
    page = client.get(f"/{name}", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    expect(page, 404, {"error": TEXT}, next="Answer in JSON to browsers, too: do not look at Accept.")


@todo(1)
def test_wrong_method_is_405_in_json(client):
    """A method that an address does not know is 405 in JSON, with Allow."""
    for method, path, allowed in (
        ("GET", ECHO, ["POST"]),
        ("POST", "/", ["GET"]),
        ("PUT", LOGIN, ["POST"]),
        ("PATCH", f"{POSTS}/1", ["DELETE", "GET", "PUT"]),
        ("DELETE", "/api/health", ["GET"]),
    ):
        response = client.open(path, method=method)
        refused(response, 405)
        allow = ",".join(response.headers.getlist("Allow"))
        found = {name.strip() for name in allow.split(",")}
        require(
            found >= set(allowed),
            f"405 and a header Allow with {', '.join(allowed)}",
            f"405 and {f'Allow: {allow}' if allow else 'no header Allow'}",
            "Change the body of error.get_response() and return that: a new answer has lost the headers.",
        )


@todo(1)
def test_other_content_type_is_415_in_json(client, ana, readers):
    """A body that is not said to be JSON is refused with 415 in JSON."""
    mend = "Read the body with `request.json`, without force or silent."
    for kind in ("text/plain", "application/x-www-form-urlencoded", None):
        for method, path, body in readers.values():
            refused(client.open(path, method=method, data=json.dumps(body), content_type=kind), 415, mend)
    unchanged(client, ana, mend)


@todo(1)
def test_broken_json_is_400_in_json(client, ana, readers):
    """Broken or empty JSON is refused with 400 in JSON."""
    mend = "Let `request.json` refuse it with 400; catch no Exception around it."
    for method, path, body in readers.values():
        text = json.dumps(body)
        for data in (text[:-1], "", text.replace('"', "'"), f"{text[:-1]},}}", text + text):
            refused(send(client, method, path, data=data), 400, mend)
    unchanged(client, ana, mend)


def test_odd_requests_are_no_500(client, new_client, ana, readers, vary):
    """Odd bytes, cookies and page numbers are not answered with 500."""
    for method, path, _ in readers.values():
        data = b'{"username": "\xff\xfe", "password": "\xe9\xe8 long enough", "content": "\xe9"}'
        # the login on a client of its own: who reads odd bytes as text logs the new user in
        browser = new_client() if path == LOGIN else client
        response = send(browser, method, path, data=data)
        mend = "Let `request.json` read the bytes: it answers 400 when they are no UTF-8."
        expect(response, (200, 201, 400, 401), next=mend)
    mend = "Find out which input your view did not expect, and refuse it."
    for query in (
        f"page={10**20}",
        "page=%FF",
        f"per_page=-{10**20}",
        "page[]=1",
        "author=%FF%25'",
        "page=%C2%B2",
    ):
        expect(client.get(f"{POSTS}?{query}"), 200, {"posts": list}, next=mend)
    for path in (POSTS, USERS, f"{USERS}/{ana['id']}/posts"):
        for query in (f"page={10**20}", f"page={'9' * 5000}", f"per_page={'9' * 5000}"):
            expect(client.get(f"{path}?{query}"), 200, {"total": int}, next=mend)
    odd = client.post(ECHO, data=b'{"a": 1}', content_type="application/json; charset=bogus")
    expect(odd, (200, 400, 415), next="Let `request.json` read the body, whatever its charset is called.")
    stranger = new_client()
    stranger.set_cookie("session", f"{vary.name()}.x.y", domain="localhost")
    expect(stranger.get("/api/me"), 401, {"error": TEXT}, next=mend)


def test_body_that_is_no_object_is_400(client, readers):
    """A body that is JSON but no object is refused with 400 in JSON."""
    mend = 'abort(400, description="...") in json_object(); TODO 1 makes JSON of it.'
    for name in ACCOUNTS + CONTENTS:
        method, path, body = readers[name]
        for value in (None, [], [body], "", "text", 5, 0, True, False):
            refused(send(client, method, path, data=json.dumps(value)), 400, mend)


def test_missing_field_has_the_lesson_text(client, ana, readers):
    """A field absent, null or blank is 400 and exactly "Missing fields"."""
    mend = "Absent, null and blank are all missing: the text is Missing fields, without the field's name."
    for name in ACCOUNTS + CONTENTS:
        method, path, body = readers[name]
        refused(send(client, method, path, {}), 400, mend, "Missing fields")
        for field in body:
            rest = {key: value for key, value in body.items() if key != field}
            refused(send(client, method, path, rest), 400, mend, "Missing fields")
            for value in (None, "", " ", "\t\n", " " * 9):
                refused(send(client, method, path, {**rest, field: value}), 400, mend, "Missing fields")
    unchanged(client, ana, STORE_LAST)


@todo(3)
@pytest.mark.parametrize("names", [ACCOUNTS, CONTENTS], ids=["accounts", "posts"])
def test_field_that_is_no_text_is_named(client, ana, readers, names):
    """A field that is no text is 400, and the error names it."""
    for method, path, body in (readers[name] for name in names):
        for field in body:
            mend = f"Neither text nor null: put the field's name, {field}, into the error."
            for value in (5, 0, 1.5, True, False, [], {}, {"a": "b"}):
                response = send(client, method, path, {**body, field: value})
                refused(response, 400, mend)
                error = response.json["error"]
                if path == LOGIN and error == MISSING["error"]:
                    continue  # the contract's row of the login gives this text alone
                wanted = f'400 {{"error": a text with the word {field}}}'
                require(field in error.lower(), wanted, f'400 {{"error": "{error}"}}', mend)
    unchanged(client, ana, STORE_LAST)


def test_borders_of_an_account_are_accepted(client, vary):
    """Usernames of 1 to 80 and passwords of 8 to 128 are accepted."""
    mend = "1 to 80 characters after strip(), and 8 to 128, blanks too; len() counts characters."
    long = vary.name() + "x" * 150
    for name, password in (
        (long[0], long[:8]),
        (long[:80], long[1:8] + " "),
        (f"  {long[1:81]}\t ", long[:128]),
        ("😀" * 80, "😀" * 8),
        (f"{long[0]} {'é' * 77}.", "😀" * 128),
        (long[2:40], f"  {long[:124]}  "),
    ):
        user = {"username": name, "password": password}
        answer = expect(client.post(USERS, json=user), 201, {"user": {"username": TEXT}}, next=mend)
        as_sent(answer["user"]["username"], name)
        whole = "Compare the whole password at login."
        expect(client.post(LOGIN, json=user), 200, next=whole)
        expect(client.post(LOGIN, json={**user, "password": f"{password[:-1]}?"}), 401, next=whole)
        if len(password) == 128:
            expect(client.post(LOGIN, json={**user, "password": f"{password}?"}), (400, 401), next=whole)


def test_password_is_kept_exactly(client, vary):
    """Blanks around a password belong to it, at login too."""
    for before, after in (("  ", "  "), ("", "\t"), (" ", ""), ("", "")):
        inner = vary.password()
        user = {"username": vary.name(), "password": before + inner + after}
        mend = "Trim the username and the content; leave the password as it is: no strip(), no lower()."
        expect(client.post(USERS, json=user), 201, next=mend)
        for wrong in {inner, f" {before}{inner}{after} ", user["password"].upper()} - {user["password"]}:
            expect(client.post(LOGIN, json={**user, "password": wrong}), 401, {"error": TEXT}, next=mend)
        expect(client.post(LOGIN, json=user), 200, next=mend)


def test_login_knows_no_limits(client, ana, vary):
    """A login with a wrong password is 401, however short it is."""
    user = {"username": ana["username"]}
    for password in ("x", ana["password"][:7], "       x") * 4:
        mend = "The limits are for those who register; call text() without limits at login, and block nobody."
        expect(client.post(LOGIN, json={**user, "password": password}), 401, {"error": TEXT}, next=mend)
    for long in ({**user, "password": "x" * 129}, {"username": "x" * 300, "password": vary.password()}):
        expect(client.post(LOGIN, json=long), (400, 401), {"error": TEXT})


@todo(4)
def test_long_username_is_refused(client, vary):
    """A username of more than 80 characters is refused with 400."""
    long = vary.name() + "x" * 1000
    mend = "Refuse a username when len(username) > 80; TODO 4 does it for every text."
    for name in (long[:81], long[:1000], "😀" * 81, f" {long[:40]}  {long[:39]} "):
        refused(client.post(USERS, json={"username": name, "password": vary.password()}), 400, mend)
    expect(client.get(USERS), 200, {"users": []}, next=STORE_LAST)


@todo(4)
def test_short_password_is_refused(client, vary):
    """A password of less than 8 characters is refused with 400."""
    name = vary.name()
    mend = "Refuse a password when len(password) < 8: characters, not bytes."
    for password in (vary.password()[:7], "x", "      x", "😀" * 7):
        response = client.post(USERS, json={"username": name, "password": password})
        refused(response, 400, mend)
    expect(client.get(USERS), 200, {"users": []}, next=STORE_LAST)
    register(client, name, vary.password())


@todo(4)
def test_long_password_is_refused(client, vary):
    """A password of more than 128 characters is refused with 400."""
    name, long = vary.name(), vary.password() * 40
    mend = "Refuse a password when len(password) > 128, and trim it nowhere."
    for password in (long[:129], f" {long[:127]} ", long[:500], "😀" * 129):
        response = client.post(USERS, json={"username": name, "password": password})
        refused(response, 400, mend)
    expect(client.get(USERS), 200, {"users": []}, next=STORE_LAST)
    register(client, name, vary.password())


def test_content_has_1_to_255_characters(client, ana, readers, vary):
    """POST and PUT take a content of 1 to 255 characters, no longer one."""
    mend = "1 to 255 characters after strip(), both included; len() counts characters."
    long = f"{vary.text()} " + "x" * 300
    for method, path, _ in (readers[name] for name in CONTENTS):
        for content in (long[:256], "😀" * 256, f" {long[:128]}\n {long[:128]} ", long * 4):
            refused(send(client, method, path, {"content": content}), 400, mend)
    unchanged(client, ana, STORE_LAST)
    for method, path, _ in (readers[name] for name in CONTENTS):
        for content in (long[0], long[:255], "😀" * 255, f"   {long[:255]}\n\t "):
            response = send(client, method, path, {"content": content})
            answer = expect(response, (200, 201), {"post": {"content": TEXT}}, next=mend)
            as_sent(answer["post"]["content"], content)


def test_body_of_16384_bytes_is_read(client, readers):
    """A body of 16384 bytes is not too large."""
    mend = "The limit is 16 * 1024 bytes, and 16384 bytes are still allowed."
    text = "x" * (LIMIT - 2)
    expect(send(client, "POST", ECHO, data=f'"{text}"'), 200, {"you_sent": text}, next=mend)
    for method, path, body in readers.values():
        expect(send(client, method, path, data=padded(body, LIMIT)), (200, 201), next=mend)


@todo(5)
def test_larger_body_is_413_in_json(client, ana, readers):
    """A body of more than 16384 bytes is refused with 413 in JSON."""
    mend = 'app.config["MAX_CONTENT_LENGTH"] = 16 * 1024: Flask answers 413 by itself.'
    echo = json.dumps("é" * 9000, ensure_ascii=False).encode()
    refused(send(client, "POST", ECHO, data=f'"{"x" * (LIMIT - 1)}"'), 413, mend)
    refused(send(client, "POST", ECHO, data=echo), 413, mend)
    for name in ("register", "login", "create", "update"):
        method, path, body = readers[name]
        for size in (LIMIT + 1, 20_000, 100_000):
            refused(send(client, method, path, data=padded(body, size)), 413, mend)
    unchanged(client, ana, mend)
    method, path, body = readers["create"]
    expect(send(client, method, path, body), 201)


CRASHES = [
    ("GET", "/", None),
    ("GET", USERS, None),
    ("GET", POSTS, None),
    ("POST", ECHO, {"a": 1}),
    ("POST", LOGIN, {"username": "ana", "password": "long enough"}),
]


def test_a_crash_is_500_in_json(client, program, vary):
    """When a view fails, the answer is 500 with an error in JSON."""
    mend = "Keep the handler for 500 on the app; it answers for every blueprint."
    for method, path, body in CRASHES:
        program.probe("fail_inside", text=f"made to fail, {vary.text()}")
        refused(send(client, method, path, body), 500, mend)
    program.probe("fail_inside", text=f"made to fail, {vary.text()}")
    response = client.get("/", headers={"Accept": "text/html"})
    refused(response, 500, "A browser gets JSON, too: this is an API.")
    expect(client.get("/"), 200)


@todo(6)
@waits_for("test_a_crash_is_500_in_json")
def test_a_crash_tells_nothing(client, program, vary):
    """When a view fails, the answer tells nothing of the exception."""
    for method, path, body in CRASHES:
        text = f"made to fail, {vary.text()} {vary.number()}"
        program.probe("fail_inside", text=text)
        tells_nothing(send(client, method, path, body), text, *text.split(", "), "RuntimeError")


@todo(6)
@waits_for("test_a_crash_is_500_in_json")
def test_a_broken_database_tells_nothing(client, program, ana):
    """When the database fails, the answer tells nothing of it."""
    expect(client.get(POSTS), 200)
    expect(client.get(USERS), 200)
    words = ("OperationalError", "no such table", "[SQL:", "sqlite", "sqlalchemy")
    own, content = f"{POSTS}/{ana['post']['id']}", {"content": "secret words"}
    program.probe("execute", statement='DROP TABLE "post"')
    for method, path, body in (
        ("POST", POSTS, content),
        ("GET", own, None),
        ("PUT", own, content),
        ("DELETE", own, None),
        ("GET", f"{USERS}/{ana['id']}", None),
        ("GET", f"{USERS}/{ana['id']}/posts", None),
        ("DELETE", "/api/me", None),
    ):
        response = send(client, method, path, body)
        if response.status_code >= 500:  # the tables may be made again, and an answer may need none
            tells_nothing(response, *words, content["content"])
    program.probe("execute", statement='DROP TABLE IF EXISTS "post"')
    program.probe("execute", statement='DROP TABLE "user"')
    account = {"username": "ana", "password": "long enough"}
    for method, path, body in (
        ("GET", POSTS, None),
        ("GET", USERS, None),
        ("POST", LOGIN, account),
        ("POST", USERS, account),
    ):
        response = send(client, method, path, body)
        if response.status_code not in (200, 201, 401):  # as when a program makes the tables again
            tells_nothing(response, *words)


def tells_nothing(response, *secrets):
    """Fails if an answer to a fault of the program holds one of the texts, or a traceback."""
    shown = response.get_data(as_text=True) + str(response.headers)
    found = [text for text in (*secrets, "Traceback", ".py") if text.lower() in shown.lower()]
    require(
        not found,
        "an error that tells nothing of the exception",
        f"an error with {', '.join(found)}",
        f'The answer holds "{(found or [""])[0]}". Return one fixed sentence and 500: '
        "what went wrong is for the log alone.",
    )
    refused(response, (500, 503), "A fault of the program is 500 with an error in JSON.")


def test_race_for_a_name_is_409(program, client, vary):
    """Of two registrations of one name at the same moment the later one is refused with 409, not 500."""
    body = {"username": vary.name(), "password": vary.password()}
    program.probe("race", table="user")
    response = client.post(USERS, json=body)
    if program.probe("raced"):
        mend = "Keep try: db.session.commit() with except IntegrityError: rollback, then 409."
        refused(response, 409, mend)
