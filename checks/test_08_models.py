"""Step 08: models and a database. What is stored survives a restart."""

import base64
import re
import sqlite3

import pytest
from werkzeug.test import create_environ

from checks import regression
from checks.regression import CREATED, MISSING, REGISTERED, member, no_secret, public, refused, register
from workbook.checking import Failed, expect, require, todo, waits_for
from workbook.checking.guards import *  # noqa: F403

USERS, LOGIN, ME, POSTS = "/api/users", "/api/login", "/api/me", "/api/posts"
ADDRESS = "SQLALCHEMY_DATABASE_URI"
STORE_USER = "db.session.add(user), then db.session.commit(): only a commit writes it down."
STORE_POST = "Add the post, commit, and answer with post_json(post): a model itself is no JSON."
STORE_CHANGE = "db.session.commit() after the change: only a commit writes it down."


def declared(program):
    """The program's tables as its database file has them or, before they are made, as its models tell.

    {table: {column: {"length", "nullable", "unique", "refers"}}}
    """
    # some programs make their tables with the first request
    program.request(create_environ(USERS, "http://localhost:5001"), b"")
    tables = program.probe("tables")
    for connection in program.database().values():
        tables |= made(connection)
    return tables


def made(connection):
    """The tables of a database file, in the same shape."""

    def ask(pragma, name):
        return connection.execute(f"SELECT * FROM pragma_{pragma}(?)", [name]).fetchall()

    tables = {}
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        indexes = [ask("index_info", index["name"]) for index in ask("index_list", table) if index["unique"]]
        unique = {index[0]["name"] for index in indexes if len(index) == 1}
        refers = {
            key["from"]: f"{key['table']}.{key['to'] or 'id'}" for key in ask("foreign_key_list", table)
        }
        tables[table.lower()] = {
            column["name"].lower(): {
                "length": int((re.search(r"\((\d+)", column["type"]) or [0, 0])[1]) or None,
                "nullable": not column["notnull"] and not column["pk"],
                "unique": column["name"] in unique,
                "refers": refers.get(column["name"], "").lower() or None,
            }
            for column in ask("table_info", table)
        }
    return tables


def has_columns(program, table, columns, mend):
    """Fails unless there is a table with these columns."""
    tables = declared(program)
    got = f"the columns {', '.join(tables[table])}" if table in tables else "no such table"
    if tables and table not in tables:
        got = f"the tables {', '.join(sorted(tables))}"
    missing = set(columns) - tables.get(table, {}).keys()
    require(not missing, f"a table {table} with the columns {', '.join(columns)}", got, mend)


def rows(program, query, *values):
    """What a query finds in the program's database file, which the checker opens read-only."""
    found = []
    for connection in program.database().values():
        try:
            found.append([dict(row) for row in connection.execute(query, values)])
        except sqlite3.OperationalError:
            continue  # a file of the program's that has no such table
    if not found:
        raise Failed("the tables user and post in a database file", "no file that has them", STORE_USER)
    # a backup beside the database may hold the same rows once more
    return found[0] if all(one == found[0] for one in found) else [row for one in found for row in one]


def log_in(client, user, **changed):
    """Sends a login; `changed` replaces fields of it."""
    body = {"username": user["username"], "password": user["password"], **changed}
    return client.post(LOGIN, json=body)


def publish(client, content, **more):
    """Writes a post as whoever is logged in: {"id", "content", "user_id"}, as the answer has them."""
    wanted = {"message": CREATED, "post": {"id": int, "content": content.strip(), "user_id": int}}
    response = client.post(POSTS, json={"content": content, **more})
    post = expect(response, 201, wanted, next=STORE_POST)["post"]
    return {key: post[key] for key in ("id", "content", "user_id")}


def hashes(program):
    """The hashes that are stored; none while there is no table for them."""
    stored = [
        row["password"]
        for connection in program.database().values()
        if "password" in made(connection).get("user", ())
        for row in connection.execute('SELECT password FROM "user"')
    ]
    # a digest of hashlib may be stored as it is: any bytes
    return [hash.decode("latin-1") if isinstance(hash, bytes) else str(hash) for hash in stored]


