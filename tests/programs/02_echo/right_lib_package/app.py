"""Style: a package lib/ beside app.py, imported absolutely; config from an object."""
from flask import Flask

from lib import config
from lib.views import register

app = Flask(__name__)
app.config.from_object(config.Development)
register(app)

if __name__ == "__main__":
    app.run(debug=True, port=app.config["PORT"])
