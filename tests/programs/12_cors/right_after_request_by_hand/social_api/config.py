import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class Config:
    SECRET_KEY = "dev"
    SQLALCHEMY_TRACK_MODIFICATIONS = False
    PAGE_SIZE = 10
    MAX_PAGE_SIZE = 100
    MAX_CONTENT_LENGTH = 16 * 1024
    CORS_ORIGINS = ["http://localhost:8080"]
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_HTTPONLY = True


class DevelopmentConfig(Config):
    SQLALCHEMY_DATABASE_URI = "sqlite:///" + os.fspath(ROOT / "development.db")


class TestConfig(Config):
    SQLALCHEMY_DATABASE_URI = "sqlite://"
