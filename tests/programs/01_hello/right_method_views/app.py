"""Style: class-based views on a blueprint with a prefix, and a list of the routes as an extra endpoint."""
from flask import Blueprint, Flask, current_app
from flask.views import MethodView, View


class Home(View):
    init_every_request = False

    def dispatch_request(self):
        return {"message": "Welcome to the Social Media API!"}


class Health(MethodView):
    def get(self):
        return {"status": "ok"}


class Routes(MethodView):
    def get(self):
        return {"routes": sorted(rule.rule for rule in current_app.url_map.iter_rules())}


api = Blueprint("api", __name__, url_prefix="/api")
api.add_url_rule("/health", view_func=Health.as_view("health"))
api.add_url_rule("", view_func=Routes.as_view("routes"))

app = Flask(__name__)
app.add_url_rule("/", view_func=Home.as_view("home"))
app.register_blueprint(api)