def room(program):
    """How many characters a hash of the program has: 162, unless it has stored one of another kind."""
    return next(map(len, hashes(program)), 162)


@todo(1)
def test_user_table(program):
    """There is a table user with the columns id, username and password."""
    mend = "Write class User(db.Model) below db; its name makes that of the table, user."
    has_columns(program, "user", ["id", "username", "password"], mend)


@todo(1)
@waits_for("test_user_table")
def test_database_refuses_a_second_user_of_one_name(program):
    """The database itself keeps usernames unique."""
    column = declared(program)["user"]["username"]
    require(
        column["unique"],
        "a unique column username",
        "a column that takes one name twice",
        "mapped_column(String(80), unique=True): two requests at once pass any test in Python.",
    )


@todo(1)
@waits_for("test_user_table")
def test_password_has_room_for_a_hash(program, vary):
    """The column password has room for a hash."""
    # not by the client: what is wrong here is a column, not the answer to a request
    body = {"username": vary.name(), "password": vary.password()}
    environ = create_environ(USERS, "http://localhost:5001", method="POST", json=body)
    program.request(environ, environ["wsgi.input"].read())
    column = declared(program)["user"]["password"]
    needed = room(program)
    require(
        column["length"] is None or column["length"] >= needed,
        f"a column password with room for {needed} characters",
        f"a column for {column['length']}",
        "Write String(255). SQLite stores a longer text all the same; other databases refuse it.",
    )


@todo(2)
def test_post_table(program):
    """There is a table post with the columns id, content and user_id."""
    mend = "Write class Post(db.Model) below User, with a typed line for each column."
    has_columns(program, "post", ["id", "content", "user_id"], mend)


@todo(2)
@waits_for("test_post_table")
def test_post_refers_to_its_author(program):
    """The column user_id refers to the id of a user."""
    refers = declared(program)["post"]["user_id"]["refers"]
    require(
        refers == "user.id",
        "a foreign key from post.user_id to user.id",
        f"one to {refers}" if refers else "a plain number",
        'mapped_column(ForeignKey("user.id")): the name of the table, a dot, the column.',
    )


@todo(3)
@waits_for("test_user_table")
@waits_for("test_post_table")
def test_tables_are_in_a_file_of_the_folder(program):
    """Both tables are in a database file in the program's own folder."""
    declared(program)
    found = {table for connection in program.database().values() for table in made(connection)}
    address = program.probe("config", names=[ADDRESS])[ADDRESS]
    got = "a file without them" if program.database() else "no database file in the folder"
    mend = "Below the models: with app.app_context(), and in it db.create_all()."
    if address and not re.match(r"sqlite:///(?!\w:)\w", address):
        got += f"; {ADDRESS} is {address}"
        mend = 'Write "sqlite:///social.db": it lands in the folder instance, on any machine.'
    require({"user", "post"} <= found, "a file such as instance/social.db with user and post", got, mend)


@todo(4)
@waits_for("test_tables_are_in_a_file_of_the_folder")
def test_registered_user_is_stored(client, program, vary):
    """Registering answers as before, and the user is in the database."""
    name, password = vary.name(), vary.password()
    response = client.post(USERS, json={"username": f" {name} ", "password": password})
    wanted = {"message": REGISTERED, "user": {"id": int, "username": name}}
    expect(response, 201, wanted, next=STORE_USER)
    names = [row["username"] for row in rows(program, 'SELECT username FROM "user"')]
    require(names == [name], f"the user {name} in the database", f"the users {names} there", STORE_USER)
    no_secret(response, password, *hashes(program))


@todo(4)
@waits_for("test_registered_user_is_stored")
def test_database_holds_no_password(client, program, vary):
    """No file of the program holds the password itself."""
    password = vary.password()
    register(client, vary.name(), password)
    data = password.encode()
    forms = [password, password[::-1], base64.b64encode(data).decode(), data.hex()]
    found = program.probe("files_hold", texts=forms)
    require(
        not found and not set(hashes(program)) & set(forms),
        "only a hash in the database",
        f"the password in {', '.join(found) or 'the table user'}",
        "Store generate_password_hash(password); from a hash nobody can read the password.",
    )


