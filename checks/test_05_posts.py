"""Step 05: posts that belong to somebody, and that everybody may read."""

import json

import pytest

from checks import regression
from checks.regression import CREATED, MISSING, member, no_secret, refused, register, texts, write
from workbook.checking import expect, require, todo, waits_for
from workbook.checking.guards import *  # noqa: F403

POSTS = "/api/posts"
MANY = 101  # more than any round number at which a program might stop


@pytest.fixture
def ana(client, vary):
    """A user who is logged in on `client`, and not the first one to register."""
    register(client, vary.name(), vary.password())
    return member(client, vary)


def shown(post):
    """What every answer tells of a post."""
    return {"id": post["id"], "content": post["content"], "user_id": post["user_id"]}


def lists(client, *posts, next="Answer with the whole list, turned round: posts[::-1] makes a new one."):
    """Fails unless GET /api/posts lists exactly these posts, in this order."""
    expect(client.get(POSTS), 200, {"posts": [shown(post) for post in posts]}, next=next)


@regression.steps(4)
def test_earlier_steps_still_work(part, client, new_client, vary):
    """What the steps before built still answers."""
    part(client, new_client, vary)


@todo(2)
def test_guest_cannot_write(client, vary):
    """A post of somebody who is not logged in is refused with 401."""
    response = client.post(POSTS, json={"content": vary.text()})
    refused(response, 401, next="Ask current_user() first: when it gives None, return an error and 401.")


@todo(2)
def test_creating_answers_201(client, ana, vary):
    """A post answers 201 with the lesson's message and the post: id, content, user_id."""
    content = vary.text()
    response = client.post(POSTS, json={"content": content})
    expect(response, 201, {"message": CREATED}, next="Return the message and the post first, then 201.")
    wanted = {"post": {"id": int, "content": content, "user_id": ana["id"]}}
    post = expect(response, 201, wanted, next='The author is the user of the session: session["user_id"].')[
        "post"
    ]
    require(post["id"] > 0, "an id above 0", f"the id {post['id']}", "Begin to count at 1.")
    no_secret(response, ana["password"])


@todo(2)
@waits_for("test_creating_answers_201")
def test_content_is_trimmed_and_nothing_else(client, ana, vary):
    """Blanks around the content are cut off; the rest stays as it was sent."""
    for content in texts(vary.text()):
        kept = content.strip()
        mend = "Store content.strip()." if kept != content else "Keep the text as it came: change no letter."
        expect(client.post(POSTS, json={"content": content}), 201, {"post": {"content": kept}}, next=mend)


@todo(2)
@waits_for("test_creating_answers_201")
def test_content_type_with_charset(client, ana, vary):
    """A Content-Type with a charset, and a body in raw UTF-8, are fine."""
    content = f"naïve 😀 {vary.text()}"
    body = json.dumps({"content": content}, ensure_ascii=False).encode()
    for kind in ("application/json; charset=utf-8", "Application/JSON"):
        response = client.post(POSTS, data=body, content_type=kind)
        expect(response, 201, {"post": {"content": content}}, next="Leave the reading to `request.json`.")


@todo(2)
def test_missing_content_is_400(client, ana):
    """A content that is absent, null, empty or blank is refused with 400."""
    for body in (
        {},
        {"content": None},
        {"content": ""},
        {"content": "   "},
        {"content": " \t\n"},
        {"text": "x"},
    ):
        expect(client.post(POSTS, json=body), 400, MISSING, next="text_field() gives None for all of these.")


@todo(2)
def test_content_that_is_no_text_is_400(client, ana):
    """A content that is no text is refused with 400."""
    for value in (5, 0, 1.5, True, False, ["a"], ["a", "b"], [], {"a": "b"}, {}):
        refused(
            client.post(POSTS, json={"content": value}),
            400,
            next="text_field() tests isinstance(value, str): use it here, too.",
        )


@todo(2)
def test_body_that_is_no_object_is_400(client, ana):
    """A body that is JSON but no object is refused with 400."""
    for body in ("null", "[]", '"content"', '["content"]', "5", "true"):
        response = client.post(POSTS, data=body, content_type="application/json")
        refused(response, 400, next="Valid JSON is not always an object: test isinstance(data, dict).")


