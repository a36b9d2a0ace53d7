"""Estilo: nombres y mensajes en español; la cookie vale solo para /api y lleva un objeto con id y nombre."""
from flask import Flask, abort, jsonify, request, session
from werkzeug.security import check_password_hash, generate_password_hash

app = Flask(__name__)
app.config.update(SECRET_KEY="clave", SESSION_COOKIE_PATH="/api", SESSION_COOKIE_SAMESITE="Strict")
app.json.ensure_ascii = False
usuarios = []


def parar(código, mensaje):
    respuesta = jsonify(error=mensaje)
    respuesta.status = f"{código} ERROR"
    abort(respuesta)


def datos():
    cuerpo = request.get_json()
    if not isinstance(cuerpo, dict):
        parar(400, "El cuerpo no es un objeto")
    for campo in "username", "password":
        if cuerpo.get(campo) is None:
            parar(400, "Missing fields")
        if not isinstance(cuerpo[campo], str):
            parar(400, f"¡{campo} debe ser un texto!")
        if not cuerpo[campo].strip():
            parar(400, "Missing fields")
    return cuerpo["username"].strip(), cuerpo["password"]


def ficha(usuario):
    return {"id": usuario["id"], "username": usuario["nombre"], "año": None}


def buscar(nombre):
    for usuario in usuarios:
        if usuario["nombre"] == nombre:
            return usuario


@app.route("/")
def inicio():
    return jsonify(message="Welcome to the Social Media API!")


@app.route("/api/health")
def salud():
    return jsonify(status="ok")


@app.route("/echo", methods=["POST"])
def eco():
    return jsonify(you_sent=request.get_json())


@app.route("/api/users", methods=["POST"])
def registrar():
    nombre, secreto = datos()
    secreto = generate_password_hash(secreto)
    if buscar(nombre):
        parar(409, "Ese nombre ya está ocupado")
    usuarios.append({"id": len(usuarios) + 1, "nombre": nombre, "secreto": secreto})
    return jsonify(message="User registered successfully!", user=ficha(usuarios[-1])), 201


@app.route("/api/users", methods=["GET"])
def listar():
    return jsonify(users=list(map(ficha, usuarios)))


@app.route("/api/login", methods=["POST"])
def entrar():
    nombre, secreto = datos()
    usuario = buscar(nombre)
    if usuario is None or not check_password_hash(usuario["secreto"], secreto):
        parar(401, "Usuario o contraseña incorrectos")
    session["quién"] = {"id": usuario["id"], "nombre": nombre}
    return jsonify(message="Login successful!", user=ficha(usuario))


@app.route("/api/logout", methods=["POST"])
def salir():
    session.clear()
    return jsonify(message="Logout successful!")


@app.route("/api/me")
def yo():
    for usuario in usuarios:
        if session.get("quién") == {"id": usuario["id"], "nombre": usuario["nombre"]}:
            return jsonify(user=ficha(usuario))
    parar(401, "Primero hay que entrar")