@todo(4)
@waits_for("test_registered_user_is_stored")
def test_taken_name_is_409(client, program, vary):
    """A name that is taken is refused with 409, and nobody is stored."""
    name = vary.name()
    register(client, name, vary.password())
    for text in (name, f" {name} "):
        again = client.post(USERS, json={"username": text, "password": vary.password()})
        refused(again, 409, next="Look for the name with db.session.scalar first.")
    client.post(USERS, json={"username": vary.name(), "password": 5})
    count = len(rows(program, 'SELECT id FROM "user"'))
    require(count == 1, "one user in the database", f"{count} users", "A refused request stores nothing.")


@todo(4)
@waits_for("test_taken_name_is_409")
def test_name_taken_at_the_same_moment_is_409(client, program, vary):
    """A name that somebody else takes just before the INSERT is refused with 409."""
    body = {"username": vary.name(), "password": vary.password()}
    program.probe("race", table="user")
    response = client.post(USERS, json=body)
    mend = "Put commit() into a try; except IntegrityError (of sqlalchemy.exc): roll back, answer 409."
    if program.probe("raced"):
        refused(response, 409, next=mend)
    else:  # a program that locks the database first cannot be overtaken
        expect(response, 201, {"user": {"username": body["username"]}}, next=STORE_USER)
    mend = "db.session.rollback() after an IntegrityError, else the session refuses to go on."
    refused(client.post(USERS, json=body), 409, next=mend)
    other = {**body, "username": vary.name()}
    expect(client.post(USERS, json=other), 201, {"user": {"username": other["username"]}}, next=mend)
    count = len(rows(program, 'SELECT id FROM "user" WHERE username = ?', body["username"]))
    require(count == 1, "one user of that name", f"{count} of them", mend)


@todo(4)
@waits_for("test_registered_user_is_stored")
def test_names_are_compared_exactly(client, program, vary):
    """Names that only look alike to SQL are different names, stored as they were sent."""
    name = vary.name()
    names = [name, name.capitalize(), f"{name[:-1]}_", "%", f"{name}' OR '1'='1", f'"{name}":x; --']
    names += [f"00{vary.number()}", "zoë 😀"]
    mend = "Compare with ==, and let SQLAlchemy fill the value in: no ilike, no f-string."
    for text in names:
        response = client.post(USERS, json={"username": text, "password": vary.password()})
        expect(response, 201, {"user": {"username": text}}, next=mend)
    stored = [row["username"] for row in rows(program, 'SELECT username FROM "user"')]
    lost = [text for text in names if text not in stored]
    require(not lost, f"{lost} in the database", f"{stored} there", "A name is a text: String(80).")


@todo(5)
@waits_for("test_registered_user_is_stored")
def test_login_still_works(client, new_client, vary):
    """Login, logout and /api/me answer as they did in step 04."""
    user = {"username": vary.name(), "password": vary.password()}
    user["id"] = register(client, **user)["id"]
    wanted = {"message": "Login successful!", "user": public(user)}
    mend = "A row is an object now: user.password, not user['password']."
    response = expect_no_secret(log_in(client, user), user)
    expect(response, 200, wanted, next=mend)
    mend = "current_user() gets the User whose id the session holds: db.session.get(User, ...)."
    expect(expect_no_secret(client.get(ME), user), 200, {"user": public(user)}, next=mend)
    other = new_client()
    mend = "Each client has a session of its own: keep no user in a global."
    refused(other.get(ME), 401, next=mend)
    regression.login(other, new_client, vary)


def expect_no_secret(response, user):
    """Fails if an answer holds the user's password or hash; gives the answer."""
    no_secret(response, user["password"])
    return response


