"""Step 02: read the JSON that a client sends."""

import json

from checks import regression
from workbook.checking import expect, require, todo, waits_for
from workbook.checking.guards import *  # noqa: F403


def same(one, other):
    """Whether two JSON values are equal; true is no 1 here."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def echoed(client, value, content_type="application/json", ascii=True):
    """Sends a value and requires it back, unchanged."""
    body = json.dumps(value, ensure_ascii=ascii).encode()
    response = client.post("/echo", data=body, content_type=content_type)
    form = 'Return a dict with this key: {"you_sent": data}, with what `request.json` read, and no status.'
    got = expect(response, 200, next=form)
    wrapped = isinstance(got, dict) and "you_sent" in got
    require(
        wrapped and same(got["you_sent"], value),
        f"200 {json.dumps({'you_sent': value}, ensure_ascii=False)}",
        f"200 {json.dumps(got, ensure_ascii=False)}",
        "Send back what came, also when it is null, 0 or empty; `request.form` is for forms."
        if wrapped
        else form,
    )


@regression.steps(1)
def test_earlier_steps_still_work(part, client, new_client, vary):
    """What the steps before built still answers."""
    part(client, new_client, vary)


@todo(2)
def test_get_is_405(client):
    """GET /echo answers 405, since the route is for POST."""
    expect(client.get("/echo"), 405, next='Name the method: @app.route("/echo", methods=["POST"]).')


@todo(3)
def test_object_comes_back(client, vary):
    """POST /echo sends an object back under you_sent."""
    echoed(client, {"name": vary.name(), "number": vary.number()})


@todo(3)
@waits_for("test_object_comes_back")
def test_nested_value_comes_back(client, vary):
    """Objects and lists inside of each other come back, with the lists in their order."""
    echoed(client, {"a": {"b": [{"c": [vary.number(), None, {"d": {}}]}]}})
    echoed(client, [3, "two", [1], {}])


@todo(3)
@waits_for("test_object_comes_back")
def test_value_that_is_no_object_comes_back(client, vary):
    """A text, a number, true and false come back too."""
    for value in (vary.text(), vary.number(), -0.5, 1e308, True):
        echoed(client, value)


@todo(3)
@waits_for("test_object_comes_back")
def test_null_comes_back(client):
    """null comes back as null."""
    echoed(client, None)


@todo(3)
@waits_for("test_object_comes_back")
def test_empty_value_comes_back(client):
    """Empty values come back: {}, [], an empty text, 0, false."""
    for value in ({}, [], "", 0, False, {"null": None, "zero": 0, "empty": ""}):
        echoed(client, value)


@todo(3)
@waits_for("test_object_comes_back")
def test_all_letters_survive(client, vary):
    """Accents, other scripts and emoji come back as they were sent, escaped or as raw UTF-8."""
    value = {"text": f"é ß 你好 😀 {vary.text()}", "ключ": "\u2028"}
    echoed(client, value)
    echoed(client, value, ascii=False)


@todo(3)
@waits_for("test_object_comes_back")
def test_nothing_is_mended(client, vary):
    """Texts, keys, numbers and lists come back as sent: not trimmed, sorted or rounded."""
    words = [f" {vary.text()}\t", "a\r\nb", "e\u0301 ﬁ", "<b> & &amp; %41 \\n", "007", "null", '{"a": 1}']
    numbers = [3, 1, 2, 2, 1, -7, 0.1234567890123456, 1.5e-300, 2**53 + 1, -(2**63) - 1, 10**30 + 1]
    keys = {" Two Words ": True, "": None, "ß": "", "password": "x", "you_sent": [False, 0, 1, True]}
    for text in words:
        echoed(client, text)
    echoed(client, {**keys, "list": numbers, "many": list(range(40)), "words": words})
    echoed(client, -vary.number())
    echoed(client, [True, False, 1, 0, *range(40)])
    deep = vary.number()
    for _ in range(20):
        deep = {"in": [deep]}
    echoed(client, deep)
    echoed(client, f"{vary.text()} " * 200)


@todo(3)
@waits_for("test_object_comes_back")
def test_content_type_may_vary(client, vary):
    """A Content-Type with a charset, or in other letter case, is JSON too."""
    for kind in ("application/json; charset=utf-8", "Application/JSON"):
        echoed(client, {"text": vary.text()}, content_type=kind)


@todo(3)
def test_other_content_type_is_415(client):
    """A body whose Content-Type is not JSON is refused with 415."""
    mend = "Leave force=True, silent=True and get_data() out: `request.json` refuses other types by itself."
    for kind in (
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/octet-stream",
        None,
    ):
        expect(client.post("/echo", data=b'{"a": 1}', content_type=kind), 415, next=mend)


@todo(3)
def test_broken_json_is_400(client):
    """A body that is no JSON is refused with 400."""
    mend = "Leave silent=True and `try` out: `request.json` refuses it by itself."
    for body in ("{bad", "", "  ", "{'a': 1}", '{"a": 1,}', '{"a": 1} x', "nope"):
        expect(client.post("/echo", data=body, content_type="application/json"), 400, next=mend)


@todo(3)
@waits_for("test_object_comes_back")
def test_requests_do_not_mix(client, new_client, vary):
    """Each request gets its own value back."""
    other = new_client()
    for _ in range(3):
        echoed(client, [vary.text()])
        echoed(other, {"other": vary.number()})
        echoed(client, {vary.name(): vary.number()})
