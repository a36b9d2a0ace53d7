"""Step 03: register and list users, safely."""

import base64
import json

import pytest

from checks import regression
from checks.regression import MISSING, REGISTERED, no_secret, refused, register
from workbook.checking import expect, require, todo, waits_for
from workbook.checking.guards import *  # noqa: F403

USERS = "/api/users"


def listed(client):
    """The users that GET /api/users lists."""
    return expect(client.get(USERS), 200, {"users": list})["users"]


@regression.steps(2)
def test_earlier_steps_still_work(part, client, new_client, vary):
    """What the steps before built still answers."""
    part(client, new_client, vary)


@todo(1)
def test_body_that_is_no_object_is_400(client):
    """A body that is JSON but no object is refused with 400."""
    mend = "Valid JSON is not always an object: test isinstance(data, dict)."
    whole = json.dumps({"username": "ana", "password": "long enough"})
    for body in ("null", "[]", '"x"', "5", "true", '["x"]', f"[{whole}]", json.dumps(whole)):
        expect(client.post(USERS, data=body, content_type="application/json"), 400, next=mend)


@todo(2)
@pytest.mark.parametrize("field", ["username", "password"])
def test_missing_field_is_400(client, vary, field):
    """A username or password that is absent, null, empty or blank is refused with 400."""
    body = {"username": vary.name(), "password": vary.password()}
    absent = "A field that is absent is missing: text_field gives None for it, as .get does."
    expect(
        client.post(USERS, json={key: body[key] for key in body if key != field}), 400, MISSING, next=absent
    )
    null = "null comes as None, which is a missing field: test isinstance(value, str) before you strip."
    mends = {
        None: null,
        "": "An empty text is false: `not value`.",
        "   ": "Use strip() before you test for an empty text.",
        " \t\n": "Use strip() before you test for an empty text.",
    }
    for value, mend in mends.items():
        expect(client.post(USERS, json={**body, field: value}), 400, MISSING, next=mend)
    expect(client.post(USERS, json={}), 400, MISSING)


@todo(2)
@pytest.mark.parametrize("field", ["username", "password"])
def test_field_that_is_no_text_is_400(client, vary, field):
    """A username or password that is no text is refused with 400."""
    for value in (5, 0, 1.5, True, False, ["a"], [vary.password()], [], {"a": 1}, {}):
        body = {"username": vary.name(), "password": vary.password(), field: value}
        refused(client.post(USERS, json=body), 400, next="Test isinstance(value, str) first.")


@todo(4)
def test_taken_name_is_409(client, vary):
    """A username that is taken is refused with 409."""
    name = vary.name()
    client.post(USERS, json={"username": name, "password": vary.password()})
    again = client.post(USERS, json={"username": name, "password": vary.password()})
    mend = (
        "409 is Conflict: this name was registered a moment before. Look for it before you store the next; "
    )
    refused(again, 409, next=f"{mend}and store each user: users.append(user).")


@todo(4)
@waits_for("test_taken_name_is_409")
def test_taken_name_with_blanks_is_409(client, vary):
    """A taken username with blanks around it is the same name."""
    name = vary.name()
    client.post(USERS, json={"username": name, "password": vary.password()})
    again = client.post(USERS, json={"username": f" {name} ", "password": vary.password()})
    refused(again, 409, next="Trim the name before you look for it.")


@todo(5)
def test_registering_answers_201(client, vary):
    """Registering a user answers 201 with the lesson's message and the user."""
    name = vary.name()
    response = client.post(USERS, json={"username": name, "password": vary.password()})
    wanted = {"message": REGISTERED, "user": {"id": int, "username": name}}
    mend = {
        409: "This name was free. Look for it among the others before you store the user.",
        None: "Created is 201: return the body first, then the status.",
    }
    user = expect(response, 201, wanted, next=mend)["user"]
    require(user["id"] > 0, "an id above 0", f"the id {user['id']}")


@todo(5)
@waits_for("test_registering_answers_201")
def test_name_is_trimmed(client, vary):
    """Blanks around a username are cut off."""
    name = vary.name()
    response = client.post(USERS, json={"username": f"\n  {name}\t\r\n", "password": vary.password()})
    expect(response, 201, {"user": {"username": name}}, next="Store username.strip().")


@todo(5)
@waits_for("test_registering_answers_201")
def test_content_type_with_charset(client, vary):
    """A Content-Type with a charset, or in other letter case, and a body in raw UTF-8, are fine."""
    for kind in ("application/json; charset=utf-8", "Application/JSON"):
        name = f"é😀 {vary.name()}"
        body = json.dumps({"username": name, "password": vary.password()}, ensure_ascii=False).encode()
        expect(client.post(USERS, data=body, content_type=kind), 201, {"user": {"username": name}})


@todo(5)
@waits_for("test_registering_answers_201")
def test_case_makes_another_name(client, vary):
    """The same letters in another case are another name."""
    name = vary.name()
    first = register(client, name, vary.password())
    second = register(client, name.capitalize(), vary.password())
    mend = "Add 1 to next_user_id after each user."
    require(first["id"] != second["id"], "two different ids", f"the id {second['id']} twice", mend)


@todo(5)
@waits_for("test_registering_answers_201")
def test_ids_differ(client, vary):
    """Every user gets an id of its own."""
    ids = [register(client, vary.name(), vary.password())["id"] for _ in range(4)]
    require(len(set(ids)) == 4, "four different ids", f"the ids {ids}", "Raise the number after each user.")


