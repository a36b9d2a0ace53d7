"""Programs that answer right in most things and strangely in a few: their checker is never confused itself."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.batch import Batch

ROOT = Path(__file__).resolve().parent.parent
SLUGS = sorted(path.stem.removeprefix("test_") for path in (ROOT / "checks").glob("test_*.py"))

CHAOS = '''

import json as _json
import random as _random

_RANDOM = _random.Random({seed})
_JUNK = [None, True, False, 0, -1, 1.5, 10**30, "", " ", "x" * 300, "\\x1b[2J", "\\ud800", "<script>"]
_JUNK += [[], [[]], [None], {{}}, {{"": None}}, {{"id": "1"}}, {{"error": ""}}, [1] * 50]
_COOKIES = ["session=", "session=..", "=", "session=%%; HttpOnly", "x" * 5000]


def _strange(value):
    """The value with one part of it replaced by something that nobody asked for."""
    if isinstance(value, dict) and value and _RANDOM.random() < 0.8:
        key = _RANDOM.choice(list(value))
        return {{**value, key: _strange(value[key])}}
    if isinstance(value, list) and value and _RANDOM.random() < 0.8:
        place = _RANDOM.randrange(len(value))
        return [*value[:place], _strange(value[place]), *value[place + 1 :]]
    return _RANDOM.choice(_JUNK)


def _chaos(response):
    if _RANDOM.random() > {rate}:
        return response
    kind = _RANDOM.randrange(6)
    if kind == 0:
        response.status_code = _RANDOM.choice([100, 200, 201, 204, 302, 304, 400, 404, 418, 500, 599])
    elif kind == 1:
        response.headers["Content-Type"] = _RANDOM.choice(["", "text/html", "application/json; charset=x", "a/b/c"])
    elif kind == 2:
        response.data = _RANDOM.choice([b"", b"\\xff\\xfe", b"[" * 2000, b"NaN", b"1e999", b'"\\\\ud800"', b"nul"])
    elif kind == 3:
        response.headers.pop("Set-Cookie", None)
        response.headers["Set-Cookie"] = _RANDOM.choice(_COOKIES)
    else:
        try:
            response.data = _json.dumps(_strange(_json.loads(response.data)))
        except ValueError:
            pass
    return response
'''
ONE_FILE = "\n\napp.after_request(_chaos)\n"
PACKAGE = """

_create_app = create_app


def create_app(config=None):
    app = _create_app(config)
    app.after_request(_chaos)
    return app
"""


@pytest.mark.parametrize("slug", SLUGS)
def test_strange_answers_are_failures_and_never_errors(slug, tmp_path):
    """Whatever stands in an answer, a check passes, fails or waits, and its words fit the screen."""
    batch = Batch(slug)

    @settings(
        max_examples=4,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(seed=st.integers(0, 2**31), rate=st.sampled_from([0.03, 0.15, 1.0]))
    def judge(seed, rate):
        folder = tmp_path / f"{seed}-{rate}"
        for path in (ROOT / "solutions" / slug).rglob("*.py"):
            target = folder / path.relative_to(ROOT / "solutions" / slug)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
        app = folder / ("social_api/app.py" if (folder / "social_api").is_dir() else "app.py")
        ending = PACKAGE if (folder / "social_api").is_dir() else ONE_FILE
        app.write_text(app.read_text("utf-8") + CHAOS.format(seed=seed, rate=rate) + ending, "utf-8")
        result = batch.check(folder)
        for check in result["checks"]:
            assert check["status"] in ("passed", "failed", "waiting"), f"{check['id']}: {check['got']}"
            lines = (check["message"] or "").splitlines()
            assert len(lines) <= 12 and all(len(line) <= 80 for line in lines), check["message"]
            assert "\x1b" not in (check["message"] or "")

    try:
        judge()
    finally:
        batch.close()
