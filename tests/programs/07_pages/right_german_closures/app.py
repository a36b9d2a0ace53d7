"""Stil: deutsch, Antworten durch eine Middleware ergänzt, Seiten durch range; ein Herzschlag-Faden läuft mit."""
import hashlib
import logging
import os
import threading
import time

from flask import Flask, jsonify, request, session

logging.basicConfig(level=logging.INFO)
app = Flask(__name__)
app.config.from_mapping(SECRET_KEY="geheim", PERMANENT_SESSION_LIFETIME=3600)
app.json.ensure_ascii = False
app.app_context().push()
nutzer, beiträge, zähler = [], [], {"nutzer": 0, "beiträge": 0}
lebt = threading.Event()


def herzschlag():
    while True:
        lebt.set()
        time.sleep(1)


threading.Thread(target=herzschlag, name="Herz", daemon=True).start()


class Kopfzeile:
    def __init__(self, innen):
        self.innen = innen

    def __call__(self, umgebung, antworte):
        def mit_kopf(zustand, köpfe, fehler=None):
            return antworte(zustand, [*köpfe, ("X-Herz", "ja")], fehler)

        return self.innen(umgebung, mit_kopf)


app.wsgi_app = Kopfzeile(app.wsgi_app)


@app.before_request
def melde():
    print("Anfrage:", request.method, ascii(request.path), flush=True)


class Fehler(Exception):
    @staticmethod
    def zeige(fehler):
        text, zustand = fehler.args
        return jsonify(error=text, zustand=zustand), zustand


app.register_error_handler(Fehler, Fehler.zeige)


def geprüft(*namen):
    daten = request.get_json()
    if not isinstance(daten, dict):
        raise Fehler("Es muss ein Objekt sein", 400)
    werte = [daten.get(name) for name in namen]
    if None in werte or any(isinstance(wert, str) and not wert.strip() for wert in werte):
        raise Fehler("Missing fields", 400)
    if any(not isinstance(wert, str) for wert in werte):
        raise Fehler("Es muss Text sein", 400)
    return werte


def hash_von(passwort, salz):
    return hashlib.pbkdf2_hmac("sha256", passwort.encode("utf-8"), salz, 3000).hex()


def zahl(name, sonst):
    text = request.args.get(name, "")
    vorne, ziffern = text[:1], text[1:] if text[:1] == "-" else text
    if not ziffern or any(ziffer not in "0123456789" for ziffer in ziffern):
        return sonst
    betrag = int(ziffern) if len(ziffern) < 30 else 10**30
    return -betrag if vorne == "-" else betrag


def seite(schlüssel, alle):
    nummer, länge = max(1, zahl("page", 1)), min(100, max(1, zahl("per_page", 10)))
    anfänge = range(0, len(alle), länge)
    teil = alle[anfänge[nummer - 1]:][:länge] if nummer <= len(anfänge) else []
    return jsonify({schlüssel: teil, "page": nummer, "per_page": länge, "total": len(alle), "pages": len(anfänge),
                    "has_next": nummer < len(anfänge), "has_prev": nummer > 1})


def öffentlich(eine):
    return {"id": eine["id"], "username": eine["name"]}


def ich():
    for eine in nutzer:
        if session.get("ich") == eine["id"]:
            return eine
    raise Fehler("Bitte anmelden", 401)


def beitrag(nummer):
    for einer in beiträge:
        if einer["id"] == nummer:
            return einer
    raise Fehler("Den Beitrag gibt es nicht", 404)


def eigener(nummer):
    wer, einer = ich(), beitrag(nummer)
    if einer["user_id"] != wer["id"]:
        raise Fehler("Das darf nur, wer ihn schrieb", 403)
    return einer


@app.route("/")
def start():
    return jsonify(message="Welcome to the Social Media API!")


@app.route("/api/health")
def gesundheit():
    return jsonify(status="ok", herz=lebt.wait(5))


@app.route("/echo", methods=["POST"])
def echo():
    return jsonify(you_sent=request.get_json())


@app.route("/api/users", methods=["GET", "POST"])
def alle_nutzer():
    if request.method != "POST":
        return seite("users", [öffentlich(eine) for eine in nutzer])
    name, passwort = geprüft("username", "password")
    salz = os.urandom(16)
    eine = {"name": name.strip(), "salz": salz, "hash": hash_von(passwort, salz)}
    if eine["name"] in (andere["name"] for andere in nutzer):
        raise Fehler("Den Namen gibt es schon", 409)
    zähler["nutzer"] += 3
    nutzer.append({"id": zähler["nutzer"], **eine})
    return jsonify(message="User registered successfully!", user=öffentlich(nutzer[-1])), 201


@app.route("/api/login", methods=["POST"])
def anmelden():
    name, passwort = geprüft("username", "password")
    for eine in nutzer:
        if eine["name"] == name.strip() and eine["hash"] == hash_von(passwort, eine["salz"]):
            session.permanent = True
            session["ich"] = eine["id"]
            return jsonify(message="Login successful!", user=öffentlich(eine))
    raise Fehler("Name oder Passwort falsch", 401)


@app.route("/api/logout", methods=["POST"])
def abmelden():
    session.clear()
    return jsonify(message="Logout successful!")


@app.route("/api/me")
def wer_bin_ich():
    return jsonify(user=öffentlich(ich()))


@app.route("/api/posts", methods=["GET", "POST"])
def alle_beiträge():
    if request.method != "POST":
        return seite("posts", beiträge)
    wer = ich()
    (inhalt,) = geprüft("content")
    zähler["beiträge"] += 1
    einer = {"id": zähler["beiträge"], "content": inhalt.strip(), "user_id": wer["id"], "größe": len(inhalt)}
    beiträge.insert(0, einer)
    return jsonify(message="Post created successfully!", post=einer), 201


@app.route("/api/posts/<int:nummer>")
def ein_beitrag(nummer):
    return jsonify(post=beitrag(nummer))


@app.route("/api/posts/<int:nummer>", methods=["PUT"])
def ändern(nummer):
    einer = eigener(nummer)
    (inhalt,) = geprüft("content")
    einer.update(content=inhalt.strip())
    return jsonify(message=f"Post {nummer} updated!", post=einer)


@app.route("/api/posts/<int:nummer>", methods=["DELETE"])
def löschen(nummer):
    beiträge.remove(eigener(nummer))
    return jsonify(message=f"Post {nummer} deleted!")
