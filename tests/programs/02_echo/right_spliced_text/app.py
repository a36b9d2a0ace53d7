"""Style: the body is only checked, then its own text is put into the answer, so no number loses a digit."""
import json

from flask import Flask, Response, abort, request

app = Flask(__name__)


def not_json(name):
    raise ValueError(name)


def json_text():
    if not request.is_json:
        abort(415)
    try:
        text = request.get_data().decode("utf-8")
        json.loads(text, parse_int=len, parse_float=len, parse_constant=not_json)
    except ValueError:
        abort(400)
    return text


@app.get("/")
def home():
    return Response('{"message": "Welcome to the Social Media API!"}', mimetype="application/json")


@app.get("/api/health")
def health():
    return Response('{"status": "ok"}', mimetype="application/json")


@app.post("/echo")
def echo():
    return Response('{"you_sent": ' + json_text() + "}", mimetype="application/json")
