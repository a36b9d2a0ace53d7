"""Style: a file with a byte order mark; every error as JSON from the start, in another language."""
from flask import Flask, jsonify
from werkzeug.exceptions import HTTPException

app = Flask(__name__)
app.json.ensure_ascii = False
app.json.sort_keys = False


@app.errorhandler(HTTPException)
def als_json(fehler):
    antwort = fehler.get_response()  # keeps Allow
    antwort.data = jsonify(error=f"Das ließ sich nicht öffnen: {fehler.code}", name=fehler.name).get_data()
    antwort.mimetype = "application/json"
    return antwort


@app.route("/")
def startseite():
    return jsonify({"message": "Welcome to the Social Media API!", "größe": 1})


@app.route("/api/health")
def gesundheit():
    return jsonify({"status": "ok"})
