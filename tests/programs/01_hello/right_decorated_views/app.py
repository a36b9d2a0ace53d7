"""Style: the shortest usual program, decorators and dicts."""
from flask import Flask

app = Flask(__name__)


@app.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@app.get("/api/health")
def health():
    return {"status": "ok"}


if __name__ == "__main__":
    app.run(debug=True, port=5001)
