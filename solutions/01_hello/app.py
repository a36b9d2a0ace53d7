from flask import Flask

app = Flask(__name__)


@app.route("/")
def home():
    """Welcome whoever opens the API."""
    return {"message": "Welcome to the Social Media API!"}


@app.route("/api/health")
def health():
    """Tell a watchdog that the program still answers."""
    return {"status": "ok"}


if __name__ == "__main__":
    app.run(debug=True, port=5001)
