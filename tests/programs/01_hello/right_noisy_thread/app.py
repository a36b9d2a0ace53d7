"""Style: a daemon thread from import on, a pushed app context, prints and logging at every request."""
import logging
import threading
import time

from flask import Flask, current_app, make_response, request

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(name)s %(message)s")
print("loading the program ...")

app = Flask(__name__)
app.app_context().push()
print("the name is", current_app.name)

beats = []


def heartbeat():
    while True:
        beats.append(time.monotonic())
        del beats[:-10]
        time.sleep(0.2)


threading.Thread(target=heartbeat, daemon=True).start()


@app.before_request
def show():
    print({"method": request.method, "path": ascii(request.path)})
    app.logger.warning("request number %s", len(beats))


@app.get("/")
def home():
    return make_response({"message": "Welcome to the Social Media API!"}, 200, [("X-Heart", "beating")])


@app.get("/api/health")
def health():
    return make_response({"status": "ok"})
