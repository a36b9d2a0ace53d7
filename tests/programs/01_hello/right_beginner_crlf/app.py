# Style: a beginner's file with many comments, variables for everything and Windows line ends.

# First I import the things that I need
from flask import Flask
from flask import jsonify

# Here I make the app
app = Flask(__name__)


# This is the home page
@app.route("/", methods=["GET"])
def home_page():
    my_message = "Welcome to the Social Media API!"
    my_answer = {}
    my_answer["message"] = my_message
    my_json = jsonify(my_answer)
    return my_json, 200


# This tells whether the server is alive
@app.route("/api/health", methods=["GET"])
def health_page():
    my_status = "ok"
    my_answer = {}
    my_answer["status"] = my_status
    my_json = jsonify(my_answer)
    return my_json, 200


# This starts the server, but only when I run the file myself
if __name__ == "__main__":
    print("Starting on http://localhost:5001")
    app.run(debug=True, port=5001)
