from flask import Flask

app = Flask(__name__)


# TODO 2: tell Flask that this view answers GET /
def home():
    """Welcome whoever opens the API."""
    # TODO 1: return the welcome as a dict
    return {"message": "..."}  # replace in TODO 1


# TODO 3: write a second view, for GET /api/health


# TODO 4: start Flask's server when this file is run by itself