@todo(5)
@waits_for("test_registered_user_is_stored")
def test_login_compares_names_exactly(client, vary):
    """Only the exact name logs in, whatever SQL might take for it."""
    user = {"username": vary.name(), "password": vary.password()}
    register(client, **user)
    name = user["username"]
    mend = "Compare with ==, and let SQLAlchemy fill the value in: no ilike, no f-string."
    for text in (name.upper(), "%", f"{name[:-1]}_", "' OR 1=1 --", f"{name}'--"):
        refused(log_in(client, user, username=text), 401, next=mend)
    expect(log_in(client, user), 200, next="The exact name and password log in.")


@todo(5)
@waits_for("test_login_still_works")
def test_users_survive_a_restart(client, new_client, program, vary):
    """After a restart the users are still there, and can log in."""
    users = [{"username": vary.name(), "password": vary.password()} for _ in range(2)]
    for user in users:
        user["id"] = register(client, **user)["id"]
    program.restart()
    for user in users:
        client = new_client()
        mend = "Read users from the database, never from a list; drop_all has no place here."
        expect(log_in(client, user), 200, {"user": public(user)}, next=mend)
        expect(client.get(ME), 200, {"user": public(user)}, next=mend)
        again = {"username": user["username"], "password": vary.password()}
        refused(client.post(USERS, json=again), 409, next=mend)
    new = {"username": vary.name(), "password": vary.password()}
    mend = "Let the database number the users: give no id."
    found = expect(client.post(USERS, json=new), 201, {"user": {"id": int}}, next=mend)["user"]
    require(found["id"] not in [u["id"] for u in users], "a new id", f"the id {found['id']} again", mend)


@todo(6)
@waits_for("test_login_still_works")
def test_written_post_is_stored(client, new_client, program, vary):
    """Writing a post answers as before, and the post is in the database."""
    bob, ana = member(new_client(), vary), member(client, vary)
    content = vary.text()
    post = publish(client, f" {content} ", user_id=bob["id"])
    stored = rows(program, "SELECT content, CAST(user_id AS INTEGER) AS user_id FROM post")
    wanted = [{"content": content, "user_id": ana["id"]}]
    require(stored == wanted, f"the row {wanted[0]} in the table post", f"the rows {stored}", STORE_POST)
    shown = {"id": post["id"], **wanted[0]}
    mend = "db.session.get(Post, id) finds it, and post_json(post) makes it JSON."
    expect(new_client().get(f"{POSTS}/{post['id']}"), 200, {"post": shown}, next=mend)


@todo(6)
@waits_for("test_written_post_is_stored")
def test_changed_post_is_stored(client, program, vary):
    """Changing a post answers as before, and the change is in the database."""
    member(client, vary)
    first, second, content = publish(client, vary.text()), publish(client, vary.text()), vary.text()
    response = client.put(f"{POSTS}/{first['id']}", json={"content": f" {content} "})
    wanted = {"message": f"Post {first['id']} updated!", "post": {**first, "content": content}}
    expect(response, 200, wanted, next=STORE_CHANGE)
    stored = [row["content"] for row in rows(program, "SELECT content FROM post")]
    wanted = [content, second["content"]]
    require(set(stored) == set(wanted), f"{wanted} in the database", f"{stored} there", STORE_CHANGE)


@todo(6)
@waits_for("test_written_post_is_stored")
def test_deleted_post_is_gone(client, program, vary):
    """Deleting a post answers as before, and only this post is gone from the database."""
    ana, text = member(client, vary), vary.text()
    first, second = publish(client, text), publish(client, text)
    response = client.delete(f"{POSTS}/{first['id']}")
    mend = "Delete this post and no other, by its id: db.session.delete(post), then db.session.commit()."
    expect(response, 200, {"message": f"Post {first['id']} deleted!"}, next=mend)
    stored = {row["id"]: row for row in rows(program, "SELECT * FROM post")}
    marked = any(len(row) > 3 for row in stored.values())  # a further column may say that a post is deleted
    right = second["id"] in stored and (marked or first["id"] not in stored)
    require(right, f"post {second['id']} alone", f"the posts {sorted(stored)}", mend)
    refused(client.get(f"{POSTS}/{first['id']}"), 404, next=mend)
    expect(client.get(f"{POSTS}/{second['id']}"), 200, {"post": second}, next=mend)
    expect(client.delete(f"{POSTS}/{second['id']}"), 200, next=mend)
    expect(client.get(ME), 200, {"user": public(ana)}, next=mend)


