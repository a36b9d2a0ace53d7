from flask import current_app, json, jsonify
from werkzeug.exceptions import HTTPException

from social_api.db import db


def on_error(error):
    if isinstance(error, HTTPException):
        response = error.get_response()
        response.data = json.dumps({"error": f"{error.code} {error.name}"})
        response.content_type = "application/json"
        return response
    db.session.rollback()
    current_app.logger.exception("unexpected error")
    return jsonify({"error": "An unexpected error occurred"}), 500
