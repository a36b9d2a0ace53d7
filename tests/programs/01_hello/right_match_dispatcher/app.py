"""Style: one view for every path, which picks the answer with match."""
from flask import Flask, abort, request
from werkzeug.exceptions import MethodNotAllowed

app = Flask(__name__, static_folder=None)
EVERY = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@app.route("/", defaults={"path": ""}, methods=EVERY)
@app.route("/<path:path>", methods=EVERY)
def dispatch(path):
    match request.method, path:
        case "GET" | "HEAD", "":
            return {"message": "Welcome to the Social Media API!"}
        case "GET" | "HEAD", "api/health":
            return {"status": "ok"}
        case _, "" | "api/health":
            raise MethodNotAllowed(valid_methods=["GET", "HEAD", "OPTIONS"])
    abort(404)
