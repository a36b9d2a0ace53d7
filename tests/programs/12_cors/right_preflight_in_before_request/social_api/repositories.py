"""Nobody but these classes talks to the database."""
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from social_api.errors import Conflict
from social_api.models import Post, User, db


class Users:
    everybody = select(User).order_by(User.id)

    def get(self, id):
        return db.session.get(User, id) if type(id) is int and 0 < id < 2**31 else None

    def by_name(self, username):
        return db.session.scalars(select(User).filter_by(username=username)).first()

    def add(self, user):
        db.session.add(user)
        try:
            db.session.commit()
        except IntegrityError as error:
            db.session.rollback()
            raise Conflict("That name is taken") from error

    def remove(self, user):
        id = user.id
        db.session.execute(delete(Post).where(Post.user_id == id))
        db.session.execute(delete(User).where(User.id == id))
        db.session.commit()


class Posts:
    newest_first = select(Post).join(Post.user).options(contains_eager(Post.user)).order_by(Post.id.desc())

    def get(self, id):
        return db.session.get(Post, id) if 0 < id < 2**31 else None

    def by(self, user):
        return self.newest_first.where(Post.user_id == user.id)

    def by_name(self, username):
        return self.newest_first.where(User.username == username)

    def count_by(self, user):
        return db.session.query(func.count(Post.id)).filter(Post.user_id == user.id).scalar()

    def add(self, post):
        db.session.add(post)
        db.session.commit()

    def change(self, post, content):
        post.content = content
        db.session.commit()

    def remove(self, post):
        db.session.delete(post)
        db.session.commit()


def page(query, number, size):
    """(the rows, how many there are without pages)"""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    return db.session.scalars(query.limit(size).offset((number - 1) * size)).all(), total
