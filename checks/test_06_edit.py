"""Step 06: only the author may change or delete a post."""

import json

import pytest

from checks import regression
from checks.regression import MISSING, member, no_secret, refused, register, texts, write
from checks.test_05_posts import POSTS, lists, shown
from workbook.checking import expect, require, todo, waits_for
from workbook.checking.guards import *  # noqa: F403

JSON = "application/json"
FAULTY = [  # bodies that would be refused, if the request got as far as its body
    {"json": {}},
    {"json": {"content": "  "}},
    {"json": {"content": 5}},
    {"data": "null", "content_type": JSON},
    {"data": "{bad", "content_type": JSON},
    {"data": "", "content_type": JSON},
    {"data": "content=x", "content_type": "text/plain"},
    {},
]
METHODS = ["PUT", "DELETE"]
both_methods = pytest.mark.parametrize("method", METHODS)


@pytest.fixture
def ana(client, vary):
    """A user who is logged in on `client`, and not the first one to register."""
    register(client, vary.name(), vary.password())
    return member(client, vary)


@pytest.fixture
def other(new_client, ana, vary):
    """A second client, on which bob is logged in."""
    browser = new_client()
    browser.user = member(browser, vary)
    return browser


def address(post):
    """The path of a post, or of an id."""
    return f"{POSTS}/{post['id'] if isinstance(post, dict) else post}"


def body(vary):
    """A good body."""
    return {"content": vary.text()}


def unchanged(client, *posts):
    """Fails unless the list shows exactly these posts, the newest first."""
    lists(client, *posts, next="A refused request changes nothing: refuse first, change last.")


def updated(post, content):
    """What a PUT that changes the content of a post answers."""
    return {"message": f"Post {post['id']} updated!", "post": {**shown(post), "content": content}}


def deleted(post):
    """What a DELETE of a post answers."""
    return {"message": f"Post {post['id']} deleted!"}


@regression.steps(5)
def test_earlier_steps_still_work(part, client, new_client, vary):
    """What the steps before built still answers."""
    part(client, new_client, vary)


def test_writing_still_needs_a_login(client, new_client, ana, vary):
    """POST /api/posts and GET /api/me still answer 401 to whoever is not logged in."""
    mend = "@app.route stands on top, @login_required below it, directly above `def`: else it guards nothing."
    guest, post = new_client(), write(client, vary.text())
    for _ in range(2):
        refused(guest.post(POSTS, json=body(vary)), 401, next=mend)
        refused(guest.get("/api/me"), 401, next=mend)
        lists(guest, post, next=mend)
    first = "401 comes first: ask current_user() before you read request.json."
    for faulty in FAULTY:
        refused(guest.post(POSTS, **faulty), 401, next=first)
    expect(client.post("/api/logout"), 200)
    refused(client.post(POSTS, json=body(vary)), 401, next=mend)
    refused(client.get("/api/me"), 401, next=mend)
    mend = "A logout needs no login: leave @login_required away from it."
    expect(client.post("/api/logout"), 200, {"message": "Logout successful!"}, next=mend)


def test_reading_still_needs_no_login(client, new_client, ana, vary):
    """The list and a single post stay open to everybody."""
    guest, post = new_client(), write(client, vary.text())
    mend = "Reading is public: put @login_required above views that write, not above those that read."
    lists(guest, post, next=mend)
    expect(guest.get(address(post)), 200, {"post": shown(post)}, next=mend)


def test_other_method_is_405(client, ana, vary):
    """A method that the post does not know is 405, and Allow names those that it knows."""
    post = write(client, vary.text())
    response = client.patch(address(post), json=body(vary))
    expect(response, 405, next="Give each route its methods: PUT to one, DELETE to the other.")
    allowed = response.headers.get("Allow", "")
    require(
        {"GET", "PUT", "DELETE"} <= {name.strip() for name in allowed.split(",")},
        "a header Allow with GET, PUT and DELETE",
        f"Allow: {allowed}" if allowed else "no such header",
        "Flask writes it from the methods of your routes.",
    )