@todo(5)
@waits_for("test_registering_answers_201")
def test_password_is_never_kept(client, program, vary):
    """The password itself stands nowhere in the program's memory, in no spelling of it."""
    password = vary.password()
    register(client, vary.name(), password)
    data = password.encode()
    for form in (password, password[::-1], base64.b64encode(data).decode(), data.hex()):
        found = program.probe("holds_text", text=form)
        require(
            not found,
            "only a hash of the password",
            f"the password in {found}" + (f", as {form!r}" if form != password else ""),
            "Store generate_password_hash(password); from a hash nobody can read the password.",
        )


@todo(5)
@waits_for("test_registering_answers_201")
def test_fields_of_the_server_are_ignored(client, vary):
    """A client cannot choose the id; further fields are ignored."""
    first = register(client, vary.name(), vary.password())
    body = {"username": vary.name(), "password": vary.password(), "id": first["id"], "admin": True}
    body |= {"user_id": first["id"], "author": first["username"], "created_at": "2001-01-01T00:00:00Z"}
    second = expect(client.post(USERS, json=body), 201, {"user": {"id": int}})["user"]
    require(
        second["id"] != first["id"], "an id of the server's own", f"the id {first['id']} that the client sent"
    )


@todo(6)
def test_list_starts_empty(client):
    """GET /api/users lists nobody at the start."""
    expect(client.get(USERS), 200, {"users": []}, next="Return the list under the key users.")


@todo(6)
@waits_for("test_registering_answers_201")
def test_list_shows_users_oldest_first(client, new_client, vary):
    """GET /api/users lists the users, the oldest first, to every client."""
    other = new_client()
    users = [register((client, other)[place % 2], vary.name(), vary.password()) for place in range(25)]
    for one in (client, other, new_client()):
        got = expect(one.get(USERS), 200, {"users": list})["users"]
        expect(one.get(USERS), 200, {"users": [{"id": u["id"], "username": u["username"]} for u in users]})
        require(len(got) == 25, "25 users", f"{len(got)} users", "List all users: no slice, no limit.")
        require(
            len({user["id"] for user in got}) == 25, "25 different ids", f"the ids {[u['id'] for u in got]}"
        )


@todo(6)
@waits_for("test_list_shows_users_oldest_first")
def test_only_the_same_name_is_taken(client, new_client, vary):
    """Names that are alike are other names, and every name that is taken stays so, whoever asks."""
    name, password = vary.name(), vary.password()
    names = [f"{name}é", name, f"{name}e\u0301", f"{name}É", f"{name[0]} {name[1:]}", name.upper()]
    names += [f"{name}x", name[:-1], "x" * 79 + "a", "x" * 79 + "b"]
    for one in names:
        register(client, one, password)
    for one in reversed(names):
        again = new_client().post(USERS, json={"username": one, "password": vary.password()})
        refused(again, 409, next="Look for the name among all users.")
    got = [user["username"] for user in listed(client)]
    mend = "Compare the whole name, letter by letter."
    require(got == names, "the ten names, the oldest first", f"{len(got)} names, the last {got[-1:]}", mend)


@todo(6)
@waits_for("test_list_shows_users_oldest_first")
def test_name_stays_as_it_was_sent(client, vary):
    """Whatever else a name is made of stays: signs, blanks inside, other scripts, many letters or one."""
    name = vary.name()
    names = [
        "x",
        "0",
        "007",
        "null",
        "admin",
        f"a  {name}.",
        f"<b>{name}</b> & %41 '\"\\",
        f"@{name}",
        f"a\tb\n{name}",
    ]
    names += ["漢字 😀", "e\u0301 ﬁ", (name * 20)[:80], "é" * 80]
    mend = "Store username.strip(), and change nothing else."
    for one in names:
        response = client.post(USERS, json={"username": one, "password": f" {vary.password()} é😀"})
        expect(response, 201, {"user": {"username": one}}, next=mend)
    got = [user["username"] for user in listed(client)]
    require(got == names, "every name as it was sent", f"also {set(got) - set(names)}", mend)


@todo(6)
@waits_for("test_list_shows_users_oldest_first")
def test_answers_hold_no_password(client, vary):
    """No answer holds a password or its hash."""
    name, password = vary.name(), vary.password()
    no_secret(client.post(USERS, json={"username": name, "password": password}), password)
    no_secret(client.get(USERS), password)
    for refused_name in (name, " ", 5):
        no_secret(client.post(USERS, json={"username": refused_name, "password": password}), password)
    no_secret(client.post(USERS, json={"password": password}), password)


@todo(6)
@waits_for("test_list_shows_users_oldest_first")
def test_refused_request_changes_nothing(client, vary):
    """A refused request stores nobody and reserves no name."""
    name, password = vary.name(), vary.password()
    client.post(USERS, json={"username": name})
    client.post(USERS, json={"username": name, "password": 7})
    expect(client.get(USERS), 200, {"users": []})
    user = register(client, name, password)
    client.post(USERS, json={"username": name, "password": vary.password()})
    require(len(listed(client)) == 1, "one user after a refused second", f"{len(listed(client))} users")
    expect(client.get(USERS), 200, {"users": [user]})


def test_body_that_is_no_json_is_400(client):
    """Broken or empty JSON is refused with 400."""
    mend = "Let `request.json` read the body: it refuses what is no JSON by itself."
    for body in ('{"username": "ana"', "", "{bad", "ana"):
        expect(client.post(USERS, data=body, content_type="application/json"), 400, next=mend)


def test_other_content_type_is_415(client):
    """A body whose Content-Type is not JSON is refused with 415."""
    body = b'{"username": "ana", "password": "long enough"}'
    form = "application/x-www-form-urlencoded"
    for kind, sent in (
        (None, body),
        ("text/plain", body),
        ("application/xml", body),
        (form, body),
        (form, b"username=ana&password=long+enough"),
    ):
        response = client.post(USERS, data=sent, content_type=kind)
        expect(response, 415, next="Read the body with `request.json`.")
