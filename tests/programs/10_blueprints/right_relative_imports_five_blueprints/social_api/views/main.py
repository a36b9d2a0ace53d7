from flask import Blueprint, request

bp = Blueprint("main", __name__)


@bp.get("/")
def welcome():
    return {"message": "Welcome to the Social Media API!"}


@bp.get("/api/health")
def health():
    return {"status": "ok"}


@bp.post("/echo")
def echo():
    return {"you_sent": request.get_json()}
