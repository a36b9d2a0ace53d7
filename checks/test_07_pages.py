"""Step 07: lists that stay small, page by page."""

from checks import regression
from checks.regression import member, no_secret, refused, register, write
from workbook.checking import expect, require, todo, waits_for
from workbook.checking.guards import *  # noqa: F403

POSTS, USERS = "/api/posts", "/api/users"
META = {"page": int, "per_page": int, "total": int, "pages": int, "has_next": bool, "has_prev": bool}
LARGE = "9" * 20
TOO_LONG = "9" * 5000  # Python's int reads 4300 digits at most, so this may count as no number

READ = 'In page_args: request.args.get("page", 1, type=int) is a number. A page past the end keeps it: 200, no 404.'
ABSENT = "What the address does not say has its default: page 1, per_page 10."
LOW = "Nothing is below 1: max(number, 1)."
HIGH = "per_page ends at 100, and what is above counts as 100: min(per_page, 100)."
JUNK = "What is no whole number counts as absent, and the other number still counts: type=int does both."
KEYS = "All six keys stand beside the list: four whole numbers (count with //, not /), two comparisons."
NEWEST = "paginate gets the list in its final order, the newest first, and page 1 begins at item 0 of it."
CUT = "Page 1 starts at item 0, page 2 at item per_page: start = (page - 1) * per_page."
CLAMPED = "Clamp both numbers first, then cut and count with the clamped ones."
COUNT = "Count the pages rounded up: -(-total // per_page). total is the length of the whole list."
NEXT = "has_next says whether a page follows: page < pages. has_prev is page > 1."
END = "A slice past the end is an empty list: send it with 200, and page as it was asked for."
DIGITS = "int() raises a ValueError for more than 4300 digits: take the default then, as type=int does."
NOW = "Cut and count the list as it is at this request. Ids have gaps, so they count nothing."
SAME = "Page the whole list for everybody, keep nothing between requests, and turn round a copy: posts[::-1]."
PLACE = "Change the post where it stands in the list."
ALL = "Pages are for showing. To find one post or user, look through the whole list."
ALWAYS = "Let this view use paginate always; the defaults count where the address says nothing."

# (what stands behind the ? of the address, the page and per_page that it means, what to try)
PLAIN = [("page=4&per_page=7", 4, 7, READ), ("per_page=7", 1, 7, ABSENT), ("page=4", 4, 10, ABSENT)]
LOWER = [(f"page={low}", 1, 10, LOW) for low in (0, -1, f"-{LARGE}")]
LOWER += [(f"per_page={low}", 1, 1, LOW) for low in (0, -5)]
HIGHER = [(f"per_page={high}", 1, 100, HIGH) for high in (100, 101, 1000, LARGE)]
NO_NUMBER = [(f"page={junk}&per_page=7", 1, 7, JUNK) for junk in ("abc", "1.5", "2.7", "")]
NO_NUMBER += [("page=%C3%A9", 1, 10, JUNK)]  # é
NO_NUMBER += [(f"page=4&per_page={junk}", 4, 10, JUNK) for junk in ("abc", "1.5", "2.7", "")]


def posts(client, vary, number):
    """Writes posts as whoever is logged in; gives their ids, the oldest first."""
    return [write(client, vary.text())["id"] for _ in range(number)]


def accounts(client, vary, number):
    """Registers users; gives their ids, the oldest first."""
    return [register(client, vary.name(), vary.password())["id"] for _ in range(number)]


def means(client, table):
    """Fails unless the list of posts tells the page and per_page that each address of a table means."""
    for asked, page, per_page, mend in table:
        expect(client.get(f"{POSTS}?{asked}"), 200, {"page": page, "per_page": per_page}, next=mend)


def shows(client, address, wanted, known, next=None, **meta):
    """Fails unless a page holds the `wanted` ids, in order, and tells `meta`; `known` has all ids, oldest first."""
    key = "users" if address.startswith(USERS) else "posts"
    answer = expect(client.get(address), 200, {key: list, **meta}, next=next)
    got = [item.get("id") if isinstance(item, dict) else None for item in answer[key]]
    require(got == wanted, f"{key} {numbers(wanted, known)}", f"{key} {numbers(got, known)}", next)


