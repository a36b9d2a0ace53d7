"""Estilo: en español; la lista de mensajes nunca se acorta: en el lugar de un mensaje borrado queda None."""
import hashlib
import hmac
import os

from flask import Flask, jsonify, request, session

app = Flask(__name__)
app.secret_key = os.urandom(24)
app.json.ensure_ascii = False
app.json.compact = False
usuarios, mensajes = {}, []
PRIMERO = 7  # el número del primer mensaje


class Falta(Exception):
    código = 400


class SinSesión(Falta):
    código = 401


class Ajeno(Falta):
    código = 403


class NoExiste(Falta):
    código = 404


class Ocupado(Falta):
    código = 409


@app.errorhandler(Falta)
def mostrar(falta):
    return jsonify(error=str(falta), código=falta.código), falta.código


def huella(secreto, sal=None):
    sal = sal or os.urandom(12)
    return sal + hashlib.pbkdf2_hmac("sha512", secreto.encode(), sal, 5000)


def coincide(secreto, guardado):
    return hmac.compare_digest(huella(secreto, guardado[:12]), guardado)


def campos(*nombres):
    cuerpo = request.get_json()
    if not isinstance(cuerpo, dict):
        raise Falta("Se espera un objeto")
    for nombre in nombres:
        valor = cuerpo.get(nombre)
        if valor is None or isinstance(valor, str) and not valor.strip():
            raise Falta("Missing fields")
        if not isinstance(valor, str):
            raise Falta(f"«{nombre}» no es un texto")
    return [cuerpo[nombre] for nombre in nombres]


def yo():
    for nombre, (número, _) in list(usuarios.items()):
        if session.get("yo") == f"{número}:{nombre}":
            return {"id": número, "username": nombre}
    raise SinSesión("Hay que entrar primero")


def buscar(número):
    lugar = número - PRIMERO
    if not 0 <= lugar < len(mensajes) or mensajes[lugar] is None:
        raise NoExiste("No hay tal mensaje")
    return mensajes[lugar]


def buscar_propio(número):
    quien, mensaje = yo(), buscar(número)
    if mensaje["user_id"] != quien["id"]:
        raise Ajeno("El mensaje es de otra persona")
    return mensaje


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
    nombre, secreto = campos("username", "password")
    nombre, guardado = nombre.strip(), huella(secreto)
    if nombre in usuarios:
        raise Ocupado("El nombre está ocupado")
    usuarios[nombre] = (len(usuarios) + 1, guardado)
    return jsonify(message="User registered successfully!", user={"id": usuarios[nombre][0], "username": nombre}), 201


@app.route("/api/users")
def todos():
    return jsonify(users=[{"id": número, "username": nombre} for nombre, (número, _) in list(usuarios.items())])


@app.route("/api/login", methods=["POST"])
def entrar():
    nombre, secreto = campos("username", "password")
    nombre = nombre.strip()
    if nombre not in usuarios or not coincide(secreto, usuarios[nombre][1]):
        raise SinSesión("Nombre o clave incorrectos")
    session["yo"] = f"{usuarios[nombre][0]}:{nombre}"
    return jsonify(message="Login successful!", user=yo())


@app.route("/api/logout", methods=["POST"])
def salir():
    session.clear()
    return jsonify(message="Logout successful!")


@app.route("/api/me")
def quién_soy():
    return jsonify(user=yo())


@app.route("/api/posts", methods=["POST"])
def escribir():
    quien = yo()
    (texto,) = campos("content")
    mensajes.append({"id": PRIMERO + len(mensajes), "content": texto.strip(), "user_id": quien["id"]})
    return jsonify(message="Post created successfully!", post=mensajes[-1]), 201


@app.route("/api/posts")
def leer():
    return jsonify(posts=[mensaje for mensaje in reversed(mensajes) if mensaje])


@app.route("/api/posts/<int:numero>")
def leer_uno(numero):
    return jsonify(post=buscar(numero))


@app.route("/api/posts/<int:numero>", methods=["PUT"])
def corregir(numero):
    mensaje = buscar_propio(numero)
    mensaje["content"] = campos("content")[0].strip()
    return jsonify(message=f"Post {numero} updated!", post=mensaje)


@app.route("/api/posts/<int:numero>", methods=["DELETE"])
def borrar(numero):
    mensajes[buscar_propio(numero)["id"] - PRIMERO] = None
    return jsonify(message=f"Post {numero} deleted!")
