# Style: golf
from flask import *
app = Flask(__name__); r = app.add_url_rule
r("/", "h", lambda: {"message": "Welcome to the Social Media API!"})
r("/api/health", "s", lambda: {"status": "ok"})
r("/echo", "e", lambda: {"you_sent": request.json}, methods={"POST"})
