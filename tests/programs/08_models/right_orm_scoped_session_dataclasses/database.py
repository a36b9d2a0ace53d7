"""Engine, session and tables: SQLAlchemy's ORM as dataclasses, Flask does not come into it."""
from pathlib import Path

from sqlalchemy import URL, ForeignKey, String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, scoped_session, sessionmaker

folder = Path(__file__).resolve().parent / "storage"
folder.mkdir(exist_ok=True)

engine = create_engine(URL.create("sqlite", database=str(folder / "social.db")))
Session = scoped_session(sessionmaker(engine))


class Base(MappedAsDataclass, DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True, index=True)
    password: Mapped[str] = mapped_column(repr=False)  # a hash, of any length


class Post(Base):
    __tablename__ = "post"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    content: Mapped[str] = mapped_column(String(255))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))


Base.metadata.create_all(engine)