@todo(1)
@both_methods
def test_guest_is_401(client, new_client, ana, vary, method):
    """Whoever is not logged in gets 401 and changes nothing."""
    guest, post = new_client(), write(client, vary.text())
    mend = "In the wrapper: when current_user() gives None, return an error and 401 instead of calling view."
    for _ in range(2):
        refused(guest.open(address(post), method=method, json=body(vary)), 401, next=mend)
    unchanged(guest, post)


@todo(1)
@waits_for("test_guest_is_401")
def test_guest_is_401_before_all_else(client, new_client, ana, vary):
    """A guest gets 401 also for an unknown id and with a faulty body."""
    guest, post = new_client(), write(client, vary.text())
    mend = (
        "401 comes first: login_required stands before the view, which looks for the post and reads the body."
    )
    for method in METHODS:
        refused(guest.open(address(post["id"] + 1000), method=method, json=body(vary)), 401, next=mend)
        refused(guest.open(address(10**24), method=method), 401, next=mend)
        for faulty in FAULTY:
            refused(guest.open(address(post), method=method, **faulty), 401, next=mend)
    unchanged(guest, post)


@todo(1)
@waits_for("test_guest_is_401")
def test_logout_ends_editing(client, other, vary):
    """After a logout the author gets 401, too."""
    post = write(client, vary.text())
    expect(client.post("/api/logout"), 200)
    mend = "Ask current_user() inside of the wrapper, at each request."
    for method in METHODS:
        refused(client.open(address(post), method=method, json=body(vary)), 401, next=mend)
    unchanged(other, post)


@todo(1)
@waits_for("test_guest_is_401")
def test_forged_cookie_is_401(client, new_client, ana, vary):
    """A cookie that somebody made up counts as none."""
    post, number = write(client, vary.text()), str(ana["id"])
    for name, text in (("session", number), ("user_id", number), ("username", ana["username"])):
        stranger = new_client()
        stranger.set_cookie(name, text, domain="localhost")
        for method in METHODS:
            response = stranger.open(address(post), method=method, json=body(vary))
            refused(response, 401, next="Trust nothing but Flask's own session, which checks the signature.")
    unchanged(client, post)


@todo(2)
@both_methods
def test_unknown_id_is_404(client, ana, vary, method):
    """An id that no post has is answered with 404, and nothing is made or lost."""
    mend = "Find the post first; when there is none, return an error and 404."
    refused(client.open(address(1), method=method, json=body(vary)), 404, next=mend)
    posts = [write(client, vary.text()) for _ in range(2)][::-1]
    highest = posts[0]["id"]
    for number in (0, highest + 1, highest + 1000, 2**31 + highest, 2**63, 10**24):
        refused(client.open(address(number), method=method, json=body(vary)), 404, next=mend)
    unchanged(client, *posts)


@todo(2)
@waits_for("test_unknown_id_is_404")
def test_unknown_id_is_404_before_the_body(client, ana, vary):
    """An unknown id gets 404 with a faulty body, too."""
    number = write(client, vary.text())["id"] + 1000
    for method in METHODS:
        for faulty in FAULTY:
            response = client.open(address(number), method=method, **faulty)
            refused(response, 404, next="Look for the post before you read request.json.")


@todo(3)
def test_put_answers_200(client, other, vary):
    """PUT of one's own post answers 200 with the lesson's message and the changed post."""
    posts = [write(browser, vary.text()) for browser in (client, other, client, client)]
    for post in (posts[2], posts[0], posts[3]):
        content = vary.text()
        response = client.put(address(post), json={"content": content})
        mend = {
            403: 'This is the author. Compare post["user_id"] with session["user_id"]; refuse when they differ.',
            404: "This post is there: look for the one whose id it is.",
            None: 'Return {"message": f"Post {id} updated!", "post": post}, with 200.',
        }
        expect(response, 200, {"message": updated(post, content)["message"]}, next=mend)
        expect(response, 200, updated(post, content), next="Change post['content'] and return the post.")
        no_secret(response)


