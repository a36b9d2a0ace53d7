# Style: a beginner's program: global lists and a counter, many comments, the same code again and again.
from flask import Flask, jsonify, request
from werkzeug.security import generate_password_hash

app = Flask(__name__)

# all users are in this list
users = []

# the id that the next user gets
next_user_id = 1


@app.route("/", methods=["GET"])
def home():
    return jsonify({"message": "Welcome to the Social Media API!"}), 200


@app.route("/api/health", methods=["GET"])
def health():
    return jsonify({"status": "ok"}), 200


@app.route("/echo", methods=["POST"])
def echo():
    data = request.get_json()
    return jsonify({"you_sent": data}), 200


# register a new user
@app.route("/api/users", methods=["POST"])
def register():
    global next_user_id
    data = request.get_json()

    # the data must be a dictionary
    if type(data) != dict:
        return jsonify({"error": "Missing fields"}), 400

    # look at the username
    username = data.get("username")
    if username is None:
        return jsonify({"error": "Missing fields"}), 400
    if type(username) != str:
        return jsonify({"error": "Missing fields"}), 400
    username = username.strip()
    if username == "":
        return jsonify({"error": "Missing fields"}), 400

    # look at the password
    password = data.get("password")
    if password is None:
        return jsonify({"error": "Missing fields"}), 400
    if type(password) != str:
        return jsonify({"error": "Missing fields"}), 400
    if password.strip() == "":
        return jsonify({"error": "Missing fields"}), 400

    # never keep the plain password
    password_hash = generate_password_hash(password)

    # is the name taken?
    for user in users:
        if user["username"] == username:
            return jsonify({"error": "Username already exists"}), 409

    # make the new user
    new_user = {}
    new_user["id"] = next_user_id
    new_user["username"] = username
    new_user["password"] = password_hash
    users.append(new_user)
    next_user_id = next_user_id + 1

    answer = {}
    answer["message"] = "User registered successfully!"
    answer["user"] = {"id": new_user["id"], "username": new_user["username"]}
    return jsonify(answer), 201


# show all users, but without the passwords
@app.route("/api/users", methods=["GET"])
def show_users():
    result = []
    for user in users:
        one = {}
        one["id"] = user["id"]
        one["username"] = user["username"]
        result.append(one)
    return jsonify({"users": result}), 200


if __name__ == "__main__":
    app.run(debug=True, port=5001)