def numbers(ids, known):
    """The places of posts or users in the order in which they were made, for a learner to read."""
    places = [str(known.index(id) + 1) if id in known else "unknown" for id in ids]
    if len(places) > 12:
        places = [*places[:3], "…", *places[-3:], f"({len(ids)} in all)"]
    return f"{' '.join(places) or '(none)'}, where 1 is the oldest of {len(known)}"


@regression.steps(6)
def test_earlier_steps_still_work(part, client, new_client, vary):
    """What the steps before built still answers."""
    part(client, new_client, vary)


@todo(1)
def test_page_and_per_page_are_read(client, vary):
    """The list of posts tells the page and per_page that the address asks for."""
    page, per_page = vary.number(101, 99_999), vary.number(11, 99)
    means(client, [(f"page={page}&per_page={per_page}", page, per_page, READ), *PLAIN])


@todo(1)
def test_nothing_is_below_one(client):
    """A page or per_page below 1 counts as 1."""
    means(client, LOWER)


@todo(1)
def test_per_page_is_100_at_most(client):
    """A per_page above 100 counts as 100."""
    means(client, HIGHER)


@todo(1)
def test_no_number_is_the_default(client):
    """Letters, decimals and an empty value count as absent, each for itself."""
    means(client, NO_NUMBER)


@todo(2)
def test_answer_says_where_the_page_is(client, vary):
    """Beside the posts stand four whole numbers, and true or false for has_next and has_prev."""
    member(client, vary)
    for _ in range(2):
        expect(client.get(f"{POSTS}?page=1"), 200, {"posts": list, **META}, next=KEYS)
        write(client, vary.text())


@todo(2)
def test_first_page_has_the_newest(client, vary):
    """Page 1 holds the newest posts, the newest first."""
    member(client, vary)
    known = posts(client, vary, 12)
    shows(client, f"{POSTS}?page=1", known[::-1][:10], known, NEWEST)


@todo(2)
@waits_for("test_first_page_has_the_newest")
def test_everybody_sees_the_same_page(client, new_client, vary):
    """An address gives the same page each time, and to everybody, logged in or not."""
    other, guest = new_client(), new_client()
    known = []
    for one in (client, other):
        member(one, vary)
        known += posts(one, vary, 3)
    for one in (guest, client, other, guest):
        shows(one, f"{POSTS}?page=1", known[::-1], known, SAME)


@todo(2)
def test_pages_are_counted(client, vary):
    """total counts all posts; pages is rounded up: 0 for 0 posts, 1 for 10 posts, 2 for 11."""
    member(client, vary)
    total = 0
    for more, pages in ((0, 0), (1, 1), (9, 1), (1, 2)):
        total += len(posts(client, vary, more))
        expect(client.get(f"{POSTS}?page=1"), 200, {"total": total, "pages": pages}, next=COUNT)
    for per_page, pages in ((1, 11), (5, 3), (11, 1), (12, 1)):
        wanted = {"total": 11, "pages": pages}
        expect(client.get(f"{POSTS}?per_page={per_page}"), 200, wanted, next=COUNT)


@todo(2)
def test_pages_continue(client, vary):
    """The pages of 25 posts follow each other: none twice, none left out, the rest on the last."""
    member(client, vary)
    known = posts(client, vary, 25)
    newest = known[::-1]
    for per_page, pages in ((10, 3), (7, 4)):
        for page in range(1, pages + 1):
            wanted = newest[(page - 1) * per_page : page * per_page]
            address = f"{POSTS}?page={page}&per_page={per_page}"
            shows(client, address, wanted, known, CUT, total=25, pages=pages)
    oldest = f"{POSTS}/{known[0]}"
    for answer in (client.get(oldest), client.put(oldest, json={"content": vary.text()})):
        expect(answer, 200, {"post": {"id": known[0]}}, next=ALL)