@todo(2)
def test_body_that_is_no_json(client, ana):
    """A body of another type is refused with 415, broken or empty JSON with 400."""
    for kind in (None, "text/plain", "application/x-www-form-urlencoded"):
        response = client.post(POSTS, data=b'{"content": "hello"}', content_type=kind)
        expect(response, 415, next="Read the body with `request.json`, without force or silent.")
    for body in ('{"content": ', "content", ""):
        response = client.post(POSTS, data=body, content_type="application/json")
        expect(response, 400, next="Read the body with `request.json`: it answers 400 by itself.")


@todo(2)
@waits_for("test_creating_answers_201")
def test_fields_of_the_server_are_ignored(client, new_client, ana, vary):
    """A client cannot choose the author or the id; further fields are ignored."""
    bob = member(new_client(), vary)
    first = write(client, vary.text())
    body = {
        "content": vary.text(),
        "user_id": bob["id"],
        "id": first["id"],
        "author": bob["username"],
        "created_at": "2001-01-01T00:00:00Z",
    }
    response = client.post(POSTS, json=body)
    mend = "The author comes from the session, never from the body: a body can claim anything."
    wanted = {"post": {"content": body["content"], "user_id": ana["id"]}}
    post = expect(response, 201, wanted, next=mend)["post"]
    for key in ("author", "created_at"):
        require(post.get(key) != body[key], f"no {key} from the body", f"the {key} {body[key]!r}", mend)
    mend = "Take the id from your own counter; read nothing but the content from the body."
    require(post["id"] != first["id"], "an id of its own", f"the id {post['id']} that the client sent", mend)
    expect(
        client.post(POSTS, json={**body, "id": 777_777, "user_id": "x"}),
        201,
        {"post": {"user_id": ana["id"]}},
    )


@todo(2)
@waits_for("test_creating_answers_201")
def test_each_client_writes_in_its_own_name(client, new_client, ana, vary):
    """Each post belongs to the user who is logged in on the client that sent it."""
    other = new_client()
    bob = member(other, vary)
    register(client, vary.name(), vary.password())
    mend = "Ask the session at each request who is there; a global belongs to all browsers."
    for browser, user in ((client, ana), (other, bob), (client, ana)):
        response = browser.post(POSTS, json={"content": vary.text()})
        expect(response, 201, {"post": {"user_id": user["id"]}}, next=mend)
    carl = member(client, vary)
    response = client.post(POSTS, json={"content": vary.text()})
    expect(response, 201, {"post": {"user_id": carl["id"]}}, next=mend)


@todo(2)
@waits_for("test_creating_answers_201")
def test_logout_ends_writing(client, new_client, ana, vary):
    """After a logout a post is refused with 401; other clients may still write."""
    other = new_client()
    member(other, vary)
    write(client, vary.text())
    expect(client.post("/api/logout"), 200)
    response = client.post(POSTS, json={"content": vary.text()})
    refused(response, 401, next="Ask current_user() at each request: after a logout it gives None.")
    write(other, vary.text())


@todo(2)
@waits_for("test_creating_answers_201")
def test_forged_cookie_is_401(client, new_client, ana, vary):
    """A cookie that somebody made up counts as none."""
    write(client, vary.text())
    number = str(ana["id"])
    for name, text in (
        ("session", number),
        ("session", f"{number}.x.y"),
        ("user_id", number),
        ("user", number),
    ):
        stranger = new_client()
        stranger.set_cookie(name, text, domain="localhost")
        response = stranger.post(POSTS, json={"content": vary.text()})
        refused(response, 401, next="Trust nothing but Flask's own session, which checks the signature.")


@todo(2)
@waits_for("test_creating_answers_201")
def test_ids_grow(client, new_client, ana, vary):
    """Every post gets an id of its own, and each is greater than those before."""
    other = new_client()
    member(other, vary)
    ids = [write(browser, vary.text())["id"] for browser in (client, client, other, client, other)]
    require(
        ids == sorted(set(ids)),
        "five ids, each greater than the one before",
        f"the ids {ids}",
        "Raise the counter by one after each post, whoever writes it.",
    )


