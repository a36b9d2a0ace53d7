from flask import current_app, make_response, request


def preflight():
    asked = request.headers.get("Access-Control-Request-Method")
    if request.method == "OPTIONS" and asked and request.routing_exception is None:
        answer = make_response("", 204)
        answer.access_control_allow_methods = ["GET", "POST", "PUT", "DELETE"]
        answer.access_control_allow_headers = ["Content-Type"]
        return answer


def mark(answer):
    origin = request.origin
    answer.vary.add("Origin")
    if origin in current_app.config["CORS_ORIGINS"]:
        answer.access_control_allow_origin = origin
        answer.access_control_allow_credentials = True
    return answer
