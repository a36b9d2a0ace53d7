from flask import Blueprint, abort
from sqlalchemy.exc import IntegrityError

from ..extensions import db
from ..models import Post, User
from ..pagination import page_of
from ..schemas import dump, load

bp = Blueprint("users", __name__)


def find(id: int) -> User:
    user = db.session.get(User, id) if id < 2**31 else None
    if user is None:
        abort(404, "No such user")
    return user


@bp.post("")
def register():
    username, password = load("username", "password")
    user = User(username=username.strip())
    user.set_password(password)
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        abort(409, "This username is taken")
    db.session.commit()
    return {"message": "User registered successfully!", "user": dump(user)}, 201


@bp.get("")
def index():
    return page_of(db.select(User).order_by(User.id), "users")


@bp.get("/<int:id>")
def show(id):
    user = find(id)
    count = db.session.scalar(db.select(db.func.count()).select_from(Post).filter_by(user_id=user.id))
    return {"user": dump(user) | {"post_count": count}}


@bp.get("/<int:id>/posts")
def posts(id):
    return page_of(db.select(Post).filter_by(user_id=find(id).id).order_by(Post.id.desc()), "posts")