@todo(3)
@waits_for("test_put_answers_200")
def test_put_is_seen_by_everybody(client, new_client, other, vary):
    """Everybody reads the new content, in the old place; the other posts stay as they were."""
    content = vary.text()
    posts = [write(browser, content) for browser in (client, client, other, client)][::-1]
    for place in (2, 0):
        new = vary.text()
        expect(client.put(address(posts[place]), json={"content": new}), 200)
        posts[place] = {**posts[place], "content": new}
        mend = "Change the content of the dict that stands in the list; do not move it or make a new one."
        for browser in (client, other, new_client()):
            expect(browser.get(address(posts[place])), 200, {"post": shown(posts[place])}, next=mend)
            lists(browser, *posts, next=mend)


@todo(3)
@waits_for("test_put_answers_200")
def test_put_trims_and_changes_nothing_else(client, ana, vary):
    """Blanks around the new content are cut off; the rest stays as it was sent."""
    post = write(client, vary.text())
    for content in texts(vary.text()):
        text = json.dumps({"content": content}, ensure_ascii=False).encode()
        response = client.put(address(post), data=text, content_type="application/json; charset=utf-8")
        expect(
            response, 200, updated(post, content.strip()), next="Store content.strip(), as in create_post."
        )
        lists(client, {**post, "content": content.strip()}, next="Store what you answer.")


@todo(3)
@waits_for("test_put_answers_200")
def test_put_changes_the_content_alone(client, other, ana, vary):
    """The id and the author stay, whatever the body says."""
    theirs, post, last = write(other, vary.text()), write(client, vary.text()), write(client, vary.text())
    content = vary.text()
    sent = {
        "content": content,
        "id": theirs["id"],
        "user_id": other.user["id"],
        "author": "x",
        "created_at": "2001-01-01T00:00:00Z",
    }
    mend = "Take the content from the body and nothing else: no update(data)."
    expect(client.put(address(post), json=sent), 200, updated(post, content), next=mend)
    lists(client, last, {**post, "content": content}, theirs, next=mend)
    got = expect(client.get(address(post)), 200, {"post": dict})["post"]
    for key in ("author", "created_at"):
        require(got.get(key) != sent[key], f"no {key} from the body", f"the {key} {sent[key]!r}", mend)
    twin = theirs["content"]
    mend = "A content may come twice."
    expect(client.put(address(post), json={"content": twin}), 200, updated(post, twin), next=mend)


@todo(3)
@waits_for("test_put_answers_200")
def test_put_of_a_faulty_content_is_400(client, ana, vary):
    """A new content that is missing, blank or no text is refused with 400, and the old one stays."""
    post = write(client, vary.text())
    mend = "text_field() gives None for all of these: return the error before you change the post."
    for value in (
        {},
        {"content": None},
        {"content": ""},
        {"content": "  "},
        {"content": " \t\n"},
        {"text": "x"},
    ):
        expect(client.put(address(post), json=value), 400, MISSING, next=mend)
    for value in (5, 0, True, False, ["a"], {"a": "b"}):
        refused(client.put(address(post), json={"content": value}), 400, next=mend)
    unchanged(client, post)


@todo(3)
@waits_for("test_put_answers_200")
def test_put_of_a_faulty_body(client, ana, vary):
    """JSON that is no object is 400, broken JSON 400, another type 415; the old content stays."""
    post = write(client, vary.text())
    for text in ("null", "[]", '"content"', '["content"]', "5", "true"):
        response = client.put(address(post), data=text, content_type=JSON)
        refused(response, 400, next="Valid JSON is not always an object: test isinstance(data, dict).")
    mend = "Read the body with `request.json`, without force or silent."
    for text in ('{"content": ', "content", ""):
        expect(client.put(address(post), data=text, content_type=JSON), 400, next=mend)
    for kind in (None, "text/plain", "application/x-www-form-urlencoded"):
        response = client.put(address(post), data=b'{"content": "hello"}', content_type=kind)
        expect(response, 415, next=mend)
    unchanged(client, post)


@todo(3)
@waits_for("test_put_answers_200")
def test_the_author_may_edit_as_often_as_they_like(client, new_client, ana, vary):
    """An author may change a post again and again, with the same text, and after the next login."""
    post, second = write(client, vary.text()), new_client()
    for number in range(12):
        new = {"content": f"text {number // 2}"}
        expect(client.put(address(post), json=new), 200, updated(post, new["content"]))
    expect(client.post("/api/logout"), 200)
    for browser in (client, second):
        expect(
            browser.post("/api/login", json={"username": ana["username"], "password": ana["password"]}), 200
        )
        new = vary.text()
        mend = "The post belongs to the user: compare user ids, not browsers or logins."
        expect(browser.put(address(post), json={"content": new}), 200, updated(post, new), next=mend)


