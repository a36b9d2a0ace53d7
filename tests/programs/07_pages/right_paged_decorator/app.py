"""Style: a decorator @paged over views that return whole lists; blueprints from a package lib/; data in a JSON file."""
from pathlib import Path

from flask import Flask, request

from lib.posts import bp as posts
from lib.store import Store
from lib.users import bp as users

app = Flask(__name__)
app.config["SECRET_KEY"] = "lib"
app.config["STORE"] = Store(Path(__file__).parent / "data.json")
app.register_blueprint(users)
app.register_blueprint(posts, url_prefix="/api/posts")


@app.route("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@app.route("/api/health")
def health():
    return {"status": "ok"}


@app.route("/echo", methods=["POST"])
def echo():
    return {"you_sent": request.json}


if __name__ == "__main__":
    app.run(debug=True, port=5001)