@todo(6)
@waits_for("test_written_post_is_stored")
def test_contents_come_back_as_sent(client, vary):
    """Any text comes back as it was sent, whatever SQL might take it for."""
    member(client, vary)
    mend = "A content is a text: String(255). Let SQLAlchemy fill values in, never an f-string."
    for text in ("it's %s {x} :name ? \\n; --", "007", "a\n\tb", "Ünï 😀\u200d"):
        response = client.post(POSTS, json={"content": text})
        id = expect(response, 201, {"post": {"id": int, "content": text}}, next=mend)["post"]["id"]
        expect(client.get(f"{POSTS}/{id}"), 200, {"post": {"content": text}}, next=mend)
    for text in ("it's %s {x} :name ?", "1e3", "' || username || '"):
        changed = client.put(f"{POSTS}/{id}", json={"content": text})
        expect(changed, 200, {"post": {"content": text}}, next=mend)
    expect(client.get(f"{POSTS}/{id}"), 200, {"post": {"content": text}}, next=mend)


def sender(client, way):
    """How to send a content: as a new post (POST), or as a change of one (PUT)."""
    if way == "POST":
        return lambda content: client.post(POSTS, json={"content": content})
    address = f"{POSTS}/{publish(client, 'before')['id']}"
    return lambda content: client.put(address, json={"content": content})


@todo(6)
@waits_for("test_written_post_is_stored")
@pytest.mark.parametrize("way", ["POST", "PUT"])
def test_content_of_255_characters_fits(client, vary, way):
    """A content of 255 characters is accepted, whatever the characters."""
    member(client, vary)
    send = sender(client, way)
    mend = "Trim first, then refuse len(content) > 255: characters, not bytes."
    for text in ("x" * 255, "😀" * 255, f"  {'y' * 255} "):
        status = 201 if way == "POST" else 200
        expect(send(text), status, {"post": {"content": text.strip()}}, next=mend)


@todo(6)
@waits_for("test_written_post_is_stored")
@pytest.mark.parametrize("way", ["POST", "PUT"])
def test_content_of_256_characters_is_400(client, new_client, program, vary, way):
    """A content of 256 characters is refused with 400, and nothing changes."""
    member(client, vary)
    send = sender(client, way)
    mend = "SQLite takes any length, so test it yourself: len(content) > 255 is 400."
    for text in ("x" * 256, "é" * 256):
        refused(send(text), 400, next=mend)
    if way == "PUT":
        stranger = new_client()
        member(stranger, vary)
        post = rows(program, "SELECT id FROM post")[0]
        foreign = stranger.put(f"{POSTS}/{post['id']}", json={"content": "x" * 256})
        refused(foreign, 403, next="Whose post is it? 403 comes before the faults of the body.")
    stored = {row["content"] for row in rows(program, "SELECT content FROM post")}
    mend = "Test the length before you touch the post."
    require(stored <= {"before"}, "nothing of it in the database", "a content of 256 characters", mend)


@todo(6)
@waits_for("test_written_post_is_stored")
def test_huge_id_is_404(client, new_client, vary):
    """An id of any size that no post has is answered with 404."""
    member(client, vary)
    content = {"content": vary.text()}
    mend = "A number above MAX_ID overflows the database: no post has it."
    first = publish(client, vary.text())["id"]
    for number in (2**31, 2**31 + first, 2**32 + first, 2**63, 2**64 + first, 10**20):
        for method in ("GET", "PUT", "DELETE"):
            body = content if method == "PUT" else None
            refused(client.open(f"{POSTS}/{number}", method=method, json=body), 404, next=mend)
    guest = new_client().put(f"{POSTS}/{2**63}", json=content)
    refused(guest, 401, next="401 comes before 404.")


@todo(7)
@waits_for("test_changed_post_is_stored")
@waits_for("test_deleted_post_is_gone")
def test_editing_still_works(client, new_client, vary):
    """Changing and deleting posts answers as it did in step 06."""
    regression.edit(client, new_client, vary)


