from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
	pass


db = SQLAlchemy(model_class=Base)


class User(db.Model):
	id: Mapped[int] = mapped_column(primary_key=True)
	username: Mapped[str] = mapped_column(Text, unique=True)
	password: Mapped[str] = mapped_column(Text)

	def show(self):
		return {"id": self.id, "username": self.username}


class Post(db.Model):
	id: Mapped[int] = mapped_column(primary_key=True)
	content: Mapped[str] = mapped_column(Text)
	user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

	def show(self):
		return {"id": self.id, "content": self.content, "user_id": self.user_id}
