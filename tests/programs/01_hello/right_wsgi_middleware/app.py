"""Style: a WSGI middleware around the app answers the health check itself; an after_request hook adds headers."""
from flask import Flask
from middleware import HealthMiddleware

app = Flask(__name__)
app.wsgi_app = HealthMiddleware(app.wsgi_app)


@app.after_request
def add_headers(response):
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.add_etag()
    return response


@app.get("/")
def home():
    return {"message": "Welcome to the Social Media API!"}
