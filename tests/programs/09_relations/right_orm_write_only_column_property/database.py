"""Engine, session and tables: SQLAlchemy's ORM as dataclasses, Flask does not come into it."""
from pathlib import Path
from uuid import uuid4

from sqlalchemy import URL, ForeignKey, String, create_engine, event, func, select
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import (
    DeclarativeBase, Mapped, MappedAsDataclass, WriteOnlyMapped, column_property, mapped_column, relationship,
    scoped_session, sessionmaker,
)

folder = Path(__file__).resolve().parent / "storage"
folder.mkdir(exist_ok=True)

engine = create_engine(URL.create("sqlite", database=str(folder / "social.db")))
event.listen(engine, "connect", lambda connection, record: connection.execute("PRAGMA foreign_keys=ON"))
Session = scoped_session(sessionmaker(engine))


class Base(MappedAsDataclass, DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True, index=True)
    password: Mapped[str] = mapped_column(repr=False)  # a hash, of any length
    ticket: Mapped[str] = mapped_column(String(36), init=False, repr=False, default_factory=lambda: str(uuid4()))
    posts: WriteOnlyMapped["Post"] = relationship(
        back_populates="writer", init=False, repr=False, cascade="all, delete-orphan", passive_deletes=True
    )


class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    content: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), init=False)
    writer: Mapped[User] = relationship(back_populates="posts", lazy="selectin")
    author: AssociationProxy[str] = association_proxy("writer", "username", init=False)


User.post_count = column_property(
    select(func.count(Post.id)).where(Post.user_id == User.id).correlate_except(Post).scalar_subquery(), deferred=True
)

Base.metadata.create_all(engine)
