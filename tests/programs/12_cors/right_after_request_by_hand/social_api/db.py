from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

db = SQLAlchemy()


def create_tables():
    from social_api import models  # noqa: F401 - the tables must be known
    if db.engine.dialect.name == "sqlite":
        @event.listens_for(db.engine, "connect")
        def foreign_keys(connection, record):
            cursor = connection.cursor()
            cursor.execute("PRAGMA foreign_keys = 1")
            cursor.close()
        db.engine.dispose()
    db.create_all()