@todo(2)
@waits_for("test_creating_answers_201")
def test_the_hundredth_user_is_like_the_first(client, ana, vary):
    """Any number of users may register, log in and write."""
    users = [register(client, vary.name(), vary.password()) for _ in range(MANY)]
    got = expect(client.get("/api/users"), 200, {"users": list})["users"]
    mend = "List all users: no slice, no limit."
    require(len(got) == MANY + 2, f"{MANY + 2} users", f"{len(got)} users", mend)
    require(
        got[-MANY:] == [{**one, **user} for one, user in zip(got[-MANY:], users, strict=True)],
        "the users, the oldest first",
        "the users in another order",
        mend,
    )
    last = member(client, vary)
    response = client.post(POSTS, json={"content": vary.text()})
    expect(response, 201, {"post": {"user_id": last["id"]}}, next="Look for the user among all of them.")


@todo(3)
def test_list_starts_empty(client):
    """GET /api/posts lists nothing at the start, and needs no login."""
    expect(
        client.get(POSTS),
        200,
        {"posts": []},
        next={401: "Everybody may read: no login here.", None: "The list begins empty."},
    )


@todo(3)
@waits_for("test_creating_answers_201")
def test_list_shows_newest_first(client, new_client, ana, vary):
    """GET /api/posts lists every post with its author's id, the newest first."""
    other = new_client()
    member(other, vary)
    posts = []
    for browser in (client, other, client):
        posts.insert(0, write(browser, vary.text()))
        lists(client, *posts)


@todo(3)
@waits_for("test_list_shows_newest_first")
def test_list_is_the_same_for_everybody(client, new_client, ana, vary):
    """Every client gets the same list each time, a guest too."""
    other, guest = new_client(), new_client()
    member(other, vary)
    first, second = write(client, vary.text()), write(other, vary.text())
    mend = "Reading needs no login and changes nothing: posts.reverse() would turn your own list round."
    for browser in (guest, client, other, guest):
        lists(browser, second, first, next=mend)
    third = write(client, vary.text())
    lists(guest, third, second, first, next=mend)


@todo(3)
@waits_for("test_list_shows_newest_first")
def test_list_survives_logout(client, new_client, ana, vary):
    """Posts stay when their author logs out."""
    first = write(client, vary.text())
    expect(client.post("/api/logout"), 200)
    lists(client, first, next="Keep the posts in a list of the module, not in the session.")
    member(client, vary)
    lists(client, write(client, vary.text()), first, next="Keep the posts in a list of the module.")


@todo(3)
@waits_for("test_list_shows_newest_first")
def test_same_content_makes_two_posts(client, ana, vary):
    """Two posts may say the same."""
    content = vary.text()
    first = write(client, content)
    second = write(client, content)
    lists(client, second, first, next="A content may come twice: each request makes a post of its own.")


@todo(3)
@waits_for("test_list_shows_newest_first")
def test_refused_post_is_not_stored(client, new_client, ana, vary):
    """A refused request stores nothing."""
    guest, content = new_client(), vary.text()
    post = write(client, content)
    mend = "Check everything first, append last."
    for browser, body in (
        (guest, {"content": vary.text()}),
        (client, {"content": " "}),
        (client, {"content": 5}),
        (client, {"contents": vary.text()}),
        (client, None),
        (client, [vary.text()]),
    ):
        browser.post(POSTS, json=body)
        lists(client, post, next=mend)
    second = write(client, vary.text())
    require(second["id"] > post["id"], f"an id above {post['id']}", f"the id {second['id']}", mend)
    lists(client, second, post, next=mend)


@todo(3)
@waits_for("test_list_shows_newest_first")
def test_list_shows_no_secret(client, ana, vary):
    """The list holds neither a password nor a hash."""
    write(client, vary.text())
    no_secret(client.get(POSTS), ana["password"])


