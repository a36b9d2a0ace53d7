from flask import Flask, request
from werkzeug.security import generate_password_hash

app = Flask(__name__)

users = []
next_user_id = 1


def text_field(data, name):
    """Return the text that the client sent under this name, or None."""
    value = data.get(name)

    # a number or a list is no text, and a text of blanks says nothing
    if not isinstance(value, str) or not value.strip():
        return None

    return value


def user_json(user):
    """Return what everybody may know of a user: never the password."""
    return {"id": user["id"], "username": user["username"]}


def find_user_by_name(username):
    """Return the user with exactly this name, or None."""
    for user in users:
        if user["username"] == username:
            return user

    return None


@app.route("/")
def home():
    """Welcome whoever opens the API."""
    return {"message": "Welcome to the Social Media API!"}


@app.route("/api/health")
def health():
    """Tell a watchdog that the program still answers."""
    return {"status": "ok"}


@app.route("/echo", methods=["POST"])
def echo():
    """Send the client's JSON back, to show what arrived."""
    data = request.json
    return {"you_sent": data}, 200


@app.route("/api/users", methods=["POST"])
def register_user():
    """Open an account for a new user."""
    global next_user_id

    data = request.json
    # TODO 1: refuse a body that is no object

    # TODO 2: refuse a missing username or password

    # TODO 3: trim the username and refuse one that is taken

    # TODO 4: store the user with the hash of the password

    # TODO 5: answer 201 with the message and the user
    return {"error": "Not written yet"}, 501  # replace in TODO 5


# TODO 6: list the users, the oldest first, without their passwords


if __name__ == "__main__":
    app.run(debug=True, port=5001)
