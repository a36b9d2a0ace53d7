import re

from flask_cors import CORS
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)
cors = CORS()


def init_cors(app):
    """Every path, the listed origins and no other."""
    listed = "|".join(re.escape(origin) for origin in app.config["CORS_ORIGINS"])
    cors.init_app(
        app,
        resources={
            r"/*": {
                "origins": re.compile(rf"(?:{listed})\Z") if listed else [],
                "supports_credentials": True,
                "methods": ["GET", "POST", "PUT", "DELETE"],
                "allow_headers": ["Content-Type"],
                "expose_headers": ["Location"],
                "max_age": 600,
            }
        },
    )
