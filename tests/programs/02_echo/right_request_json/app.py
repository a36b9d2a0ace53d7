"""Style: the usual program: request.json and a tuple."""
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def home():
    return {"message": "Welcome to the Social Media API!"}


@app.route("/api/health")
def health():
    return {"status": "ok"}


@app.route("/echo", methods=["POST"])
def echo():
    data = request.json
    return {"you_sent": data}, 200


if __name__ == "__main__":
    app.run(debug=True, port=5001)
