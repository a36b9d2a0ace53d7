"""Nobody but these classes talks to the database."""
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from errors import Conflict
from tables import Post, User, db


class Repository:
    model = None
    order = None

    def get(self, id):
        if type(id) is not int or not 0 < id < 2**31:
            return None
        return db.session.execute(select(self.model).filter_by(id=id)).scalar()

    def query(self):
        return select(self.model)

    def page(self, page, per_page, *conditions):
        """(the rows of that page, how many rows there are)"""
        query = self.query().where(*conditions)
        total = db.session.execute(query.with_only_columns(func.count(self.model.id))).scalar_one()
        rows = db.session.execute(query.order_by(self.order).limit(per_page).offset((page - 1) * per_page))
        return rows.scalars().all(), total


class Users(Repository):
    model, order = User, User.id.asc()

    def by_name(self, username):
        return db.session.execute(select(User).filter_by(username=username)).scalar()

    def add(self, username, password):
        user = User(username=username, password=password)
        try:
            db.session.add(user)
            db.session.commit()
        except IntegrityError as error:
            db.session.rollback()
            raise Conflict(f"The name {username!r} is taken") from error
        return user

    def remove(self, user):
        db.session.execute(delete(Post).where(Post.user_id == user.id))
        db.session.execute(delete(User).where(User.id == user.id))
        db.session.commit()


class Posts(Repository):
    model, order = Post, Post.id.desc()

    def query(self):
        return select(Post).join(Post.user).options(contains_eager(Post.user))

    def count_of(self, user):
        return db.session.query(Post).filter_by(user_id=user.id).count()

    def add(self, author, content):
        post = Post(content=content, user_id=author.id)
        db.session.add(post)
        db.session.commit()
        return post

    def change(self, post, content):
        post.content = content
        db.session.commit()

    def remove(self, post):
        db.session.delete(post)
        db.session.commit()
