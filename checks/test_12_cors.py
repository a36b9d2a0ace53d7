"""Step 12: which pages may read the answers, and with whose login? CORS, preflights and SameSite."""

import pytest

from checks import regression
from checks.regression import member, write
from workbook.checking import TEXT, Failed, expect, require, target, todo, waits_for, words
from workbook.checking.guards import *  # noqa: F403

pytestmark = target("social_api.app:create_app")

PAGE = "http://localhost:8080"
ORIGIN, CREDENTIALS = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
METHODS, HEADERS = "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"
JSON = "application/json"

# what begins, ends or looks like the page's origin and is another one
LOOKALIKES = [
    "null",
    "http://localhost:80800",
    "http://localhost:808",
    "http://localhost",
    "http://localhost:3000",
    "http://localhost:4200",
    "http://localhost:5173",
    "http://localhost:5500",
    "http://localhost:8000",
    "http://127.0.0.1:5500",
    "https://localhost:8080",
    "http://127.0.0.1:8080",
    "http://xlocalhost:8080",
    "http://www.localhost:8080",
    "http://localhost.evil.example:8080",
    "http://localhost:8080.evil.example",
    "http://localhost:8080@evil.example",
    "http://x@localhost:8080",
    "http://evil.example/?http://localhost:8080",
]

# a configuration that lists two origins, and not the page's
ONE, _, OTHER = LISTED = ["http://localhost:3000", "http://pages.example", "https://social.example:8443"]
two_origins = target("social_api.app:create_app", config={"CORS_ORIGINS": LISTED})
NOT_LISTED = [
    PAGE,
    "https://localhost:3000",
    "http://social.example:8443",
    "https://socialxexample:8443",
    "https://social.example",
    "http://localhost:3000.evil.example",
    "null",
]


def ask(client, method, path, origin=PAGE, **options):
    """Sends a request as the browser of a page with this origin does."""
    headers = {"Origin": origin, **options.pop("headers", {})}
    return client.open(path, method=method, headers=headers, **options)


def preflight(client, method, path, origin=PAGE):
    """Asks as a browser does before it sends JSON, or a PUT or DELETE, to another origin: without cookies."""
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type"}
    return ask(client, "OPTIONS", path, origin, headers=asked)


def entries(response, name):
    """What the headers of one name list, in lower case."""
    return {part.strip().lower() for text in response.headers.getlist(name) for part in text.split(",")}


def shown(response, name):
    """Status and header of an answer, for a report."""
    values = response.headers.getlist(name)
    return f"{response.status_code} " + (f"with {name}: {', '.join(values)}" if values else f"without {name}")


def named(response, origin=PAGE, next=None):
    """Fails unless an answer allows its page to read it: the header is there once, with this very origin."""
    got = response.headers.getlist(ORIGIN)
    if "*" in got:
        next = "Name the origin: where cookies are used, no browser takes a *."
    elif len(got) > 1:
        next = "A browser wants the header once. Set it in one place only."
    elif got and "," in got[0]:
        next = "A browser takes one origin, no list: name the one that asks."
    elif got and got[0].rstrip("/") == origin:
        next = "An origin ends with its port. Take the slash away."
    wanted = f"{response.status_code} with {ORIGIN}: {origin}"
    require(got == [origin], wanted, shown(response, ORIGIN), next)


def not_named(response, origin):
    """Fails if an answer allows a page of this origin, or of any, to read it."""
    got = response.headers.getlist(ORIGIN)
    found = {part for value in got for part in value.replace(",", " ").split()} | set(got)
    if found & {origin, "*"}:
        raise Failed(
            f"{response.status_code} for the origin {origin}, with no header that names it",
            shown(response, ORIGIN),
            'Name an origin only if it equals one of app.config["CORS_ORIGINS"].',
        )


def varies(response):
    """Fails unless an answer tells caches that it depends on the origin."""
    require(
        entries(response, "Vary") & {"origin", "*"},
        f"{response.status_code} with Vary: Origin, since several origins are listed",
        shown(response, "Vary"),
        'The answer depends on who asks, so a cache must be told: response.vary.add("Origin").',
    )


