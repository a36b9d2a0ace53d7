from flask import jsonify
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed


class Wrong(Exception):
    """A body that cannot be taken."""

    def __init__(self, text, status=400):
        self.text, self.status = text, status


def register_handlers(app):
    @app.errorhandler(Wrong)
    def wrong(error):
        return jsonify(error=error.text), error.status

    @app.errorhandler(MethodNotAllowed)
    def method(error):
        response = jsonify(error="That cannot be done here")
        response.allow.update(error.valid_methods)
        return response, 405

    @app.errorhandler(InternalServerError)
    def crash(error):
        return jsonify(error="Our fault. Try again later."), 500

    @app.errorhandler(HTTPException)
    def other(error):
        return jsonify(error=error.description), error.code
