"""Each status code with its own handler and its own words."""
from werkzeug.exceptions import BadRequest


class Problems(BadRequest):
    """A body that is an object, but not the right one: {field: what is wrong with it}"""

    def __init__(self, fields: dict[str, str]):
        missing = "missing" in fields.values()
        text = "Missing fields" if missing else "; ".join(f"{name} {problem}" for name, problem in fields.items())
        super().__init__(text)
        self.fields = fields


def init_app(app):
    @app.errorhandler(Problems)
    def problems(error):
        # a list, because no body may have a key "password"
        fields = [{"field": name, "problem": problem} for name, problem in error.fields.items()]
        return {"error": error.description, "fields": fields}, 400

    @app.errorhandler(400)
    def bad_request(error):
        return {"error": error.description or "That was no JSON"}, 400

    @app.errorhandler(401)
    def unauthorized(error):
        return {"error": error.description}, 401

    @app.errorhandler(403)
    def forbidden(error):
        return {"error": error.description}, 403

    @app.errorhandler(404)
    def not_found(error):
        return {"error": error.description or "Not found"}, 404

    @app.errorhandler(405)
    def method_not_allowed(error):
        allowed = ", ".join(sorted(error.valid_methods))
        return {"error": f"Here you may only use {allowed}"}, 405, {"Allow": allowed}

    @app.errorhandler(409)
    def conflict(error):
        return {"error": error.description}, 409

    @app.errorhandler(413)
    def too_large(error):
        return {"error": "A body of more than 16 KiB is not read"}, 413

    @app.errorhandler(415)
    def unsupported_media_type(error):
        return {"error": "Send Content-Type: application/json"}, 415

    @app.errorhandler(500)
    def crash(error):
        return {"error": "Something went wrong here, sorry"}, 500