def with_credentials(response, next="Give CORS supports_credentials=True."):
    """Fails unless an answer lets its page use the session cookie."""
    got = response.headers.getlist(CREDENTIALS)
    if got and got[0].lower() == "true":
        next = "The value is true, in small letters and once."
    wanted = f"{response.status_code} with {CREDENTIALS}: true"
    require(got == ["true"], wanted, shown(response, CREDENTIALS), next)


def advice(program):
    """What to try when the page's origin is not named, as far as the configuration tells."""
    listed = program.probe("config", names=["CORS_ORIGINS"])["CORS_ORIGINS"]
    text = str(listed)
    if isinstance(listed, str) and "," in listed:
        return f'CORS_ORIGINS is one text. Write a list: ["{PAGE}", "..."].'
    if listed is None:
        return 'Set app.config["CORS_ORIGINS"] to a list with this origin, and call CORS(app, ...).'
    if f"{PAGE}/" in text:
        return "An origin ends with its port. Take the slash away."
    if "127.0.0.1" in text:
        return "127.0.0.1 and localhost are two origins. Write localhost, as in the page's address."
    if PAGE not in text:
        return f"CORS_ORIGINS is {text[:60]}. List {PAGE} in it."
    return "CORS(app, origins=...) adds it to every answer. Leave resources away: it means all paths."


def everything(client, vary):
    """One request to each endpoint, (method, path, JSON); the client gets logged in and owns a post."""
    user, post = member(client, vary), write(client, vary.text())
    login = {"username": user["username"], "password": user["password"]}
    content = {"content": vary.text()}
    return [
        ("GET", "/", None),
        ("HEAD", "/", None),
        ("GET", "/api/health", None),
        ("POST", "/echo", content),
        ("POST", "/api/users", {"username": vary.name(), "password": vary.password()}),
        ("GET", "/api/users?per_page=1", None),
        ("GET", f"/api/users/{user['id']}", None),
        ("GET", f"/api/users/{user['id']}/posts", None),
        ("GET", "/api/me", None),
        ("POST", "/api/posts", content),
        ("GET", "/api/posts", None),
        ("GET", f"/api/posts/{post['id']}", None),
        ("PUT", f"/api/posts/{post['id']}", content),
        ("DELETE", f"/api/posts/{post['id']}", None),
        ("POST", "/api/login", login),
        ("DELETE", "/api/me", None),
        ("POST", "/api/logout", None),
    ]


def every_error(new_client, vary):
    """One request to each kind of refusal: (client, method, path, options, status)."""
    ana, bob, guest = new_client(), new_client(), new_client()
    user, _ = member(ana, vary), member(bob, vary)
    post = write(ana, vary.text())["id"]
    login = {"username": user["username"], "password": user["password"]}
    return [
        (guest, "POST", "/api/users", {"data": "{bad", "content_type": JSON}, 400),
        (guest, "POST", "/api/login", {"json": {}}, 400),
        (guest, "GET", "/api/me", {}, 401),
        (guest, "POST", "/api/login", {"json": {**login, "password": vary.password()}}, 401),
        (guest, "POST", "/api/posts", {"json": {"content": vary.text()}}, 401),
        (bob, "DELETE", f"/api/posts/{post}", {}, 403),
        (bob, "PUT", f"/api/posts/{post + 1000}", {"json": {"content": vary.text()}}, 404),
        (guest, "GET", f"/api/posts/{post + 1000}", {}, 404),
        (guest, "GET", "/api/nope", {}, 404),
        (guest, "GET", "/nope", {}, 404),
        (guest, "GET", "/echo", {}, 405),
        (guest, "PATCH", "/api/posts", {"json": {}}, 405),
        (guest, "POST", "/api/users", {"json": login}, 409),
        (guest, "POST", "/api/users", {"json": {**login, "password": "x" * 20_000}}, 413),
        (guest, "POST", "/echo", {"data": "{}", "content_type": "text/plain"}, 415),
    ]


