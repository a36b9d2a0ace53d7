# -*- coding: latin-1 -*-
# Stil: eine Datei in Latin-1, deutsche Namen, Fehler auf Deutsch über eigene Ausnahmen
from flask import Flask, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

anwendung = app = Flask(__name__, static_folder=None)


class FalscheDaten(Exception):
    def __init__(self, text, zustand):
        self.text, self.zustand = text, zustand


@app.errorhandler(FalscheDaten)
def melde_fehler(fehler):
    return {"error": fehler.text, "höflich": True}, fehler.zustand


def lies_körper():
    try:
        return request.get_json()
    except UnsupportedMediaType:
        raise FalscheDaten("Nur JSON wäre schön", 415)
    except BadRequest:
        raise FalscheDaten("Das ist kein gültiges JSON", 400)


@app.route("/")
def begrüßung():
    return {"message": "Welcome to the Social Media API!"}


@app.route("/api/health")
def gesundheit():
    return {"status": "ok"}


@app.route("/echo", methods=["POST"])
def echo():
    return {"you_sent": lies_körper()}
