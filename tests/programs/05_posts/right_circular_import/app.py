"""Style: the well-known circle: app.py makes app, routes.py does `from app import app` and is imported last."""
from flask import Flask

app = Flask(__name__)
app.secret_key = "circle"

import routes  # noqa: E402, F401