def paths(post):
    """What a page may have to ask leave for: [(method, path)]."""
    return [
        ("POST", "/echo"),
        ("POST", "/api/users"),
        ("POST", "/api/login"),
        ("POST", "/api/logout"),
        ("POST", "/api/posts"),
        ("PUT", f"/api/posts/{post['id']}"),
        ("DELETE", f"/api/posts/{post['id']}"),
        ("GET", "/api/me"),
        ("DELETE", "/api/me"),
    ]


@pytest.fixture
def post(new_client, vary):
    """A post of somebody else's: {"id", "content", ...}."""
    author = new_client()
    member(author, vary)
    return write(author, vary.text())


def crash(program, client, origin=PAGE):
    """The answer to a request in which the program fails."""
    program.probe("fail_inside", text="a fault that the checker made")
    response = ask(client, "GET", "/api/posts", origin)
    expect(response, 500)
    told = "a fault that the checker made" in response.get_data(as_text=True)
    require(not told, "an error that tells nothing of the exception", "the text of the exception")
    return response


@regression.steps(11)
def test_earlier_steps_still_work(part, client, new_client, vary):
    """What the steps before built still answers, to requests without an Origin."""
    part(client, new_client, vary)


def test_data_survive_a_restart(program, client, new_client, vary):
    """Users and posts survive a restart, no file holds a password, and a lost race is a 409."""
    regression.stored(program, client, new_client, vary)


def test_an_origin_changes_no_answer(client, post):
    """With and without an Origin the status and the body are the same."""
    for path, body in (
        ("/", {"message": TEXT}),
        (f"/api/posts/{post['id']}", {"post": post}),
        ("/api/me", {"error": TEXT}),
    ):
        status = 401 if path == "/api/me" else 200
        for response in (client.get(path), ask(client, "GET", path)):
            expect(response, status, body, next="curl sends no Origin: do not rely on the header.")


def test_preflights_need_no_login(client, post):
    """A preflight is answered with 200 or 204, without a login, a redirect or an effect."""
    for method, path in paths(post):
        response = preflight(client, method, path)
        status = response.status_code
        next = "Answer OPTIONS yourself, or leave it to Flask-CORS."
        if 300 <= status < 400:
            next = "A browser follows no redirect here. Write the path as it is called, with no slash behind."
        elif status in (401, 403):
            next = "A preflight never brings a cookie. Ask for the login in the views alone."
        require(200 <= status < 300, f"200 or 204 to the preflight of a {method}", f"{status}", next)
    wanted = {"post": {"id": post["id"], "content": post["content"]}}
    expect(
        client.get(f"/api/posts/{post['id']}"), 200, wanted, next="OPTIONS asks leave. It changes nothing."
    )


def session_cookie(client, user, **headers):
    """The attributes of the session cookie that a login sets, and its whole text."""
    body = {"username": user["username"], "password": user["password"]}
    response = client.post("/api/login", json=body, headers=headers)
    expect(response, 200)
    for text in response.headers.getlist("Set-Cookie"):
        if text.startswith("session=") and not text.startswith("session=;"):
            return [part.strip().lower() for part in text.split(";")[1:]], text
    raise Failed("a cookie named session", "no such Set-Cookie header", "Keep the login as step 04 had it.")


def test_cookie_is_hidden_from_scripts(client, new_client, vary):
    """The session cookie has HttpOnly, so that no script can read it."""
    user = member(new_client(), vary)
    attributes, text = session_cookie(client, user, Origin=PAGE)
    require(
        "httponly" in attributes, "a cookie with HttpOnly", text, "Leave SESSION_COOKIE_HTTPONLY as it is."
    )


@todo(1)
def test_listed_origin_alone_is_named(program, client, vary):
    """An answer names http://localhost:8080 to a page from there, and names no other origin."""
    evil = f"http://{vary.name()}.example"
    for _ in range(2):
        named(ask(client, "GET", "/api/posts"), next=advice(program))
        not_named(ask(client, "GET", "/api/posts", evil), evil)


@todo(1)
@waits_for("test_listed_origin_alone_is_named")
def test_lookalikes_are_not_named(client):
    """An origin that only looks like http://localhost:8080 is another one."""
    for origin in LOOKALIKES:
        not_named(ask(client, "GET", "/api/posts", origin), origin)
        not_named(preflight(client, "POST", "/api/login", origin), origin)
    named(ask(client, "GET", "/api/posts"))


