"""Step 09: questions across tables. The author of a post, the posts of a user, and an account that is closed."""

import re
from collections import Counter

import pytest

from checks import regression
from checks.regression import member, no_secret, public, refused, register, write
from workbook.checking import advise, expect, require, todo, waits_for
from workbook.checking.guards import *  # noqa: F403

POSTS, USERS, ME = "/api/posts", "/api/users", "/api/me"
DATA = re.compile(r"\W*(SELECT|WITH|VALUES|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
NAMED = "Add author to what post_json returns: post.author.username, a text."
COUNT = "Count in the database, where Post.user_id is the id of this user."
GONE = "First look the user up; where there is none: return {...}, 404."
HUGE = "An id above MAX_ID overflows the database, so it counts as unknown, as in find_post."
EXACT = "Compare the whole name with ==: User.username == author. No LIKE, no lower()."
PUBLIC = "Reading needs no login: answer it whatever the session says."
LOOK_UP = "An old session names a user who is gone: look the user up, and where there is none, 401."
CASCADE = 'Let the posts go with their author: cascade="all, delete-orphan" on User.posts.'


@pytest.fixture
def guest(new_client):
    """A client that is not logged in."""
    return new_client()


@pytest.fixture
def other(new_client):
    """A client for a second user."""
    return new_client()


def log_in(client, user):
    """The answer to a login."""
    return client.post("/api/login", json={"username": user["username"], "password": user["password"]})


def named(client, vary, name):
    """A new user with this name, logged in on this client."""
    password = vary.password()
    user = {**register(client, name, password), "password": password}
    expect(log_in(client, user), 200)
    return user


def address(thing, *parts):
    """Where a user or a post stands."""
    kind = USERS if "username" in thing else POSTS
    return "/".join([kind, str(thing["id"]), *parts])


def ids(posts):
    """The ids of posts, the newest first, as a part of a body."""
    return [{"id": post["id"]} for post in reversed(posts)]


def by_author(client, name, **query):
    """The posts of an author, filtered by the program."""
    return client.get(POSTS, query_string={"author": name, **query})


@regression.steps(8)
def test_earlier_steps_still_work(part, client, new_client, vary):
    """What the steps before built still answers."""
    part(client, new_client, vary)


def test_data_survive_a_restart(program, client, new_client, vary):
    """Users and posts survive a restart, no file holds a password, and a lost race is a 409."""
    regression.stored(program, client, new_client, vary)


def test_id_that_is_no_number_is_404(client):
    """An id that is no number is a 404."""
    for path in (f"{USERS}/abc", f"{USERS}/abc/posts"):
        expect(client.get(path), 404, next="Take only whole numbers: <int:id>.")


def test_post_of_nobody(program, client, vary):
    """The database is asked whether it takes a post whose user does not exist."""
    user = member(client, vary)
    write(client, vary.text())
    values = {"content": vary.text(), "user_id": user["id"] + 1000}
    statement = "INSERT INTO post (content, user_id) VALUES (:content, :user_id)"
    result = program.probe("execute", statement=statement, values=values)
    advise(
        result.get("error"),
        f"the database takes a post of user {values['user_id']}, who does not exist. "
        "Leave the listener enforce_foreign_keys in: SQLite ignores foreign keys without its PRAGMA.",
    )


def test_list_answers_at_once(client):
    """GET /api/posts is 200 also where it is the very first request after the program was started."""
    mend = "Write both sides with back_populates: a backref is not there before the first query or object."
    expect(client.get(POSTS), 200, {"posts": [], "total": 0}, next=mend)


@todo(2)
def test_new_post_names_its_author(client, other, vary):
    """A new post names its author: who is logged in, not who the body claims."""
    ana, bob = member(client, vary), member(other, vary)
    response = client.post(POSTS, json={"content": vary.text(), "author": bob["username"]})
    wanted = {"user_id": ana["id"], "author": ana["username"]}
    expect(response, 201, {"post": wanted}, next=NAMED)
    no_secret(response, ana["password"])


@todo(2)
def test_one_post_names_its_author(client, other, guest, vary):
    """GET /api/posts/<id> names the author as registered, whoever reads it."""
    member(other, vary)
    ana = named(client, vary, f"{vary.name().title()}_%'\"\\ é😀")
    post = write(client, vary.text())
    for reader in (guest, other, client):
        response = reader.get(address(post))
        expect(response, 200, {"post": {"id": post["id"], "author": ana["username"]}}, next=NAMED)
        no_secret(response, ana["password"])


@todo(2)
def test_list_names_each_author(client, other, guest, vary):
    """GET /api/posts names the author of each post."""
    ana, bob = member(client, vary), member(other, vary)
    wanted = []
    for user, writer in ((ana, client), (bob, other), (bob, other), (ana, client)):
        post = write(writer, vary.text())
        wanted.insert(0, {"id": post["id"], "user_id": user["id"], "author": user["username"]})
    response = guest.get(POSTS)
    expect(response, 200, {"posts": wanted}, next=NAMED)
    no_secret(response, ana["password"], bob["password"])


@todo(2)
def test_changed_post_names_its_author(client, other, vary):
    """A changed post names the same author, also where the body claims another."""
    ana, bob = member(client, vary), member(other, vary)
    post = write(client, vary.text())
    body = {"content": vary.text(), "author": bob["username"]}
    wanted = {"post": {"id": post["id"], "content": body["content"], "author": ana["username"]}}
    response = client.put(address(post), json=body)
    expect(response, 200, wanted, next=NAMED)
    no_secret(response, ana["password"])
    expect(client.get(address(post)), 200, wanted, next="Change the content and nothing else.")


@todo(2)
@waits_for("test_list_names_each_author")
def test_authors_come_with_their_posts(program, new_client, guest, vary):
    """GET /api/posts names the authors of 20 posts; its SQL statements are counted."""
    writers = [new_client() for _ in range(10)]
    names = [member(writer, vary)["username"] for writer in writers]
    for writer in writers * 2:
        write(writer, vary.text())
    wanted = [{"author": name} for name in reversed(names * 2)]
    expect(guest.get(f"{POSTS}?per_page=20"), 200, {"posts": wanted, "total": 20})
    statements = [" ".join(text.split()) for text in program.statements() if DATA.match(text)]
    ((often, times),) = Counter(statements).most_common(1) or [("", 0)]
    advise(
        len(statements) <= 4,
        f"GET /api/posts took {len(statements)} SQL statements, {times} of them alike: {often[:120]}. "
        "Load the authors with the posts: query.options(joinedload(Post.author)).",
    )


@todo(4)
def test_user_answers_200(client, other, guest, vary):
    """GET /api/users/<id> tells everybody id, username and post_count, and no secret."""
    ana, bob = member(client, vary), member(other, vary)
    for reader in (guest, client):
        for user in (ana, bob):
            wanted, response = {"user": {**public(user), "post_count": 0}}, reader.get(address(user))
            expect(
                response,
                200,
                wanted,
                next='post_count is a number inside of user: {"user": {**user_json(user), "post_count": ...}}.',
            )
            no_secret(response, user["password"])


@todo(4)
@waits_for("test_user_answers_200")
def test_post_count_counts_own_posts(client, other, guest, vary):
    """post_count is the number of this user's posts, however many, at each request."""
    ana, bob = member(client, vary), member(other, vary)
    post = write(client, vary.text())
    expect(guest.get(address(ana)), 200, {"user": {"post_count": 1}}, next=COUNT)
    for _ in range(10):
        write(client, vary.text())
    write(other, vary.text())
    expect(guest.get(address(ana)), 200, {"user": {**public(ana), "post_count": 11}}, next=COUNT)
    expect(guest.get(address(bob)), 200, {"user": {**public(bob), "post_count": 1}}, next=COUNT)
    expect(client.delete(address(post)), 200)
    expect(guest.get(address(ana)), 200, {"user": {"post_count": 10}}, next=COUNT)


@todo(4)
def test_unknown_user_is_404(client, vary):
    """GET /api/users/<id> of an unknown user is a 404, however large the number."""
    user = member(client, vary)
    for unknown in (user["id"] + 1000, 0):
        refused(client.get(f"{USERS}/{unknown}"), 404, GONE)
    refused(client.get(f"{USERS}/{10**20}"), 404, HUGE)


@todo(5)
def test_user_posts_are_theirs_alone(client, other, guest, vary):
    """GET /api/users/<id>/posts lists this user's posts alone, newest first, for everybody."""
    users = ((client, member(client, vary)), (other, member(other, vary)))
    first = guest.get(address(users[0][1], "posts"))
    expect(first, 200, {"posts": []}, next="Everybody may read, and no posts are an empty page.")
    written = {client: [], other: []}
    for writer in (client, other, client):
        written[writer].append(write(writer, vary.text()))
    for writer, user in users:
        posts = [{**post, "author": user["username"]} for post in reversed(written[writer])]
        for reader in (guest, client):
            response, wanted = reader.get(address(user, "posts")), {"posts": posts, "total": len(posts)}
            expect(response, 200, wanted, next="Ask where Post.user_id == id, newest first.")
            no_secret(response, user["password"])


@todo(5)
@waits_for("test_user_posts_are_theirs_alone")
def test_user_posts_come_in_pages(client, other, guest, vary):
    """GET /api/users/<id>/posts comes in pages, as GET /api/posts does."""
    user, _ = member(client, vary), member(other, vary)
    path, mend = address(user, "posts"), "paginate(query) does all of it."
    meta = {"total": 0, "pages": 0, "has_next": False, "has_prev": False}
    expect(guest.get(path), 200, {"posts": [], **meta}, next=mend)
    newest = ids([write(client, vary.text()) for _ in range(11)])
    write(other, vary.text())
    meta = {"page": 1, "per_page": 10, "total": 11, "pages": 2, "has_next": True, "has_prev": False}
    expect(guest.get(path), 200, {"posts": newest[:10], **meta}, next=mend)
    meta = {"page": 2, "total": 11, "pages": 2, "has_next": False, "has_prev": True}
    expect(guest.get(f"{path}?page=2"), 200, {"posts": newest[10:], **meta}, next=mend)
    meta = {"page": 2, "per_page": 4, "pages": 3, "has_next": True, "has_prev": True}
    expect(guest.get(f"{path}?page=2&per_page=4"), 200, {"posts": newest[4:8], **meta}, next=mend)
    meta = {"page": 1, "per_page": 100, "pages": 1, "has_next": False}
    expect(guest.get(f"{path}?page=-1&per_page=1000"), 200, {"posts": newest, **meta}, next=mend)
    meta = {"page": 1, "per_page": 10}
    expect(guest.get(f"{path}?page=abc&per_page=1.5"), 200, {"posts": newest[:10], **meta}, next=mend)
    expect(guest.get(f"{path}?page=9"), 200, {"posts": [], "page": 9, "total": 11}, next=mend)
    expect(guest.get(f"{path}?page={10**20}"), 200, {"posts": []}, next=mend)


@todo(5)
def test_posts_of_unknown_user_are_404(client, vary):
    """GET /api/users/<id>/posts of an unknown user is a 404, no empty page."""
    user = member(client, vary)
    write(client, vary.text())
    for unknown in (user["id"] + 1000, 0):
        refused(client.get(f"{USERS}/{unknown}/posts"), 404, GONE)
    refused(client.get(f"{USERS}/{10**20}/posts"), 404, HUGE)


@todo(6)
def test_filter_shows_the_posts_of_one_author(client, other, guest, vary):
    """GET /api/posts?author=NAME lists the posts of this author alone, newest first."""
    ana, bob = member(client, vary), member(other, vary)
    first, second, third = (write(writer, vary.text()) for writer in (client, other, client))
    mend = "query.join(Post.author).where(User.username == author)"
    for user, posts in ((ana, [first, third]), (bob, [second])):
        wanted = [{"id": post["id"], "author": user["username"]} for post in reversed(posts)]
        for reader in (guest, client):
            response = by_author(reader, user["username"])
            expect(response, 200, {"posts": wanted, "total": len(wanted)}, next=mend)
        no_secret(response, user["password"])
    everything = {"posts": ids([first, second, third]), "total": 3}
    expect(guest.get(POSTS), 200, everything, next="Without ?author= show the posts of all.")


@todo(6)
def test_filter_of_an_unknown_author_is_empty(client, guest, vary):
    """GET /api/posts?author=NAME of an unknown author is 200 and an empty page."""
    member(client, vary)
    write(client, vary.text())
    wanted = {"posts": [], "total": 0, "pages": 0, "has_next": False}
    expect(by_author(guest, vary.name()), 200, wanted, next="A filter that finds nothing is no error.")


@todo(6)
@waits_for("test_filter_shows_the_posts_of_one_author")
def test_filter_goes_with_pages(client, other, guest, vary):
    """The filter and the pages work together: total and pages count the author's posts alone."""
    ana, _ = member(client, vary), member(other, vary)
    posts = []
    for number in range(5):
        posts.append(write(client, vary.text()))
        if number % 2:
            write(other, vary.text())
    newest, mend = ids(posts), "Filter the query first, then hand it to paginate."
    meta = {"page": 2, "per_page": 2, "total": 5, "pages": 3, "has_next": True, "has_prev": True}
    second = by_author(guest, ana["username"], page=2, per_page=2)
    expect(second, 200, {"posts": newest[2:4], **meta}, next=mend)
    meta = {"page": 3, "total": 5, "pages": 3, "has_next": False}
    third = by_author(guest, ana["username"], page=3, per_page=2)
    expect(third, 200, {"posts": newest[4:], **meta}, next=mend)
    mend = "The filter changes the query alone: page_args and paginate do the rest, as without it."
    for asked, wanted in (
        ({"page": "abc", "per_page": "1.5"}, {"posts": newest, "page": 1, "per_page": 10}),
        ({"per_page": 1000}, {"posts": newest, "per_page": 100}),
        ({"per_page": 0}, {"posts": newest[:1], "per_page": 1, "pages": 5}),
        ({"page": 10**20}, {"posts": [], "total": 5, "pages": 1, "has_next": False}),
    ):
        expect(by_author(guest, ana["username"], **asked), 200, wanted, next=mend)


@todo(6)
@waits_for("test_filter_shows_the_posts_of_one_author")
def test_filter_takes_the_name_as_it_is(client, new_client, guest, vary):
    """The filter takes the name whole and as it is, with its letter case, whatever is in it."""
    user = member(client, vary)
    name = user["username"]
    posts = {name: write(client, vary.text())}
    for odd in (name.upper(), f"{name[:2]}%", f'{name}\'s "é😀" & 50%_\\n', str(user["id"])):
        writer = new_client()
        named(writer, vary, odd)
        posts[odd] = write(writer, vary.text())
    for odd, post in posts.items():
        wanted = {"posts": [{"id": post["id"], "author": odd}], "total": 1}
        expect(by_author(guest, odd), 200, wanted, next=EXACT)
    for part in (name.title(), name[:-1], name[1:], f"{name[:-1]}_", f"{name[:3]}*", ".*", "' OR '1'='1"):
        expect(by_author(guest, part), 200, {"posts": [], "total": 0}, next=EXACT)


@todo(7)
def test_guest_deletes_nobody(client, guest, vary):
    """DELETE /api/me of somebody who is not logged in is a 401 and deletes nobody."""
    user = member(client, vary)
    refused(guest.delete(ME), 401, "Put @login_required below the route, as on GET /api/me.")
    expect(client.get(ME), 200, {"user": public(user)})


@todo(7)
def test_delete_me_answers_200(client, other, vary):
    """DELETE /api/me answers 200 and says which user is deleted."""
    _, bob = member(client, vary), member(other, vary)
    mend = 'Return {"message": f"User {user.id} deleted!"}, with the f before the text.'
    expect(other.delete(ME), 200, {"message": f"User {bob['id']} deleted!"}, next=mend)


@todo(7)
@waits_for("test_delete_me_answers_200")
def test_deletion_ends_the_login(client, guest, vary):
    """After DELETE /api/me this client is logged out, and the login is refused with 401."""
    user = member(client, vary)
    expect(client.delete(ME), 200)
    refused(client.get(ME), 401, LOOK_UP)
    refused(client.delete(ME), 401, LOOK_UP)
    refused(log_in(guest, user), 401, "Delete the user and commit.")


@todo(7)
@waits_for("test_deletion_ends_the_login")
def test_posts_go_with_their_author(program, client, other, guest, vary):
    """DELETE /api/me deletes the user and all posts of the user."""
    ana, bob = member(client, vary), member(other, vary)
    posts = [write(client, vary.text()) for _ in range(11)]
    kept = write(other, vary.text())
    for path in (address(posts[0]), address(ana), address(ana, "posts")):
        expect(guest.get(path), 200)  # what was asked before must not be remembered
    expect(client.delete(ME), 200, {"message": f"User {ana['id']} deleted!"}, next=CASCADE)
    rest = {"posts": [{"id": kept["id"], "author": bob["username"]}], "total": 1}
    expect(guest.get(POSTS), 200, rest, next=CASCADE)
    for path in (address(posts[0]), address(posts[-1]), address(ana), address(ana, "posts")):
        refused(guest.get(path), 404, "Delete the user and commit; the posts go with the user.")
    expect(by_author(guest, ana["username"]), 200, {"posts": [], "total": 0})
    expect(guest.get(USERS), 200, {"users": [public(bob)], "total": 1})
    for file in program.database().values():
        tables = {row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if {"user", "post"} <= tables:
            orphans = "SELECT count(*) FROM post WHERE user_id NOT IN (SELECT id FROM user)"
            ((left,),) = file.execute(orphans)
            require(not left, "no post without a user in the database", f"{left} of them", CASCADE)


@todo(7)
@waits_for("test_delete_me_answers_200")
def test_others_keep_everything(client, other, guest, vary):
    """DELETE /api/me touches nobody else, also where its body names another user."""
    ana, bob = member(client, vary), member(other, vary)
    post = write(other, vary.text())
    body = {"id": bob["id"], "user_id": bob["id"], "username": bob["username"]}
    mine = {"message": f"User {ana['id']} deleted!"}
    expect(client.delete(ME, json=body), 200, mine, next="The session says who is deleted; read no body.")
    mend = "Delete the user of this session alone, and clear this session alone."
    expect(other.get(ME), 200, {"user": public(bob)}, next=mend)
    expect(other.get(address(bob)), 200, {"user": {**public(bob), "post_count": 1}}, next=mend)
    expect(other.get(address(post)), 200, {"post": {**post, "author": bob["username"]}}, next=mend)
    expect(log_in(guest, bob), 200, next=mend)


@todo(7)
@waits_for("test_delete_me_answers_200")
def test_old_session_is_401(client, other, new_client, vary):
    """A second browser of a deleted user gets 401 where a login is needed, and may read on."""
    ana, bob = member(client, vary), member(other, vary)
    old = new_client()
    expect(log_in(old, ana), 200)
    lost, kept = write(client, vary.text()), write(other, vary.text())
    expect(client.delete(ME), 200, next=CASCADE)
    body = {"content": vary.text()}
    for method, path, sent in (
        ("GET", ME, None),
        ("POST", POSTS, body),
        ("POST", POSTS, {}),
        ("PUT", address(kept), body),
        ("DELETE", address(kept), None),
        ("PUT", address(lost), body),
        ("DELETE", address(lost), None),
        ("DELETE", ME, None),
    ):
        refused(old.open(path, method=method, json=sent), 401, LOOK_UP)
    for path in (USERS, address(bob), address(bob, "posts"), address(kept)):
        expect(old.get(path), 200, next=PUBLIC)
    expect(old.get(POSTS), 200, {"posts": [kept], "total": 1}, next=PUBLIC)
    expect(old.post("/api/logout"), 200, {"message": "Logout successful!"})
    expect(log_in(old, bob), 200)
    expect(old.get(ME), 200, {"user": public(bob)})


@todo(7)
@waits_for("test_delete_me_answers_200")
def test_next_user_starts_afresh(client, guest, vary):
    """Whoever registers next is somebody new, also if the database uses the old id again."""
    member(client, vary)
    write(client, vary.text())
    expect(client.delete(ME), 200, next=CASCADE)
    user = named(guest, vary, vary.name())
    mend = "Clear the session, else this browser is logged in as the next user with that id."
    refused(client.get(ME), 401, mend)
    expect(guest.get(address(user)), 200, {"user": {**public(user), "post_count": 0}}, next=CASCADE)
    post = write(guest, vary.text())
    wanted = {"posts": [{"id": post["id"], "author": user["username"]}], "total": 1}
    for response in (client.get(POSTS), client.get(address(user, "posts"))):
        expect(response, 200, wanted, next="Ask the database at each request; keep no names in memory.")


@todo(7)
@waits_for("test_delete_me_answers_200")
def test_name_is_free_again(client, guest, vary):
    """The name of a deleted user can be registered again, by somebody without posts."""
    old = member(client, vary)
    write(client, vary.text())
    expect(client.delete(ME), 200, next=CASCADE)
    response = guest.post(USERS, json={"username": old["username"], "password": vary.password()})
    wanted = {"user": {"id": int, "username": old["username"]}}
    body = expect(response, 201, wanted, next="Delete the row of the user: then nobody has the name.")
    count = {"user": {"username": old["username"], "post_count": 0}}
    expect(guest.get(address(body["user"])), 200, count, next=CASCADE)
    expect(by_author(guest, old["username"]), 200, {"posts": [], "total": 0}, next=CASCADE)
    refused(log_in(client, old), 401, "The old password belongs to nobody any more.")
    again = named(guest, vary, f"{old['username']}x")
    expect(
        guest.delete(ME),
        200,
        {"message": f"User {again['id']} deleted!"},
        next="Anybody may close an account.",
    )
