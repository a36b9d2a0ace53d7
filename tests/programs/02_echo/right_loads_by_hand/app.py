"""Style: json.loads of the raw body; 415 and 400 returned by hand, headers as a list of pairs."""
import json

from flask import Flask, request

app = Flask(__name__)
JSON = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]


def answer(data, status=200):
    return json.dumps(data, ensure_ascii=False).encode("utf-8"), status, JSON


@app.get("/")
def home():
    return answer({"message": "Welcome to the Social Media API!"})


@app.get("/api/health")
def health():
    return answer({"status": "ok"})


@app.post("/echo")
def echo():
    if request.mimetype != "application/json":
        return answer({"error": "Please send application/json", "got": request.mimetype}, 415)
    try:
        value = json.loads(request.get_data())
    except ValueError:  # also a UnicodeDecodeError
        return answer({"error": "That is not JSON"}, 400)
    return answer({"you_sent": value})