@todo(2)
def test_next_and_previous(client, vary):
    """has_next is false on the last page, also on a full one; has_prev is false on the first."""
    member(client, vary)
    expect(client.get(f"{POSTS}?page=1"), 200, {"has_next": False}, next=NEXT)
    posts(client, vary, 6)
    for per_page, last in ((2, 3), (4, 2), (6, 1), (7, 1)):
        for page in range(1, last + 1):
            wanted = {"has_next": page < last, "has_prev": page > 1}
            expect(client.get(f"{POSTS}?page={page}&per_page={per_page}"), 200, wanted, next=NEXT)


@todo(2)
def test_page_past_the_end_is_empty(client, vary):
    """A page past the end is 200 with an empty list."""
    member(client, vary)
    empty = {"posts": [], "page": 2, "per_page": 1, "total": 0, "pages": 0}
    expect(client.get(f"{POSTS}?page=2&per_page=1"), 200, empty, next=END)
    posts(client, vary, 4)
    for page in (3, 4, 99, vary.number(101, 99_999)):
        wanted = {"posts": [], "page": page, "total": 4, "pages": 2, "has_next": False}
        expect(client.get(f"{POSTS}?page={page}&per_page=2"), 200, wanted, next=END)


@todo(2)
def test_huge_page_is_empty(client, vary):
    """A number of many digits is no error: 200, and as a page an empty list."""
    member(client, vary)
    write(client, vary.text())
    for digits in (10, 18, 20, 40):
        wanted = {"posts": [], "total": 1, "pages": 1, "has_next": False}
        expect(client.get(f"{POSTS}?page={'9' * digits}"), 200, wanted, next=END)
    for name in ("page", "per_page"):
        expect(client.get(f"{POSTS}?{name}={TOO_LONG}"), 200, {"total": 1}, next=DIGITS)