@todo(7)
@waits_for("test_written_post_is_stored")
def test_lists_come_from_the_database(client, new_client, vary):
    """Both lists show what is stored: users oldest first, posts newest first."""
    users = [public(register(client, f"{first}{vary.name()}", vary.password())) for first in "zma"]
    users.append(public(member(client, vary)))
    posts = [publish(client, f"{first} {vary.text()}") for first in "zam"]
    changed = {**posts[0], "content": vary.text()}
    expect(client.put(f"{POSTS}/{changed['id']}", json=changed), 200)
    mend = "paginate(db.select(User).order_by(User.id)), and user_json for each."
    expect(new_client().get(USERS), 200, {"users": users, "total": 4}, next=mend)
    mend = "paginate(db.select(Post).order_by(Post.id.desc())), and post_json for each."
    wanted = {"posts": [posts[2], posts[1], changed], "total": 3}
    expect(new_client().get(POSTS), 200, wanted, next=mend)
    newest = publish(client, posts[2]["content"])
    wanted = {"posts": [newest, *wanted["posts"]], "total": 4}
    expect(new_client().get(POSTS), 200, wanted, next=mend)


@todo(7)
@waits_for("test_lists_come_from_the_database")
def test_pages_follow_each_other(client, vary):
    """The pages of a list follow each other without a gap, with the numbers of step 07."""
    users = [public(member(client, vary)) for _ in range(3)]
    mend = "db.paginate gives items, total, pages, has_next and has_prev."
    for per_page, page, pages, some in ((2, 1, 2, users[:2]), (2, 2, 2, users[2:]), (3, 1, 1, users)):
        wanted = {"users": some, "page": page, "per_page": per_page, "total": 3, "pages": pages}
        wanted |= {"has_next": page < pages, "has_prev": page > 1}
        expect(client.get(f"{USERS}?per_page={per_page}&page={page}"), 200, wanted, next=mend)


@todo(7)
@waits_for("test_lists_come_from_the_database")
def test_page_beyond_the_end_is_empty(client, vary):
    """A page beyond the end is answered with 200 and an empty list, however huge its number."""
    member(client, vary)
    publish(client, vary.text())
    for key in ("users", "posts"):
        mend = "Call db.paginate with error_out=False."
        wanted = {key: [], "page": 9, "total": 1, "pages": 1, "has_next": False}
        expect(client.get(f"/api/{key}?page=9"), 200, wanted, next=mend)
        mend = "Let page_args() give at most MAX_ID: a larger number overflows the database."
        for page in (2**63 - 1, 2**63, 10**20):
            response = client.get(f"/api/{key}?page={page}&per_page=100")
            expect(response, 200, {key: [], "total": 1, "has_next": False}, next=mend)


@todo(7)
@waits_for("test_lists_come_from_the_database")
def test_page_numbers_are_clamped(client, vary):
    """Page numbers that make no sense are answered as in step 07."""
    member(client, vary)
    publish(client, vary.text())
    mend = "Hand page and per_page of page_args() to db.paginate, which has limits of its own."
    for query, page, per_page in (
        ("posts?page=abc&per_page=1.5", 1, 10),
        ("posts?page=&per_page=", 1, 10),
        ("posts?page=-1&per_page=-5", 1, 1),
        (f"posts?per_page={10**20}", 1, 100),
        ("users?page=0&per_page=0", 1, 1),
        ("users?page=x&per_page=1000", 1, 100),
    ):
        key = query.partition("?")[0]
        wanted = {key: [dict], "page": page, "per_page": per_page, "total": 1}
        expect(client.get(f"/api/{query}"), 200, wanted, next=mend)


