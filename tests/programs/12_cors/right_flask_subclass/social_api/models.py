from uuid import uuid4

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, WriteOnlyMapped, mapped_column, relationship


class Base(MappedAsDataclass, DeclarativeBase):
    @property
    def json(self) -> dict:
        return {name: getattr(self, name) for name in self.shown}


class User(Base):
    __tablename__ = "user"
    shown = ("id", "username")

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str] = mapped_column(repr=False)
    ticket: Mapped[str] = mapped_column(init=False, repr=False, default_factory=lambda: uuid4().hex)
    posts: WriteOnlyMapped["Post"] = relationship(
        back_populates="writer", init=False, repr=False, cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def number_of_posts(self):
        """As a statement."""
        return select(func.count(Post.id)).where(Post.user_id == self.id)


class Post(Base):
    __tablename__ = "post"
    shown = ("id", "content", "user_id", "author")

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    content: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), init=False)
    writer: Mapped[User] = relationship(back_populates="posts", lazy="selectin", repr=False)

    @hybrid_property
    def author(self) -> str:
        return self.writer.username

    @author.inplace.expression
    @classmethod
    def _author(cls):
        return select(User.username).where(User.id == cls.user_id).scalar_subquery()
