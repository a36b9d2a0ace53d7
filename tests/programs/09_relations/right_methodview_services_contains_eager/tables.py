from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    def as_dict(self):
        return {name: getattr(self, name) for name in self.public}


db = SQLAlchemy(model_class=Base)


class User(db.Model):
    __tablename__ = "user"
    __table_args__ = (db.UniqueConstraint("username"),)
    public = ("id", "username")

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(db.String(80))
    password: Mapped[str] = mapped_column(db.String(255))


class Post(db.Model):
    __tablename__ = "post"
    public = ("id", "content", "user_id", "author")

    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(db.String(255))
    user_id: Mapped[int] = mapped_column(db.ForeignKey(User.id))

    user: Mapped[User] = relationship()  # one side is enough here: posts are deleted by a statement

    @property
    def author(self):
        return self.user.username