@todo(1)
@waits_for("test_listed_origin_alone_is_named")
def test_every_endpoint_names_the_origin(client, vary):
    """Every endpoint names the listed origin, / and /echo too."""
    for method, path, body in everything(client, vary):
        response = ask(client, method, path, json=body)
        expect(response, (200, 201))
        named(response, next="CORS(app, ...) covers every path; resources or a blueprint's CORS only some.")


@todo(1)
@waits_for("test_listed_origin_alone_is_named")
def test_no_endpoint_names_another_origin(client, vary):
    """No endpoint names an origin that is not listed."""
    evil = f"https://{vary.name()}.example"
    for method, path, body in everything(client, vary):
        not_named(ask(client, method, path, evil, json=body), evil)


@todo(1)
@waits_for("test_listed_origin_alone_is_named")
def test_errors_name_the_origin(new_client, vary):
    """An error names the listed origin too, else the page cannot even read the status."""
    for client, method, path, options, status in every_error(new_client, vary):
        response = ask(client, method, path, **options)
        expect(response, status)
        named(
            response, next="Errors need the header too: CORS(app, ...) sets it, a header in a view does not."
        )


@todo(1)
@waits_for("test_listed_origin_alone_is_named")
def test_errors_name_no_other_origin(new_client, vary):
    """An error names no origin that is not listed."""
    evil = f"http://{vary.name()}.example"
    for client, method, path, options, _ in every_error(new_client, vary):
        not_named(ask(client, method, path, evil, **options), evil)


@todo(1)
@waits_for("test_listed_origin_alone_is_named")
def test_crash_names_the_origin(program, client, vary):
    """The 500 of a program that failed names the listed origin, and no other."""
    named(crash(program, client), next="Also a crash gets the header: set it after every request.")
    evil = f"http://{vary.name()}.example"
    program.probe("fail_inside", text="a fault that the checker made")
    not_named(ask(client, "GET", "/api/posts", evil), evil)


@todo(1)
@waits_for("test_preflights_need_no_login")
@waits_for("test_listed_origin_alone_is_named")
def test_preflights_name_the_origin(client, post, vary):
    """The answer to a preflight names the listed origin, and no other."""
    evil = f"http://{vary.name()}.example"
    for method, path in paths(post):
        named(preflight(client, method, path), next="The preflight is an answer too: give it the header.")
        not_named(preflight(client, method, path, evil), evil)


@todo(1)
@waits_for("test_preflights_name_the_origin")
def test_preflights_allow_the_method(client, post):
    """The answer to the preflight of a PUT or DELETE allows that method."""
    for method, path in paths(post):
        if method in ("PUT", "DELETE"):
            response = preflight(client, method, path)
            require(
                method.lower() in entries(response, METHODS) and method in str(response.headers),
                f"{METHODS} with {method}",
                shown(response, METHODS),
                "List GET, POST, PUT and DELETE; Flask-CORS does it by itself.",
            )


@todo(1)
@waits_for("test_preflights_name_the_origin")
def test_preflights_allow_json(client, post):
    """The answer to the preflight of a JSON body allows the header Content-Type."""
    for method, path in paths(post):
        if (method, path) == ("POST", "/api/logout") or method in ("GET", "DELETE"):
            continue  # takes no body, so no page asks for leave to send one
        response = preflight(client, method, path)
        require(
            "content-type" in entries(response, HEADERS),
            f"{HEADERS} with content-type",
            shown(response, HEADERS),
            "JSON makes the browser ask for content-type. Flask-CORS allows it; by hand, list it.",
        )


