"""What step 12's probe page sees in a real browser: of the solution, and of the set-ups that people try first.

The page and the API get free ports, and the page's origin is listed through the configuration. Without a
Chromium the tests are skipped, but for CI, which has to have one.
"""

import functools
import html
import http.server
import os
import re
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest

from tests.story import serve

ROOT = Path(__file__).parents[1]
SOLUTION = ROOT / "solutions" / "12_cors"
FRONTEND = ROOT / "steps" / "12_cors" / "frontend"
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=30000",  # in the page's own time, which stands still while a request is on its way
    "--dump-dom",
]
CORS = 'CORS(app, origins=app.config["CORS_ORIGINS"], supports_credentials=True)'
HOOK = """
    @app.after_request
    def cors(response):
        response.headers["Access-Control-Allow-Origin"] = {origin}
        response.headers["Access-Control-Allow-Credentials"] = "true"
        {more}
        return response
"""

# what the page sees of the solution, call by call
RIGHT = {
    "GET /api/health": "200",
    "POST /api/users": "201",
    "POST /api/login": "200",
    "GET /api/me": "200",
    "script document.cookie": "hidden",
    "POST /api/posts": "201",
    "PUT /api/posts/1": "200",
    "DELETE /api/posts/1": "200",
    "GET /api/nope": "404",
    "POST /api/posts/": "blocked",
    "POST /api/logout": "200",
    "GET /api/me again": "401",
}
UNTRIED = {
    "script document.cookie": "not tried",
    "PUT /api/posts/…": "not tried",
    "DELETE /api/posts/…": "not tried",
}
BLOCKED = (
    {call: "blocked" for call in RIGHT if "/api/posts/" not in call}
    | UNTRIED
    | {"POST /api/posts/": "not tried"}
)


@pytest.fixture(scope="session")
def browser():
    """The path of a Chromium."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        if os.environ.get("CI"):
            pytest.fail("CI tries the page in a browser too, but there is no chromium on PATH")
        pytest.skip("there is no chromium on PATH to open the page in")
    return found


@pytest.fixture(scope="module")
def page():
    """The port on which the folder of the page is served, as `python3 -m http.server` does it."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=FRONTEND)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def edited(folder, edits):
    """A copy of the solution with texts of its app.py replaced."""
    copy = shutil.copytree(SOLUTION, folder / "program", ignore=shutil.ignore_patterns("instance"))
    file = copy / "social_api" / "app.py"
    text = file.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    return copy


def look(browser, address):
    """Opens the page; gives {call: result}, the sentence that sums up, and the console's lines."""
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", address]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    text = done.stdout.decode("utf-8", "replace")
    assert 'data-state="done"' in text, done.stderr.decode("utf-8", "replace")[-2000:]

    results = {}
    for call, result in re.findall(r'data-call="([^"]*)" data-result="([^"]*)"', text):
        name = html.unescape(call)
        results[f"{name} again" if name in results else name] = result
    summary = re.search(r'role="status">([^<]*)', text)[1]
    console = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if "CONSOLE" in line]
    return results, summary, console


@pytest.fixture
def visit(browser, page, tmp_path):
    """Serves an edited solution, opens the page, and gives what `look` gives."""

    def visit(edits=(), here="localhost", there="localhost", options=()):
        config = {"CORS_ORIGINS": [f"http://localhost:{page}"]}
        with serve(edited(tmp_path, edits), config=config, options=options) as port:
            api = f"http://{there}:{port}"
            return look(browser, f"http://{here}:{page}/probe.html?auto=1&api={api}")

    return visit


def test_the_solution_lets_the_page_do_everything(visit):
    """From localhost to localhost all goes as expected, and nothing but the slash is blocked."""
    results, summary, console = visit()
    assert results == RIGHT
    assert "All 12 calls" in summary
    assert len(console) == 1 and "/api/posts/'" in console[0] and "HTTP ok status" in console[0]


