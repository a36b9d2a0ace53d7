from flask import jsonify, request


def init_app(app):
    @app.route("/")
    def index():
        return jsonify({"message": "Welcome to the Social Media API!"})

    @app.route("/api/health")
    def health():
        return jsonify({"status": "ok"})

    @app.route("/echo", methods=["POST"])
    def echo():
        return jsonify({"you_sent": request.json})
