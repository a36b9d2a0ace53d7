"""Style: a subclass of Flask whose methods are the views; Response built by hand from json.dumps."""
import json

from flask import Flask, Response


class SocialApi(Flask):
    def __init__(self):
        super().__init__(__name__)
        self.add_url_rule("/", view_func=self.home)
        self.add_url_rule("/api/health", view_func=self.health)

    @staticmethod
    def answer(data, status=200):
        return Response(json.dumps(data) + "\n", status, mimetype="application/json")

    def home(self):
        return self.answer({"message": "Welcome to the Social Media API!", "docs": None})

    def health(self):
        return self.answer({"status": "ok"})


application = app = SocialApi()
