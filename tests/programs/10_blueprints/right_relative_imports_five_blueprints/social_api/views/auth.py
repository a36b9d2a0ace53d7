from flask import Blueprint, abort

from ..extensions import db
from ..models import User
from ..schemas import dump, load
from ..security import log_in, log_out

bp = Blueprint("auth", __name__)


@bp.post("/login")
def login():
    username, password = load("username", "password")
    user = db.session.execute(db.select(User).filter_by(username=username.strip())).scalar_one_or_none()
    if user is None or not user.has_password(password):
        abort(401, "Wrong username or password")
    log_in(user)
    return {"message": "Login successful!", "user": dump(user)}


@bp.post("/logout")
def logout():
    log_out()
    return {"message": "Logout successful!"}
