# TODO 1: import request as well
from flask import Flask  # replace in TODO 1

app = Flask(__name__)


@app.route("/")
def home():
    """Welcome whoever opens the API."""
    return {"message": "Welcome to the Social Media API!"}


@app.route("/api/health")
def health():
    """Tell a watchdog that the program still answers."""
    return {"status": "ok"}


# TODO 2: tell Flask that this view answers POST /echo
def echo():
    """Send the client's JSON back, to show what arrived."""
    # TODO 3: read the JSON that the client sent, and send it back
    return {"you_sent": "nothing yet"}, 501  # replace in TODO 3


if __name__ == "__main__":
    app.run(debug=True, port=5001)
