from flask import Flask  # replace in TODO 4

# TODO 4: import db, posts_bp and users_bp, each from its module of social_api


# TODO 6: when all is green, run it: flask --app social_api.app run --debug --port 5001
def create_app(config=None):
    """Put the API together; what config holds wins over the settings here."""
    app = Flask(__name__)
    # TODO 4: the two settings of the old app.py, and then what config holds

    # TODO 4: connect db with this app

    # TODO 4: make the tables, inside of this app's context

    # TODO 5: register both blueprints

    # TODO 4: move home, health and echo here

    return app
