"""Lets Flask and SQLAlchemy do once what they do at a first time only, before any program is loaded.

Each copy of the fork server then has their caches filled: compiled expressions, encoders, imports that
wait for a first use. The apps here are thrown away; no program can tell.
"""

import io
from typing import Any

JSON = "application/json"


def call(app: Any, method: str, path: str, body: bytes = b"", kind: str = JSON, cookie: str = "") -> str:
    """One request to a WSGI app; gives the cookie that the answer sets."""
    answer: list[Any] = []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path.partition("?")[0], "QUERY_STRING": path.partition("?")[2],
        "SERVER_NAME": "localhost", "SERVER_PORT": "5001", "SERVER_PROTOCOL": "HTTP/1.1", "SCRIPT_NAME": "",
        "HTTP_HOST": "localhost:5001", "HTTP_COOKIE": cookie, "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)),
        "HTTP_ORIGIN": "http://localhost:8080", "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip
    result = app(environ, lambda status, headers, exc_info=None: answer.extend(headers))
    b"".join(result)
    result.close()
    return next((value.partition(";")[0] for name, value in answer if name == "Set-Cookie"), "")


def web() -> None:
    """Flask: routing, JSON, the session, errors, hashing."""
    from flask import Blueprint, Flask, request, session
    from werkzeug.exceptions import HTTPException
    from werkzeug.security import check_password_hash, generate_password_hash

    app = Flask("warming")
    app.config["SECRET_KEY"] = "warming"
    part = Blueprint("part", "warming", url_prefix="/part")

    @part.route("/<int:id>", methods=["PUT"])
    def numbered(id: int) -> Any:
        return {"id": id, "page": request.args.get("page", 1, type=int)}, 201

    @app.route("/", methods=["POST"])
    def echo() -> Any:
        session["user_id"] = check_password_hash(generate_password_hash("warm"), "warm")
        return {"sent": request.json, "again": session.get("user_id")}

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Any:
        return error.get_response()

    app.register_blueprint(part)
    cookie = call(app, "POST", "/", b'{"a": ["\xc3\xa9", 1, null]}')
    call(app, "POST", "/", b"{bad", cookie=cookie)
    call(app, "POST", "/", b"{}", "text/plain")
    call(app, "PUT", "/part/7?page=x", b"{}")
    call(app, "GET", "/")
    call(app, "GET", "/nope")


def database() -> None:
    """Flask-SQLAlchemy: tables, inserts, queries, pages, relations."""
    from flask import Flask
    from flask_sqlalchemy import SQLAlchemy
    from sqlalchemy import ForeignKey, String
    from sqlalchemy.exc import IntegrityError
    from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

    class Base(DeclarativeBase):
        pass

    db = SQLAlchemy(model_class=Base)

    class User(db.Model):  # type: ignore[name-defined, misc]
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(80), unique=True)
        posts: Mapped[list[Any]] = relationship("Post", back_populates="user", cascade="all, delete-orphan")

    class Post(db.Model):  # type: ignore[name-defined, misc]
        id: Mapped[int] = mapped_column(primary_key=True)
        text: Mapped[str] = mapped_column(String(255))
        user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
        user: Mapped[User] = relationship(back_populates="posts")

    app = Flask("warming")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db.init_app(app)
    with app.app_context():
        db.create_all()
        user = User(name="warm")
        db.session.add(user)
        db.session.commit()
        db.session.add(Post(text="warm", user_id=user.id))
        db.session.commit()
        db.session.add(User(name="warm"))
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
        query = db.select(Post).options(joinedload(Post.user)).order_by(Post.id.desc())
        db.paginate(query, page=1, per_page=10, error_out=False)
        db.paginate(db.select(User).order_by(User.id), page=1, per_page=10, error_out=False)
        db.session.scalar(db.select(db.func.count(Post.id)).where(Post.user_id == user.id))
        db.session.scalar(db.select(User).where(User.name == "warm"))
        db.session.delete(db.session.get(User, user.id))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
