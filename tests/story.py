"""Tells the contract's story to a program, and says in words wherever the program answers otherwise.

    python tests/story.py solutions/05_posts 5

The program runs as its user would run it: `flask run`, in a copy of its folder, on a free port. What is asked
and expected stands in docs/contract.yaml alone. No code is shared with the checkers, so that neither hides a
fault of the other.
"""

import contextlib
import functools
import http.client
import http.cookies
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

CONTRACT = Path(__file__).parents[1] / "docs" / "contract.yaml"
START_SECONDS = 30
ANSWER_SECONDS = 15


class NotRunning(Exception):
    """The program did not start; the text says what it wrote instead."""


@contextlib.contextmanager
def serve(folder, database=None, config=None, options=()):
    """Run a copy of the program in `folder` with `flask run`, and give its port.

    `database` is a URL that a program with create_app(config) is to use, and `config` are further settings for
    it; `options` go to `flask run`, such as --debug. Raises NotRunning.
    """
    with tempfile.TemporaryDirectory(prefix="story-", ignore_cleanup_errors=True) as temporary:
        home = Path(temporary, Path(folder).name)
        shutil.copytree(folder, home, ignore=shutil.ignore_patterns("__pycache__", "instance"))

        name = "social_api.app" if (home / "social_api").is_dir() else "app"
        config = dict(config or {})
        if database:
            config["SQLALCHEMY_DATABASE_URI"] = database
        if config:
            name += f":create_app({config})"
        log = Path(temporary, "log")
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", name, "run", "--port", "0", *options],
                cwd=home,
                env={key: value for key, value in os.environ.items() if not key.startswith("FLASK_")},
                stdout=subprocess.DEVNULL,
                stderr=file,
            )
        try:
            yield port_of(process, log)
        finally:
            process.kill()
            process.wait()


def port_of(process, log):
    """Wait until Flask writes where it listens, and return the port. Raises NotRunning."""
    patience = time.monotonic() + START_SECONDS
    running = True
    while running and time.monotonic() < patience:
        running = process.poll() is None
        written = log.read_text("utf-8", errors="replace")
        if found := re.search(r"Running on http://127\.0\.0\.1:(\d+)", written):
            return int(found[1])
        time.sleep(0.01)
    raise NotRunning("the program did not start:\n" + "\n".join(written.splitlines()[-5:]))


