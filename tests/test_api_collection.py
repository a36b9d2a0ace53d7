"""docs/api shows every endpoint of the contract, and what it says comes true: Newman and a reading of requests.http
send every request to the solution of step 12, and notice when a program answers otherwise."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from docs.api import build
from tests.story import contract, differences, keys_of, serve

ROOT = Path(__file__).parents[1]
API = ROOT / "docs" / "api"
LAST_STEP = 12
# of the solution: a file, a text in it, and what stands there instead
CHEAP_HASHES = ("routes/users.py", "hash(password)", 'hash(password, "pbkdf2:sha256:1")')
FAULTS = [
    ("routes/posts.py", '"Only the author may change a post"}, 403', '"Only the author may"}, 200'),
    ("routes/users.py", '"post_count": post_count', '"post_count": post_count, "password": user.password'),
    ("routes/posts.py", 'f"Post {id} deleted!"', '"Post deleted!"'),
    ("app.py", "supports_credentials=True", "supports_credentials=False"),
]
# the examples that must then fail, by folder and title
FOUND = [
    ("PUT /api/posts/{{postId}}", "403: somebody else's post"),
    ("GET /api/users/{{anaId}}", "200: a user"),
    ("DELETE /api/posts/{{postId}}", "200: your own post"),
    ("other origins", "200: a page of ours reads"),
    ("other origins", "200: the browser asks whether the page may delete"),
]


def solution(folder, *edits):
    """Copy the solution of step 12 into `folder`, replace texts in it, and return the copy."""
    copy = shutil.copytree(ROOT / "solutions" / "12_cors", folder / "12_cors")
    for name, old, new in edits:
        file = copy / "social_api" / name
        text = file.read_text("utf-8")
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), "utf-8")
    return copy


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of the solution, which runs with cheap hashes and keeps its database from test to test."""
    with serve(solution(tmp_path_factory.mktemp("right"), CHEAP_HASHES)) as number:
        yield number


@pytest.fixture(scope="module")
def faulty_port(tmp_path_factory):
    """The port of a copy with a fault in a status, in two bodies and in a header."""
    with serve(solution(tmp_path_factory.mktemp("wrong"), CHEAP_HASHES, *FAULTS)) as number:
        yield number


def examples():
    """Return (folder, Example) for every request of the collection, in order."""
    return [(do, one) for do, _, found in build.endpoints() for one in found]


@pytest.mark.parametrize("name", build.files())
def test_files_are_up_to_date(name):
    """What build.py makes of requests.toml is what stands in docs/api; `python docs/api/build.py` mends it."""
    assert (API / name).read_text("utf-8") == build.files()[name]


def contract_endpoints():
    """Return the endpoints of the contract up to the last step, by their request line."""
    return {row["do"]: row for row in contract()["endpoints"] if row["since"] <= LAST_STEP}


def contract_statuses():
    """Return (request line, status) for everything that an endpoint of the contract answers."""
    found = []
    for do, row in contract_endpoints().items():
        errors = {status: re.search(r"since (\d+)", text) for status, text in row.get("errors", {}).items()}
        found += [(do, row["ok"])] if "ok" in row else []
        found += [(do, status) for status, since in errors.items() if not since or int(since[1]) <= LAST_STEP]
    return found


def shown_statuses():
    """Return (request line of the contract, status) for every example; a 405 is one of all that has its path."""
    patterns = {
        do: re.compile(re.escape(do.split()[1]).replace("<int:id>", r"(\d+|\{\{\w+Id}})"))
        for do in contract_endpoints()
        if do != "anything else"
    }
    found = set()
    for _, one in examples():
        path = one.path.partition("?")[0]
        same_path = [do for do, pattern in patterns.items() if pattern.fullmatch(path)]
        same = [do for do in same_path if do.split()[0] == one.method]
        others = ["anything else", *(same_path if one.status == 405 else [])]
        found |= {(do, one.status) for do in same or others}
    return found


@pytest.mark.parametrize("do, status", contract_statuses())
def test_an_example_shows_the_status(do, status):
    """Every answer that the contract's table lists for an endpoint has an example."""
    assert (do, status) in shown_statuses()


def test_steps_are_those_of_the_contract():
    """requests.toml says of every endpoint the step in which the contract brings it."""
    told = {re.sub(r"\{\{\w+}}", "<int:id>", row["do"]): row["since"] for row in build.source()["endpoint"]}
    assert told.pop("other origins") == 12  # a rule of the contract, no endpoint
    assert told == {do: row["since"] for do, row in contract_endpoints().items()}


class NoNewman(Exception):
    """Newman cannot be run here; the text says why."""


