# Style: as terse as it gets: add_url_rule with lambdas in a loop
from flask import Flask
app = Flask(__name__)
for u, d in {"/": {"message": "Welcome to the Social Media API!"}, "/api/health": {"status": "ok"}}.items(): app.add_url_rule(u, u.replace("/", "_"), lambda d=d: d, strict_slashes=False)
if __name__ == "__main__": app.run(port=5001, debug=True)