class Client:
    """A browser's worth of memory: it keeps cookies between its requests and shares none."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}

    def ask(self, method, path, body=None, content_type=None):
        """Send one request; return the status, the headers and the body as bytes."""
        headers = {}
        if content_type:
            headers["Content-Type"] = content_type
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())

        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            self.remember(response.headers.get_all("Set-Cookie", []))
            return response.status, response.headers, response.read()

    def remember(self, lines):
        """Keep or drop the cookies that an answer sets."""
        for line in lines:
            for name, morsel in http.cookies.SimpleCookie(line).items():
                if morsel["max-age"] == "0" or "1970" in morsel["expires"]:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.coded_value


class Ids:
    """Which id the program gave to what the story calls user 1, user 2, post 1 and so on."""

    def __init__(self):
        self.answered = {"user": {}, "post": {}}

    def learn(self, body):
        """Take the id of what an answer says was created: the story counts from 1.

        Returns in words what is wrong with it.
        """
        for kind, known in self.answered.items():
            created = body.get(kind) if isinstance(body, dict) else None
            if isinstance(created, dict) and isinstance(created.get("id"), int):
                taken = created["id"] in known.values()
                known[len(known) + 1] = created["id"]
                if taken or created["id"] < 1:
                    return [f"{created['id']} is no new positive id"]
        return []

    def real(self, kind, number):
        """Return the program's id for the story's number, or for an unknown one a number that is no id."""
        known = self.answered[kind]
        if number in known:
            return known[number]
        while number in known.values():
            number += 1
        return number

    def in_text(self, text):
        """Translate a path or a message."""
        text = re.sub(r"(?<=/api/users/)\d+", lambda found: str(self.real("user", int(found[0]))), text)
        text = re.sub(r"(?<=/api/posts/)\d+", lambda found: str(self.real("post", int(found[0]))), text)
        return re.sub(
            r"\b(User|Post) (\d+)(?= (?:updated|deleted)!)",
            lambda found: f"{found[1]} {self.real(found[1].lower(), int(found[2]))}",
            text,
        )

    def in_json(self, value, kind=None):
        """Translate a body; `kind` says what a plain "id" in it belongs to."""
        if isinstance(value, list):
            return [self.in_json(item, kind) for item in value]
        if isinstance(value, dict):
            return {key: self.under(key, item, kind) for key, item in value.items()}
        return self.in_text(value) if isinstance(value, str) else value

    def under(self, key, value, kind):
        """Translate what a body holds under one key."""
        if key == "id" and kind:
            return self.real(kind, value)
        if key == "user_id":
            return self.real("user", value)
        return self.in_json(value, key.removesuffix("s") if key.removesuffix("s") in self.answered else kind)


def spelled_out(sent):
    """Return the body (or None) and the Content-Type that the story's fifth column stands for."""
    if sent is None:
        return None, None
    if isinstance(sent, dict) and "__raw__" in sent:
        text = sent["__raw__"]
        if text == "BIG20000":
            text = json.dumps({"username": "dan", "password": ""})
            text = text[:-2] + "x" * (20_000 - len(text)) + text[-2:]
        return text.encode(), sent["__type__"]

    text = json.dumps(sent, ensure_ascii=False)
    for name, length in {"LONG255": 255, "LONG256": 256}.items():
        text = text.replace(f'"{name}"', '"' + "é😀x" * (length // 3) + "x" * (length % 3) + '"')
    return text.encode(), "application/json"


def differences(expected, got, place="the body"):
    """Return in words where `got` lacks something of `expected`; what it has in addition is fine."""
    if expected == "NONEMPTY":
        return [] if isinstance(got, str) and got else [f"{place} should be a text, not {shown(got)}"]

    if isinstance(expected, dict):
        if not isinstance(got, dict):
            return [f"{place} should be a JSON object, not {shown(got)}"]
        found = []
        for key, value in expected.items():
            if key in got:
                found += differences(value, got[key], f"{key!r} in {place}")
            else:
                found.append(f"{place} lacks {key!r}: {shown(got)}")
        return found

    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            return [f"{place} should be a list of {len(expected)}, not {shown(got)}"]
        pairs = enumerate(zip(expected, got, strict=True), start=1)
        return [line for n, (one, other) in pairs for line in differences(one, other, f"item {n} of {place}")]

    if type(expected) is not type(got) or expected != got:
        return [f"{place} should be {shown(expected)}, not {shown(got)}"]
    return []


def keys_of(value):
    """Return every key in a body, however deep."""
    if isinstance(value, list):
        return {key for item in value for key in keys_of(item)}
    if isinstance(value, dict):
        return set(value) | {key for item in value.values() for key in keys_of(item)}
    return set()


def shown(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"


def judge(step, path, status, body, answer, ids):
    """Return in words how an answer differs from the status and the body that the contract wants."""
    got_status, headers, raw = answer
    found = [] if got_status == status else [f"the status should be {status}, not {got_status}"]

    got = None
    if headers.get_content_type() == "application/json":
        try:
            got = json.loads(raw)
        except ValueError:
            return [*found, f"the body is no JSON, though it says so: {raw[:300]!r}"]
    elif body or status < 400 or step >= 11:
        return [*found, f"the body should be JSON, not {headers.get_content_type()}: {raw[:300]!r}"]

    if got_status == 201:
        found += ids.learn(got)
    body = ids.in_json(body)
    if status >= 400 and step >= 11:
        body = {"error": "NONEMPTY", **body}
    if body:
        found += differences(body, got)
    if path.startswith("/api") and "password" in keys_of(got):
        found.append(f"the body must not hold a key 'password': {shown(got)}")
    return found


@functools.cache
def contract():
    """Return the contract."""
    return yaml.safe_load(CONTRACT.read_text("utf-8"))


def tell(folder, step, database=None):
    """Tell the story up to `step` to the program in `folder`; return a list of differences in words."""
    story = [row for row in contract()["story"] if row[0] <= step]
    found, clients, ids, asked = [], {}, Ids(), "before the first request"
    try:
        with serve(folder, database) as port:
            for _, letter, method, path, sent, status, body in story:
                client = clients.setdefault(letter, Client(port))
                path = ids.in_text(path)
                sent = ids.in_json(sent, "post" if path.startswith("/api/posts") else "user")
                sent, content_type = spelled_out(sent)
                asked = f"{letter}: {method} {path} {(sent or b'').decode():.300}".rstrip()

                answer = client.ask(method, path, sent, content_type)
                for line in judge(step, path, status, body, answer, ids):
                    found.append(f"{asked}\n    {line}")
    except NotRunning as error:
        found.append(str(error))
    except (OSError, http.client.HTTPException) as error:
        found.append(f"{asked}\n    there was no answer: {error!r}")
    return found


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit("usage: python tests/story.py FOLDER STEP")
    told = tell(Path(sys.argv[1]), int(sys.argv[2]))
    print("\n".join(told) or "no difference")
    sys.exit(bool(told))
