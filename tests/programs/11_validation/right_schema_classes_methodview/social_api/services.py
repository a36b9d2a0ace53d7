"""The rules of the network; knows neither HTTP nor SQL."""
import hashlib

from werkzeug.security import check_password_hash, generate_password_hash

from social_api.errors import Forbidden, NotLoggedIn, Unknown
from social_api.models import Post, User
from social_api.repositories import Posts, Users

users, posts = Users(), Posts()


def register(username, password):
    user = User(username=username, password=generate_password_hash(password))
    users.add(user)
    return user


def authenticate(username, password):
    user = users.by_name(username)
    if user is None or not check_password_hash(user.password, password):
        raise NotLoggedIn("Wrong name or password")
    return user


def mark(user):
    """Different for every registration (the hash has its own salt), so an id that comes back does not log in."""
    return hashlib.blake2s(user.password.encode(), digest_size=12).hexdigest()


def whose(login):
    """The user of what a session remembers."""
    id, remembered = login if isinstance(login, list) and len(login) == 2 else (None, None)
    user = users.get(id)
    if user is None or mark(user) != remembered:
        raise NotLoggedIn("You have to log in")
    return user


def user(id):
    found = users.get(id)
    if found is None:
        raise Unknown("No such user")
    return found


def post(id):
    found = posts.get(id)
    if found is None:
        raise Unknown("No such post")
    return found


def own_post(user, id):
    found = post(id)
    if found.user_id != user.id:
        raise Forbidden("Not your post")
    return found


def publish(author, content):
    new = Post(content=content, user=author)
    posts.add(new)
    return new