@todo(4)
def test_delete_answers_200(client, other, vary):
    """DELETE of one's own post answers 200 with the lesson's message, and needs no body."""
    posts = [write(browser, vary.text()) for browser in (client, other, client, client)]
    mend = {
        204: "An answer with 204 has no body, so the message is lost: leave the status out.",
        403: 'This is the author. Compare post["user_id"] with session["user_id"]; refuse when they differ.',
        404: "This post is there: look for the one whose id it is. A DELETE takes this one post away.",
        None: 'Return {"message": f"Post {id} deleted!"}, with 200; read no request.json here.',
    }
    for browser, post in ((client, posts[2]), (other, posts[1])):
        response = browser.delete(address(post))
        expect(response, 200, deleted(post), next=mend)
        no_secret(response)
    mend = "<int:id> in the path lets whole numbers through alone."
    for end in (f"-{posts[3]['id']}", f"{posts[3]['id']}.5"):
        expect(client.delete(f"{POSTS}/{end}"), (404, 405), next=mend)


@todo(4)
@waits_for("test_delete_answers_200")
def test_deleted_post_is_gone(client, new_client, ana, vary):
    """A deleted post is 404 for everybody and for every method, and the list lacks it."""
    first, post, last = (write(client, vary.text()) for _ in range(3))
    expect(client.delete(address(post)), 200, deleted(post))
    mend = "Take the post out of the list: posts.remove(post)."
    for browser in (client, new_client()):
        refused(browser.get(address(post)), 404, next=mend)
        lists(browser, last, first, next=mend)
    for method in ("DELETE", "PUT", "DELETE"):
        refused(client.open(address(post), method=method, json=body(vary)), 404, next=mend)
    unchanged(client, last, first)


@todo(4)
@waits_for("test_delete_answers_200")
def test_delete_leaves_the_other_posts(client, other, vary):
    """The other posts keep their ids, contents and places, also those that say the same."""
    content = vary.text()
    oldest, theirs, middle, newest = (write(browser, content) for browser in (client, other, client, client))
    expect(client.delete(address(middle)), 200, deleted(middle))
    mend = "Delete by id: not by content, by author or by place. An id never changes."
    lists(other, newest, theirs, oldest, next=mend)
    expect(client.delete(address(oldest)), 200, deleted(oldest))
    lists(client, newest, theirs, next=mend)
    for post in (newest, theirs):
        expect(client.get(address(post)), 200, {"post": shown(post)}, next=mend)
    last = write(client, content)
    expect(client.delete(address(last)), 200, deleted(last))
    lists(other, newest, theirs, next=mend)
    expect(other.delete(address(theirs)), 200, deleted(theirs))
    lists(client, newest, next=mend)


@todo(4)
@waits_for("test_delete_answers_200")
def test_no_id_comes_twice(client, ana, vary):
    """A new post gets an id greater than every id before, also after deletions."""
    ids = [write(client, vary.text())["id"] for _ in range(3)]
    there = list(ids)
    for gone in (
        slice(0, 1),
        slice(-1, None),
        slice(None, None, -1),
    ):  # the oldest, the newest, all from the newest on
        for number in there[gone]:
            expect(client.delete(address(number)), 200)
            there.remove(number)
        ids.append(write(client, vary.text())["id"])
        there.append(ids[-1])
        require(
            ids[-1] > max(ids[:-1]),
            f"an id greater than {max(ids[:-1])}",
            f"the id {ids[-1]} after {number} was deleted",
            "Count with a number that only grows: len(posts) + 1 and the highest id + 1 can come twice.",
        )


