import uuid

from social_api.db import db


class User(db.Model):
    __tablename__ = "user"

    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(80), nullable=False, index=True, unique=True)
    password = db.Column(db.String(255), nullable=False)
    uuid = db.Column(db.String(36), default=lambda: str(uuid.uuid4()))  # what the session remembers
    posts = db.relationship("Post", backref="author", cascade="all, delete-orphan", lazy=True)

    def to_dict(self, **more):
        return {"id": self.id, "username": self.username, **more}


class Post(db.Model):
    __tablename__ = "post"

    id = db.Column(db.Integer, primary_key=True)
    content = db.Column(db.String(255), nullable=False)
    user_id = db.Column(db.Integer, db.ForeignKey("user.id"), nullable=False)

    def to_dict(self):
        return {"id": self.id, "content": self.content, "user_id": self.user_id, "author": self.author.username}
