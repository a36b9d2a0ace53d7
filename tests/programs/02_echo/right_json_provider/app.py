"""Style: an own JSON provider: order of keys kept, indented, characters not escaped, charset in the Content-Type."""
import json

from flask import Flask, jsonify, request
from flask.json.provider import JSONProvider


class Provider(JSONProvider):
    def dumps(self, obj, **kwargs):
        return json.dumps(obj, ensure_ascii=False, indent=2)

    def loads(self, s, **kwargs):
        return json.loads(s)

    def response(self, *args, **kwargs):
        text = self.dumps(self._prepare_response_obj(args, kwargs))
        return self._app.response_class(text, content_type="application/json; charset=utf-8")


class Api(Flask):
    json_provider_class = Provider


app = Api(__name__)


@app.get("/")
def home():
    return jsonify(message="Welcome to the Social Media API!")


@app.get("/api/health")
def health():
    return jsonify(status="ok", details={"memory": True})


@app.post("/echo")
def echo():
    return jsonify(you_sent=request.get_json(), thanks="¡gracias!")
