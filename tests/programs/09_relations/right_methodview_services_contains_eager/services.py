"""What the program does; HTTP stays in app.py, SQL in repositories.py."""
import hashlib

from errors import Forbidden, NotLoggedIn, Unknown
from repositories import Posts, Users
from tables import Post, User
from werkzeug.security import check_password_hash, generate_password_hash

users, posts = Users(), Posts()


def fingerprint(user):
    """Another one for every registration, as every hash has its own salt: an id that comes back does not log in."""
    return hashlib.sha256(user.password.encode()).hexdigest()[:24]


def register(username, password):
    return users.add(username.strip(), generate_password_hash(password))


def login(username, password):
    user = users.by_name(username.strip())
    if user is None or not check_password_hash(user.password, password):
        raise NotLoggedIn("Wrong name or password")
    return user


def logged_in(id, mark):
    user = users.get(id)
    if user is None or fingerprint(user) != mark:
        raise NotLoggedIn("Log in, please")
    return user


def user(id):
    found = users.get(id)
    if found is None:
        raise Unknown("That user does not exist")
    return found


def post(id):
    found = posts.get(id)
    if found is None:
        raise Unknown("That post does not exist")
    return found


def own_post(me, id):
    found = post(id)
    if found.user_id != me.id:
        raise Forbidden("That post is somebody else's")
    return found


def page_of_users(page, per_page):
    return users.page(page, per_page)


def page_of_posts(page, per_page, author=None):
    return posts.page(page, per_page, *([] if author is None else [User.username == author]))


def page_of_posts_by(id, page, per_page):
    return posts.page(page, per_page, Post.user_id == user(id).id)


def with_count(id):
    found = user(id)
    return {**found.as_dict(), "post_count": posts.count_of(found)}
