from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text, func, select

metadata = MetaData()

user = Table(
    "user", metadata,
    Column("id", Integer, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("password", Text, nullable=False),
    sqlite_autoincrement=True,
)

post = Table(
    "post", metadata,
    Column("id", Integer, primary_key=True),
    Column("content", String(255), nullable=False),
    Column("user_id", ForeignKey("user.id"), nullable=False, index=True),
)

public_user = select(user.c.id, user.c.username)
public_post = select(post.c.id, post.c.content, post.c.user_id, user.c.username.label("author")).join_from(post, user)
user_with_count = (
    select(user.c.id, user.c.username, func.count(post.c.id).label("post_count"))
    .join_from(user, post, isouter=True)
    .group_by(user.c.id, user.c.username)
)