@todo(3)
@waits_for("test_list_shows_newest_first")
def test_list_has_no_end(client, ana, vary):
    """However many posts there are, the list shows them all."""
    posts = [write(client, f"{vary.text()} {number}") for number in range(MANY)][::-1]
    got = expect(client.get(POSTS), 200, {"posts": list})["posts"]
    mend = "List all posts: no slice, no limit. Pages come in step 07."
    require(len(got) == MANY, f"{MANY} posts", f"{len(got)} posts", mend)
    ids = [post["id"] for post in posts]
    require(
        ids == sorted(set(ids), reverse=True),
        "ids that grow",
        "an id that does not",
        "A counter that only grows.",
    )
    wrong = next((place for place, post in enumerate(got) if post != {**post, **shown(posts[place])}), None)
    mend = "The newest first: posts[::-1], or sorted by the id as a number."
    require(wrong is None, "the newest post first, the oldest last", f"another post at place {wrong}", mend)


@todo(4)
@waits_for("test_creating_answers_201")
def test_one_post_is_shown(client, ana, vary):
    """GET /api/posts/<id> shows the post with this id."""
    posts = [write(client, vary.text()) for _ in range(12)]
    for post in (*posts, posts[0]):
        response = client.get(f"{POSTS}/{post['id']}")
        mend = 'Write <int:id> in the path and compare it with post["id"]; a place in the list is no id.'
        expect(response, 200, {"post": shown(post)}, next=mend)
        no_secret(response, ana["password"])


@todo(4)
@waits_for("test_one_post_is_shown")
def test_everybody_reads_one_post(client, new_client, ana, vary):
    """Guests and other users may read a post, also after its author has logged out."""
    other, guest = new_client(), new_client()
    bob = member(other, vary)
    post, second = write(client, vary.text()), write(other, vary.text())
    require(second["user_id"] == bob["id"], "the post of the second user", f"a post of {second['user_id']}")
    expect(client.post("/api/logout"), 200)
    mend = "Reading needs no login."
    for browser in (guest, other, client):
        expect(browser.get(f"{POSTS}/{post['id']}"), 200, {"post": shown(post)}, next=mend)
        expect(browser.get(f"{POSTS}/{second['id']}"), 200, {"post": shown(second)}, next=mend)


@todo(4)
@waits_for("test_one_post_is_shown")
def test_unknown_id_is_404(client, ana, vary):
    """An id that no post has is answered with 404 and an error."""
    mend = "When no post has this id, return an error and 404."
    for number in (0, 1, 2):
        refused(client.get(f"{POSTS}/{number}"), 404, next=mend)
    highest = max(write(client, vary.text())["id"] for _ in range(3))
    for number in (
        0,
        highest + 1,
        highest + 1000,
        10**6 + highest,
        2**31 + highest,
        2**32 + highest,
        2**63,
        2**64 + highest,
        10**24,
    ):
        answer = client.get(f"{POSTS}/{number}")
        refused(answer, 404, next=mend)
        no_secret(answer, ana["password"])
    post = write(client, vary.text())
    expect(client.get(f"{POSTS}/{post['id']}"), 200, {"post": post}, next="Look again at each request.")


@todo(4)
@waits_for("test_one_post_is_shown")
def test_id_that_is_no_number_is_404(client, ana, vary):
    """An address whose end is no id is answered with 404."""
    post = write(client, vary.text())
    mend = "<int:id> in the path lets whole numbers through alone."
    for end in ("abc", f"{post['id']}x", f"-{post['id']}", f"{post['id']}.5"):
        expect(client.get(f"{POSTS}/{end}"), (404, 405), next=mend)


@todo(4)
@waits_for("test_list_shows_newest_first")
@waits_for("test_one_post_is_shown")
def test_list_and_one_post_agree(client, new_client, ana, vary):
    """Each post of the list can be read alone, says the same there, and reading changes nothing."""
    other = new_client()
    member(other, vary)
    claim = {"id": 777_777, "user_id": ana["id"] - 1}  # what a body claims is stored nowhere
    posts = [
        write((client, other)[number % 2], text, **claim) for number, text in enumerate(texts(vary.text()))
    ][::-1]
    mend = "The list and one post show the same dict; reading changes nothing."
    for post in posts:
        expect(client.get(f"{POSTS}/{post['id']}"), 200, {"post": shown(post)}, next=mend)
    lists(client, *posts, next=mend)
