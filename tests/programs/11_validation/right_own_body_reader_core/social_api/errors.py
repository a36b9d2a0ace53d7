class Refused(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def answer(refused):
    return {"error": str(refused)}, refused.status


def answer_http(error):
    """404, 405 and 500 of Flask's own. A crash is an InternalServerError here, its cause is not told."""
    headers = {name: value for name, value in error.get_headers() if name == "Allow"}
    return {"error": error.name}, error.code, headers
