from flask import abort, jsonify, make_response, request


def home():
    return jsonify({"message": "Welcome to the Social Media API!"})


def health():
    return jsonify({"status": "ok"})


def echo():
    if not request.is_json:
        abort(make_response(jsonify(error="Content-Type must be application/json"), 415))
    return jsonify({"you_sent": request.get_json()})


def register(app):
    app.add_url_rule("/", view_func=home)
    app.add_url_rule("/api/health", view_func=health)
    app.add_url_rule("/echo", view_func=echo, methods=["POST"])
