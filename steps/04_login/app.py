# TODO 2: import session and check_password_hash as well
from flask import Flask, request  # replace in TODO 2
from werkzeug.security import generate_password_hash  # replace in TODO 2

app = Flask(__name__)
# TODO 1: set the SECRET_KEY, which signs the session cookie

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


# TODO 4: write current_user(), which returns the user of the session, or None


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
    if not isinstance(data, dict):
        return {"error": "Missing fields"}, 400

    username = text_field(data, "username")
    password = text_field(data, "password")
    if not username or not password:
        return {"error": "Missing fields"}, 400

    # "ana" and "ana " look the same to a reader, so they must be the same
    username = username.strip()
    if find_user_by_name(username):
        return {"error": "Username is taken"}, 409

    # the hash is enough to check a password, and nobody can log in with it
    password = generate_password_hash(password)
    user = {"id": next_user_id, "username": username, "password": password}
    users.append(user)
    next_user_id += 1

    return {
        "message": "User registered successfully!",
        "user": user_json(user),
    }, 201


@app.route("/api/users")
def get_users():
    """List the users, the oldest account first."""
    return {"users": [user_json(user) for user in users]}


# TODO 2: log in: POST /api/login


# TODO 3: log out: POST /api/logout


# TODO 5: tell who is logged in: GET /api/me


if __name__ == "__main__":
    app.run(debug=True, port=5001)