@todo(7)
@waits_for("test_lists_come_from_the_database")
def test_no_page_is_longer_than_100(client, program, vary):
    """per_page=1000 gives 100 posts, also where there are more."""
    member(client, vary)
    publish(client, vary.text())
    columns = ", ".join(f'"{name}"' for name in declared(program)["post"] if name != "id")
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 110) SELECT i FROM n"
    program.probe(
        "execute", statement=f"INSERT INTO post ({columns}) SELECT {columns} FROM post, ({numbers})"
    )
    mend = "Hand per_page of page_args() to db.paginate, and max_per_page=100 if you like."
    found = expect(client.get(f"{POSTS}?per_page=1000"), 200, {"posts": list, "per_page": 100}, next=mend)
    if found["total"] == 111:  # the program's own engine could make copies of the post
        require(len(found["posts"]) == 100, "100 posts", f"{len(found['posts'])} posts", mend)
        expect(client.get(f"{POSTS}?per_page=100&page=2"), 200, {"pages": 2, "has_next": False}, next=mend)
        newest = found["posts"][0]["id"]
        mend = "Only an id above 2**31 - 1 counts as unknown."
        expect(client.get(f"{POSTS}/{newest}"), 200, {"post": {"id": newest}}, next=mend)


@todo(7)
@waits_for("test_lists_come_from_the_database")
def test_posts_survive_a_restart(client, new_client, program, vary):
    """After a restart the posts are as they were, and new ones can be written."""
    ana = member(client, vary)
    first, second, third = (publish(client, vary.text()) for _ in range(3))
    first = {**first, "content": vary.text()}
    expect(client.put(f"{POSTS}/{first['id']}", json={"content": first["content"]}), 200)
    expect(client.delete(f"{POSTS}/{second['id']}"), 200)
    program.restart()
    client = new_client()
    mend = "Read posts from the database, never from a list; commit every change."
    expect(client.get(POSTS), 200, {"posts": [third, first], "total": 2}, next=mend)
    expect(client.get(USERS), 200, {"users": [public(ana)]}, next=mend)
    expect(client.get(f"{POSTS}/{first['id']}"), 200, {"post": first}, next=mend)
    expect(log_in(client, ana), 200, {"user": public(ana)}, next=mend)
    mend = "Let the database number the posts: give no id."
    content = vary.text()
    new = expect(client.post(POSTS, json={"content": content}), 201, {"post": {"id": int}}, next=mend)["post"]
    wanted = {"id": new["id"], "content": content, "user_id": ana["id"]}
    expect(client.get(POSTS), 200, {"posts": [wanted, third, first]}, next=mend)


@todo(7)
@waits_for("test_lists_come_from_the_database")
@pytest.mark.parametrize(
    "part", [regression.users, regression.posts, regression.pages], ids=["step 03", "step 05", "step 07"]
)
def test_steps_with_lists_still_work(part, client, new_client, vary):
    """What the steps before built answers as before."""
    part(client, new_client, vary)


@regression.steps(2)
def test_earlier_steps_still_work(part, client, new_client, vary):
    """What the first steps built still answers."""
    part(client, new_client, vary)


def test_empty_program_still_answers(client, vary):
    """Before anybody has registered, every address answers as before."""
    stranger = {"username": vary.name(), "password": vary.password()}
    empty = {"page": 1, "per_page": 10, "total": 0, "pages": 0, "has_next": False, "has_prev": False}
    expect(client.get(USERS), 200, {"users": [], **empty})
    expect(client.get(POSTS), 200, {"posts": [], **empty})
    refused(client.get(f"{POSTS}/{vary.number()}"), 404)
    refused(client.get(ME), 401)
    expect(client.post("/api/logout"), 200, {"message": "Logout successful!"})
    refused(client.post(LOGIN, json=stranger), 401)
    for address in (USERS, LOGIN):
        expect(client.post(address, json={**stranger, "username": " "}), 400, MISSING)
    for address in (USERS, LOGIN):
        expect(client.post(address, data="null", content_type="application/json"), 400)
    for method, address in (("POST", POSTS), ("PUT", f"{POSTS}/1"), ("DELETE", f"{POSTS}/1")):
        refused(client.open(address, method=method, json={"content": "x"}), 401)


def test_other_content_type_is_415(client):
    """A body whose Content-Type is not JSON is refused with 415."""
    for address in (USERS, LOGIN):
        response = client.post(address, data='{"username": "a", "password": "long enough"}')
        expect(response, 415, next="Read the body with `request.json`.")
