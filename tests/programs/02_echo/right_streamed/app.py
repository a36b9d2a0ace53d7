"""Style: answers streamed piece by piece by generators, without a Content-Length; a global counts the requests."""
import json

from flask import Flask, request

app = Flask(__name__)
counter = {"requests": 0}


def stream(name, value):
    def pieces():
        yield "{" + json.dumps(name) + ":"
        yield from json.JSONEncoder().iterencode(value)
        yield "}\n"

    return app.response_class(pieces(), mimetype="application/json")


@app.before_request
def count():
    counter["requests"] += 1


@app.get("/")
def home():
    return stream("message", "Welcome to the Social Media API!")


@app.get("/api/health")
def health():
    return stream("status", "ok")


@app.post("/echo")
def echo():
    return stream("you_sent", request.get_json())
