import json

from werkzeug.wrappers import Response


class HealthMiddleware:
    def __init__(self, wsgi_app):
        self.wsgi_app = wsgi_app

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] != "/api/health":
            return self.wsgi_app(environ, start_response)
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            response = Response(json.dumps({"status": "ok"}), mimetype="application/json")
        else:
            response = Response("GET only", 405, {"Allow": "GET, HEAD"})
        return response(environ, start_response)