@todo(1)
@waits_for("test_listed_origin_alone_is_named")
@two_origins
def test_configuration_says_who_is_listed(program, client, vary):
    """create_app({"CORS_ORIGINS": [...]}) wins: each origin of that list is named, and no other."""
    first = 'Read app.config["CORS_ORIGINS"] after app.config.update(config).'
    further = "Another origin of the list is named already: give CORS the whole list."
    evil = f"https://{vary.name()}.example"
    for origin in (ONE, evil, OTHER, ONE, *NOT_LISTED, OTHER):
        for send, method, path in ((ask, "GET", "/api/me"), (preflight, "PUT", "/api/posts/1")):
            response = send(client, method, path, origin)
            if origin in LISTED:
                named(response, origin, first if origin == ONE else further)
            else:
                not_named(response, origin)
    made = program.probe("another_app", target="social_api.app:create_app", config={"CORS_ORIGINS": [evil]})
    if "problem" in made:
        happened, spot, mend = words.problem(made["problem"], [])
        raise Failed("one more app from create_app in the same process", f"{happened} ({spot})", mend)
    next = "Each app has its own list: keep none outside of create_app."
    named(ask(client, "GET", "/api/me", evil), evil, next)
    not_named(ask(client, "GET", "/api/me", ONE), ONE)


@todo(1)
@waits_for("test_configuration_says_who_is_listed")
@two_origins
def test_each_listed_origin_is_named_everywhere(client, new_client, vary):
    """With two listed origins every endpoint and every error names the one that asks."""
    for method, path, body in everything(client, vary):
        named(ask(client, method, path, ONE, json=body), ONE)
    for browser, method, path, options, _ in every_error(new_client, vary):
        named(ask(browser, method, path, OTHER, **options), OTHER)


@todo(1)
@waits_for("test_configuration_says_who_is_listed")
@two_origins
def test_answers_vary_by_origin(program, client, new_client, post, vary):
    """With two listed origins every answer to them says Vary: Origin."""
    for method, path in paths(post):
        varies(preflight(client, method, path, ONE))
    for method, path, body in everything(client, vary):
        varies(ask(client, method, path, ONE, json=body))
    for browser, method, path, options, _ in every_error(new_client, vary):
        varies(ask(browser, method, path, OTHER, **options))
    varies(crash(program, client, OTHER))


@todo(2)
def test_credentials_are_allowed(client):
    """An answer to the listed origin allows credentials, so that the session cookie works."""
    with_credentials(ask(client, "GET", "/api/posts"))


@todo(2)
@waits_for("test_listed_origin_alone_is_named")
@waits_for("test_credentials_are_allowed")
def test_every_answer_allows_credentials(program, client, new_client, vary):
    """Every endpoint and every error allows credentials."""
    for method, path, body in everything(client, vary):
        with_credentials(ask(client, method, path, json=body))
    for client, method, path, options, _ in every_error(new_client, vary):
        with_credentials(ask(client, method, path, **options), "Errors need this header as well.")
    with_credentials(crash(program, client), "A crash needs this header as well.")


@todo(2)
@waits_for("test_preflights_name_the_origin")
@waits_for("test_credentials_are_allowed")
def test_preflights_allow_credentials(client, post):
    """The answer to a preflight allows credentials."""
    for method, path in paths(post):
        with_credentials(preflight(client, method, path), "Without it the browser does not send the request.")


@todo(2)
@waits_for("test_configuration_says_who_is_listed")
@two_origins
def test_credentials_for_every_listed_origin(client, new_client, vary):
    """Every listed origin is allowed credentials, with errors too."""
    for origin in LISTED:
        with_credentials(ask(client, "GET", "/api/me", origin))
        with_credentials(preflight(client, "POST", "/api/login", origin))
    for browser, method, path, options, _ in every_error(new_client, vary):
        with_credentials(ask(browser, method, path, OTHER, **options), "Errors need this header as well.")


@todo(3)
def test_cookie_is_lax(client, new_client, vary):
    """The session cookie says SameSite=Lax, whoever asks."""
    user = member(new_client(), vary)
    for headers in ({}, {"Origin": PAGE}):
        attributes, text = session_cookie(client, user, **headers)
        next = 'Set app.config["SESSION_COOKIE_SAMESITE"] = "Lax".'
        if "samesite=none" in attributes:
            next = '"None" sends the cookie along from every site in the world: write "Lax".'
        elif "samesite=strict" in attributes:
            next = '"Strict" also loses the login on a click from another site: write "Lax".'
        require("samesite=lax" in attributes, "a cookie with SameSite=Lax", text, next)
