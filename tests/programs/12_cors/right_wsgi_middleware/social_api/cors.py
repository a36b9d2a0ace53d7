from werkzeug.datastructures import Headers


class Cors:
    """Adds the CORS headers for the origins of the list, whatever the program inside answers."""

    methods = "GET, POST, PUT, DELETE"
    headers = "Content-Type"

    def __init__(self, program, origins):
        self.program = program
        self.origins = frozenset(origins)

    def __call__(self, environ, start_response):
        origin = environ.get("HTTP_ORIGIN")
        preflight = environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ

        def start(status, headers, exc_info=None):
            headers = Headers(headers)
            headers.add("Vary", "Origin")
            if origin in self.origins:
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Allow-Credentials"] = "true"
                if preflight:
                    headers["Access-Control-Allow-Methods"] = self.methods
                    headers["Access-Control-Allow-Headers"] = self.headers
            return start_response(status, headers.to_wsgi_list(), exc_info)

        return self.program(environ, start)