@todo(2)
@waits_for("test_first_page_has_the_newest")
def test_clamped_numbers_cut_the_list(client, vary):
    """The list is cut with the very page and per_page that the answer tells."""
    member(client, vary)
    known = posts(client, vary, 11)
    newest = known[::-1]
    for asked in ("page=0&per_page=2", "page=-1&per_page=2", "page=abc&per_page=2"):
        shows(client, f"{POSTS}?{asked}", newest[:2], known, CLAMPED, pages=6)
    for asked, number in (("0", 1), ("-5", 1), ("abc", 10), ("", 10), ("1000", 11)):
        shows(client, f"{POSTS}?per_page={asked}", newest[:number], known, CLAMPED, pages=-(-11 // number))


@todo(2)
@waits_for("test_first_page_has_the_newest")
def test_no_page_has_more_than_100(client, vary):
    """Of 101 posts a page holds 100 at most, and the next page the rest."""
    member(client, vary)
    known = posts(client, vary, 101)
    shows(client, f"{POSTS}?per_page=1000", known[:0:-1], known, HIGH, total=101, pages=2)
    shows(client, f"{POSTS}?per_page=1000&page=2", known[:1], known, HIGH, total=101, pages=2)


@todo(2)
@waits_for("test_first_page_has_the_newest")
def test_deleted_post_leaves_no_hole(client, vary):
    """After a deletion older posts move up, and total and pages count what is left."""
    member(client, vary)
    known = posts(client, vary, 5)
    for gone in (known[3], known[0]):
        expect(client.get(f"{POSTS}?per_page=2"), 200)
        expect(client.delete(f"{POSTS}/{gone}"), 200)
    shows(client, f"{POSTS}?per_page=2", [known[4], known[2]], known, NOW, total=3, pages=2)
    shows(client, f"{POSTS}?per_page=2&page=2", [known[1]], known, NOW, total=3, pages=2)


@todo(2)
@waits_for("test_first_page_has_the_newest")
def test_changed_post_keeps_its_place(client, vary):
    """An update moves no post to another place."""
    member(client, vary)
    known = posts(client, vary, 3)
    expect(client.put(f"{POSTS}/{known[0]}", json={"content": vary.text()}), 200)
    shows(client, f"{POSTS}?per_page=2", [known[2], known[1]], known, PLACE)
    shows(client, f"{POSTS}?per_page=2&page=2", [known[0]], known, PLACE)


@todo(3)
@waits_for("test_first_page_has_the_newest")
def test_posts_come_in_pages_by_themselves(client, vary):
    """GET /api/posts with nothing behind it is page 1 with 10 posts."""
    member(client, vary)
    none = {"posts": [], "page": 1, "per_page": 10, "total": 0, "pages": 0, "has_next": False}
    expect(client.get(POSTS), 200, none, next=ALWAYS)
    known = posts(client, vary, 11)
    meta = {"page": 1, "per_page": 10, "total": 11, "pages": 2, "has_next": True, "has_prev": False}
    for _ in range(2):
        shows(client, POSTS, known[:0:-1], known, ALWAYS, **meta)


@todo(3)
def test_users_come_in_pages(client, vary):
    """GET /api/users comes in pages too, the oldest account first."""
    known = accounts(client, vary, 11)
    last = {"username": vary.name(), "password": vary.password()}
    known.append(register(client, **last)["id"])
    refused(client.post(USERS, json=last), 409, next=ALL)
    expect(client.post("/api/login", json=last), 200, next=ALL)
    meta = {"page": 1, "per_page": 10, "total": 12, "pages": 2, "has_next": True, "has_prev": False}
    shows(client, USERS, known[:10], known, ALWAYS, **meta)
    meta = {"page": 2, "per_page": 10, "total": 12, "pages": 2, "has_next": False, "has_prev": True}
    shows(client, f"{USERS}?page=2", known[10:], known, CUT, **meta)
    for page in (1, 2, 3):
        meta = {
            "page": page,
            "per_page": 5,
            "total": 12,
            "pages": 3,
            "has_next": page < 3,
            "has_prev": page > 1,
        }
        wanted = known[5 * (page - 1) : 5 * page]
        shows(client, f"{USERS}?per_page=5&page={page}", wanted, known, CUT, **meta)


@todo(3)
@waits_for("test_users_come_in_pages")
def test_pages_of_users_are_counted(client, vary):
    """The list of users has all six keys as well, and counts its pages in the same way."""
    for total, pages in ((0, 0), (1, 1), (2, 1), (3, 2)):
        counted = {**META, "total": total, "pages": pages, "has_next": total > 2}
        expect(client.get(f"{USERS}?per_page=2"), 200, {"users": list, **counted}, next=COUNT)
        accounts(client, vary, 1)


@todo(3)
@waits_for("test_users_come_in_pages")
def test_numbers_mean_the_same_for_users(client, vary):
    """page and per_page mean the same for the list of users."""
    known = accounts(client, vary, 2)
    for asked, page, per_page, mend in (*PLAIN, *LOWER, *HIGHER, *NO_NUMBER):
        wanted = known[(page - 1) * per_page : page * per_page]
        meta = {"page": page, "per_page": per_page, "total": 2}
        shows(client, f"{USERS}?{asked}", wanted, known, mend, **meta)


@todo(3)
@waits_for("test_users_come_in_pages")
def test_page_of_users_past_the_end_is_empty(client, vary):
    """A page of users past the end is 200 with an empty list, whatever its number."""
    accounts(client, vary, 1)
    wanted = {"users": [], "total": 1, "pages": 1, "has_next": False}
    for page in (2, 99, vary.number(101, 99_999)):
        expect(client.get(f"{USERS}?page={page}"), 200, {**wanted, "page": page}, next=END)
    for digits in (10, 18, 20, 40):
        expect(client.get(f"{USERS}?page={'9' * digits}"), 200, wanted, next=END)
    for name in ("page", "per_page"):
        expect(client.get(f"{USERS}?{name}={TOO_LONG}"), 200, {"total": 1}, next=DIGITS)


@todo(3)
@waits_for("test_users_come_in_pages")
def test_pages_of_users_hold_no_secret(client, vary):
    """No page of users holds a password or its hash."""
    passwords = [vary.password() for _ in range(3)]
    for password in passwords:
        register(client, vary.name(), password)
    for page in (1, 2):
        no_secret(client.get(f"{USERS}?per_page=2&page={page}"), *passwords)
