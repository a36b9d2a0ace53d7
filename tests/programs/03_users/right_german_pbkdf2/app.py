"""Stil: deutsche Namen und Meldungen; Passwörter mit hashlib.pbkdf2_hmac und eigenem Salz."""
import hashlib
import os

from flask import Flask, jsonify, request

app = Flask(__name__)
app.json.ensure_ascii = False
nutzer_liste = []
STELLEN = {"Einlass": 0}


def verschlüsselt(passwort):
    salz = os.urandom(16)
    return salz, hashlib.pbkdf2_hmac("sha256", passwort.encode("utf-8"), salz, 20_000)


def fehler(text, zustand):
    return jsonify({"error": text, "zustand": zustand}), zustand


def ist_leer(wert):
    return wert is None or (isinstance(wert, str) and len(wert.strip()) == 0)


@app.route("/")
def startseite():
    return jsonify({"message": "Welcome to the Social Media API!"})


@app.route("/api/health")
def gesundheit():
    return jsonify({"status": "ok"})


@app.route("/echo", methods=["POST"])
def echo():
    return jsonify({"you_sent": request.get_json()})


@app.route("/api/users", methods=["POST"])
def anmelden():
    daten = request.get_json()
    if not isinstance(daten, dict):
        return fehler("Der Körper muss ein Objekt sein", 400)
    name, passwort = daten.get("username"), daten.get("password")
    if ist_leer(name) or ist_leer(passwort):
        return fehler("Missing fields", 400)
    if not (isinstance(name, str) and isinstance(passwort, str)):
        return fehler("Name und Passwort müssen Texte sein", 400)
    name = name.strip()
    salz, streuwert = verschlüsselt(passwort)
    for nutzer in nutzer_liste:
        if nutzer["name"] == name:
            return fehler("Der Name ist schon vergeben", 409)
    STELLEN["Einlass"] += 7
    nutzer_liste.append({"nummer": STELLEN["Einlass"], "name": name, "salz": salz, "streuwert": streuwert})
    return jsonify({"message": "User registered successfully!", "user": {"id": STELLEN["Einlass"], "username": name}}), 201


@app.route("/api/users", methods=["GET"])
def alle_nutzer():
    return jsonify({"users": [{"id": n["nummer"], "username": n["name"]} for n in nutzer_liste]})


if __name__ == "__main__":
    app.run(debug=True, port=5001)
