"""Style: views that only raise; checks, errors and data in modules of their own; blueprints in step 3 already."""
from flask import Flask

from errors import ApiError
from routes import api, root

app = Flask(__name__)
app.register_blueprint(root)
app.register_blueprint(api, url_prefix="/api")


@app.errorhandler(ApiError)
def show(error):
    return {"error": error.text, **error.more}, error.status