def install_newman():
    """Return the command that runs Newman, installed by `npm ci` once for each lock file. Raises NoNewman."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise NoNewman("node and npm are not installed")

    lock = ROOT / "tests" / "package-lock.json"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "flask-workbook"
    home = cache / f"newman-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    if not home.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as temporary:
            made = Path(temporary, "newman")
            made.mkdir()
            shutil.copy(lock, made)
            shutil.copy(lock.with_name("package.json"), made)
            command = [npm, "ci", "--ignore-scripts", "--prefer-offline", "--fetch-retries=1"]
            done = subprocess.run(command, cwd=made, capture_output=True, text=True)
            if done.returncode:
                raise NoNewman(f"npm ci did not work:\n{done.stderr[-1000:]}")
            with contextlib.suppress(OSError):  # another run was faster
                made.rename(home)
    return [node, home / "node_modules" / "newman" / "bin" / "newman.js"]


def newman_or_reason():
    """Return the command that runs Newman; without it a test is skipped, but for CI, which has to have it."""
    try:
        return install_newman()
    except NoNewman as missing:
        if os.environ.get("CI"):
            pytest.fail(f"CI runs the collection too, but {missing}")
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def run_newman(tmp_path_factory):
    """A function that runs the collection against a port; gives the exit status, how many requests it sent, and
    what failed, as (folder, title)."""
    command = newman_or_reason()

    def run(number, times=1):
        report = tmp_path_factory.mktemp("newman") / "report.json"
        arguments = ["run", API / "social-api.postman_collection.json"]
        arguments += ["--env-var", f"baseUrl=http://127.0.0.1:{number}", "--iteration-count", str(times)]
        arguments += ["--reporters", "json", "--reporter-json-export", report]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, encoding="utf-8")
        assert report.exists(), done.stdout + done.stderr

        ran = json.loads(report.read_text("utf-8"))["run"]
        failed = [(one["parent"]["name"], one["source"]["name"]) for one in ran["failures"]]
        return done.returncode, ran["stats"]["requests"]["total"], failed

    return run


def test_newman_passes_twice(run_newman, port):
    """The collection runs through, and once more on the database that the first run leaves."""
    assert run_newman(port, times=2) == (0, 2 * len(examples()), [])


def test_newman_notices_faults(run_newman, faulty_port):
    """Where a program has faults, the examples of just these fail."""
    assert run_newman(faulty_port) == (1, len(examples()), FOUND)


@pytest.mark.parametrize("ci, outcome", [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_a_missing_node_is_told(ci, outcome, monkeypatch):
    """Without Node the tests are skipped with a reason, and in CI they fail."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="node and npm are not installed"):
        newman_or_reason()


def test_the_lock_names_no_registry():
    """The lock works with any registry; `npm install --omit-lockfile-registry-resolved` makes it so."""
    assert '"resolved"' not in (ROOT / "tests" / "package-lock.json").read_text("utf-8")


def blocks(text):
    """Return (folder, title, comments, request) for the requests of a .http file, as VS Code's REST Client reads it:
    a line that begins with ### ends a request, and lines that begin with # or // are never sent."""
    folder, found = "", []
    for block in re.split(r"^###", text, flags=re.MULTILINE)[1:]:
        title, *lines = block.split("\n")
        comments = [line for line in lines if re.match(r"\s*(#|//)", line)]
        request = "\n".join(line for line in lines if line not in comments).strip("\n")
        if request:
            found.append((folder, title.strip(), comments, request))
        else:
            folder = title.strip()
    return found


def filled_in(text, variables, answers):
    """Return a text with its {{variables}} replaced, also by what a named request was answered."""

    def value(found):
        if found[1] in variables:
            return filled_in(variables[found[1]], variables, answers)
        name, _, place = found[1].partition(".response.body.$.")
        answer = answers[name]
        for key in place.split("."):
            answer = answer[key]
        return str(answer)

    return re.sub(r"\{\{(.+?)}}", value, text)


def send(browser, request):
    """Send what stands in a .http file; return the answer's status, headers and body (None if it is no JSON)."""
    head, _, body = request.partition("\n\n")
    line, *headers = head.split("\n")
    method, address = line.split(" ")
    data = (API / body[2:]).read_bytes() if body.startswith("< ") else body.encode()
    headers = dict(header.split(": ") for header in headers)
    try:
        answer = browser.open(urllib.request.Request(address, data or None, headers, method=method))
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        json_body = answer.headers.get_content_type() == "application/json"
        return answer.status, answer.headers, json.load(answer) if json_body else None


def replay(port):
    """Send requests.http from top to bottom; return (folder, title, what differs from its comment) for each."""
    text = (API / "requests.http").read_text("utf-8")
    variables = dict(re.findall(r"^@(\w+) = (.+)$", text, flags=re.MULTILINE))
    variables["baseUrl"] = f"http://127.0.0.1:{port}"
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(), urllib.request.ProxyHandler({})
    )
    answers, told = {}, []
    for folder, title, comments, request in blocks(text):
        status, headers, body = send(browser, filled_in(request, variables, answers))
        comment = filled_in("\n".join(comments), variables, answers)
        if name := re.search(r"^# @name (\w+)$", comment, flags=re.MULTILINE):
            answers[name[1]] = body

        expected = re.search(r"^# Expect: (\d+) ?(.*)$", comment, flags=re.MULTILINE)
        lines = differences(int(expected[1]), status, "the status")
        wanted = json.loads(expected[2].replace("<text>", "NONEMPTY") or "{}")
        lines += differences(wanted, body) if wanted else []
        for header, value in re.findall(r"^# Expect header: (.+): (.+)$", comment, flags=re.MULTILINE):
            lines += differences(value.replace("<text>", "NONEMPTY"), headers[header], header)
        lines += ["the body must not hold a key 'password'"] if "password" in keys_of(body) else []
        told.append((folder, title, lines))
    return told


def test_requests_http_comes_true_twice(port):
    """Every answer to requests.http is what its comment expects, and once more on the same database."""
    every = [(folder, one.title, []) for folder, one in examples()]
    assert replay(port) == every
    assert replay(port) == every


def test_requests_http_notices_faults(faulty_port):
    """Where a program has faults, the comments of just these requests are wrong."""
    assert [(folder, title) for folder, title, lines in replay(faulty_port) if lines] == FOUND
