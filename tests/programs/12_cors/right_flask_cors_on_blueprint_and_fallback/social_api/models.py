from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import backref

db = SQLAlchemy()


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.Text, nullable=False, unique=True)
    password = db.Column(db.Text, nullable=False)

    __table_args__ = {"sqlite_autoincrement": True}

    def public(self):
        return {"id": self.id, "username": self.username}


class Post(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    content = db.Column(db.String(255), nullable=False)
    user_id = db.Column(db.Integer, db.ForeignKey(User.id, ondelete="CASCADE"), nullable=False)
    writer = db.relationship(User, lazy="selectin", backref=backref("posts", lazy="dynamic", passive_deletes="all"))

    def public(self):
        return {"id": self.id, "content": self.content, "user_id": self.user_id, "author": self.writer.username}


def install(engine):
    """Make the tables. SQLite keeps to foreign keys only if told so on every connection."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, record: connection.execute("PRAGMA foreign_keys=ON"))
    db.metadata.create_all(engine)