@todo(4)
@waits_for("test_deleted_post_is_gone")
def test_all_posts_can_be_deleted(client, other, vary):
    """When every post is deleted, the list is empty and one can write again."""
    posts = [write(client, vary.text()) for _ in range(11)]
    for post in posts:
        expect(client.delete(address(post)), 200, deleted(post))
    lists(client, next="The list is empty again: []")
    for browser in (client, other):
        post = write(browser, posts[0]["content"])
        mend = "The counter of ids never begins anew."
        require(post["id"] > posts[-1]["id"], f"an id above {posts[-1]['id']}", f"the id {post['id']}", mend)
        expect(browser.get(address(post)), 200, {"post": shown(post)})
        expect(browser.delete(address(post)), 200, deleted(post))


@todo(5)
@both_methods
def test_stranger_is_403(client, other, vary, method):
    """A user gets 403 for the post of another, whoever of the two registered first."""
    mine, theirs = write(client, vary.text()), write(other, vary.text())
    mend = 'Compare post["user_id"] with session["user_id"]; when they differ, return an error and 403.'
    for browser, post in ((other, mine), (client, theirs)):
        refused(browser.open(address(post), method=method, json=body(vary)), 403, next=mend)
    unchanged(client, theirs, mine)


@todo(5)
@waits_for("test_stranger_is_403")
def test_no_name_opens_a_post_of_another(client, new_client, vary):
    """A user gets 403 whatever the name: the first to register, admin, or one much like the author's."""
    name, password, browsers = vary.name(), vary.password(), []
    for username in ("admin", name.upper(), name[:-1], f"{name}1", name):
        browsers.append(new_client())
        register(browsers[-1], username, password)
        expect(browsers[-1].post("/api/login", json={"username": username, "password": password}), 200)
    *strangers, author = browsers
    post = write(author, vary.text())
    mend = "Compare user ids: no name and no id gives more rights than others have."
    for browser in strangers:
        for method in METHODS:
            refused(browser.open(address(post), method=method, json=body(vary)), 403, next=mend)
    unchanged(client, post)


@todo(5)
@waits_for("test_stranger_is_403")
def test_stranger_is_403_before_the_body(client, other, vary):
    """A user gets 403 for the post of another with a faulty body, too."""
    post = write(client, vary.text())
    for method in METHODS:
        for faulty in FAULTY:
            response = other.open(address(post), method=method, **faulty)
            refused(response, 403, next="Compare the user ids before you read request.json.")
    unchanged(client, post)


@todo(5)
@waits_for("test_stranger_is_403")
def test_nobody_can_claim_to_be_the_author(client, other, ana, vary):
    """Who the author is stands in the post, and who asks in the session: the request cannot say."""
    post = write(client, vary.text())
    mend = "Read the user id from the session and the author from the stored post, never from the request."
    for number in (ana["id"], other.user["id"]):
        claim = {**body(vary), "user_id": number, "id": post["id"], "author": ana["username"]}
        for method in METHODS:
            response = other.open(f"{address(post)}?user_id={number}", method=method, json=claim)
            refused(response, 403, next=mend)
    unchanged(client, post)


@todo(5)
@waits_for("test_stranger_is_403")
def test_the_next_user_of_a_browser_is_403(client, ana, vary):
    """A second user who logs in on the author's browser gets 403."""
    post = write(client, vary.text())
    member(client, vary)
    second = write(client, vary.text())
    for method in METHODS:
        response = client.open(address(post), method=method, json=body(vary))
        refused(response, 403, next="Compare with the user who is logged in now; a browser is no user.")
    unchanged(client, second, post)


@todo(5)
@waits_for("test_put_answers_200")
@waits_for("test_delete_answers_200")
@waits_for("test_stranger_is_403")
def test_the_author_may_after_a_stranger_was_refused(client, other, vary):
    """A refused stranger does not keep the author from changing and deleting the post."""
    mine, theirs = write(client, vary.text()), write(other, vary.text())
    for browser, stranger, post in ((client, other, mine), (other, client, theirs)):
        refused(stranger.put(address(post), json=body(vary)), 403)
        content = vary.text()
        expect(browser.put(address(post), json={"content": content}), 200, updated(post, content))
        refused(stranger.delete(address(post)), 403)
        expect(browser.delete(address(post)), 200, deleted(post))
    lists(client, next="Both authors have deleted their posts.")
