# Style: create_app() only, tabs, and every error of Flask as JSON with its headers kept
import json

from flask import Flask, request
from werkzeug.exceptions import HTTPException


def create_app(test_config=None):
	app = Flask(__name__)
	if test_config:
		app.config.update(test_config)

	@app.errorhandler(HTTPException)
	def problem(exc):
		response = exc.get_response()
		response.data = json.dumps({"error": exc.description, "code": exc.code})
		response.content_type = "application/json"
		return response

	@app.route("/", endpoint="start")
	def start():
		return {"message": "Welcome to the Social Media API!"}

	@app.route("/api/health")
	def health():
		return {"status": "ok"}

	@app.route("/echo", methods=("POST",))
	def echo():
		return {"you_sent": request.get_json(force=False, silent=False)}

	return app
