"""Five blueprints; each one's prefix is given in app.py."""
from .auth import bp as auth
from .me import bp as me
from .main import bp as main
from .posts import bp as posts
from .users import bp as users

__all__ = ["auth", "main", "me", "posts", "users"]
