"""Style: configuration classes, everything imported inside create_app(config=None, **kw), classic columns with Model.query and backref, tables at the first request."""
import threading

from flask import Flask


def create_app(config=None, **kw):
    from social_api.config import DevelopmentConfig

    app = Flask(__name__, **kw)
    app.config.from_object(DevelopmentConfig)
    for key, value in (config or {}).items():
        app.config[key] = value

    from social_api.db import create_tables, db
    db.init_app(app)

    from social_api.routes.posts import bp as posts_bp
    from social_api.routes.users import bp as users_bp
    app.register_blueprint(posts_bp)
    app.register_blueprint(users_bp)

    lock = threading.Lock()

    @app.before_request
    def tables_first():
        with lock:
            if "tables" not in app.extensions:
                create_tables()
                app.extensions["tables"] = True

    from social_api.routes import main
    main.init_app(app)
    return app
