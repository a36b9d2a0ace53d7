from flask import Blueprint

from ..extensions import db
from ..schemas import dump
from ..security import log_out, require_user

bp = Blueprint("me", __name__)


@bp.get("")
def show():
    return {"user": dump(require_user())}


@bp.delete("")
def delete():
    user = require_user()
    message = f"User {user.id} deleted!"
    db.session.delete(user)
    db.session.commit()
    log_out()
    return {"message": message}