def test_an_api_on_127_0_0_1_loses_the_login(visit):
    """From localhost to 127.0.0.1 the login is a 200, and then nobody is logged in."""
    results, summary, _ = visit(there="127.0.0.1")
    lost = {"GET /api/me": "401", "POST /api/posts": "401"} | UNTRIED
    gone = ("PUT /api/posts/1", "DELETE /api/posts/1")
    assert results == {call: result for call, result in (RIGHT | lost).items() if call not in gone}
    assert results["POST /api/login"] == "200"
    assert "7 of 12" in summary


def test_a_crash_outside_of_debug_mode_is_an_answer(visit):
    """A program that fails still names the origin, so the page reads its 500."""
    results, _, _ = visit([('return {"status": "ok"}', "return 1 / 0")])
    assert results == RIGHT | {"GET /api/health": "500"}


def test_a_crash_in_debug_mode_is_blocked(visit):
    """Flask's debugger answers in the program's place, without the header."""
    results, _, console = visit(
        [('return {"status": "ok"}', "return 1 / 0")], options=["--debug", "--no-reload"]
    )
    assert results == RIGHT | {"GET /api/health": "blocked"}
    assert "No 'Access-Control-Allow-Origin' header" in console[0]


def test_a_cookie_without_httponly_is_readable(visit):
    """A script sees the session cookie unless it is HttpOnly, though another port set it."""
    off = 'app.config["SESSION_COOKIE_HTTPONLY"] = False'
    results, _, _ = visit([("    app.config.update(", f"    {off}\n    app.config.update(")])
    assert results == RIGHT | {"script document.cookie": "readable"}


@pytest.mark.parametrize(
    ("edits", "here", "reason"),
    [
        pytest.param([], "127.0.0.1", "No 'Access-Control-Allow-Origin' header", id="page on 127.0.0.1"),
        pytest.param([(CORS, "")], "localhost", "No 'Access-Control-Allow-Origin' header", id="no CORS"),
        pytest.param(
            [("    # without", '    app.config["CORS_ORIGINS"][0] += "/"\n    # without')],
            "localhost",
            "No 'Access-Control-Allow-Origin' header",
            id="slash at the end",
        ),
        pytest.param(
            [(CORS, HOOK.format(origin='"*"', more="pass"))],
            "localhost",
            "must not be the wildcard '*'",
            id="star with credentials",
        ),
        pytest.param(
            [(CORS, "CORS(app)")],
            "localhost",
            "'Access-Control-Allow-Credentials' header",
            id="CORS(app) as in the lesson",
        ),
    ],
)
def test_what_no_page_may_read_is_blocked(visit, edits, here, reason):
    """The browser keeps every answer from the page, and its console names the header."""
    results, summary, console = visit(edits, here)
    assert results == BLOCKED
    assert "0 of 12" in summary
    assert reason in console[0]


def test_a_header_by_hand_lets_no_json_through(visit):
    """A plain GET is read, but a preflight without Access-Control-Allow-Headers stops every JSON body."""
    hook = HOOK.format(origin='request.headers.get("Origin", "")', more="pass")
    results, _, console = visit([(CORS, hook)])
    plain = {"GET /api/health": "200", "GET /api/nope": "404", "POST /api/logout": "200"}
    assert results == BLOCKED | plain | {"GET /api/me": "401", "GET /api/me again": "401"}
    assert "content-type is not allowed by Access-Control-Allow-Headers" in console[0]


def test_methods_that_are_not_listed_are_blocked(visit):
    """PUT and DELETE have to be among Access-Control-Allow-Methods; POST need not."""
    more = 'response.headers["Access-Control-Allow-Headers"] = "Content-Type"'
    hook = HOOK.format(origin='request.headers.get("Origin", "")', more=more)
    results, _, console = visit([(CORS, hook)])
    assert results == RIGHT | {"PUT /api/posts/1": "blocked", "DELETE /api/posts/1": "blocked"}
    assert "Method PUT is not allowed by Access-Control-Allow-Methods" in console[0]
