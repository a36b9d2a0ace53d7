"""Style: CORS by hand in one after_request hook (Vary, credentials, the headers of a preflight), further headers on every answer."""
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

    from social_api.errors import on_error
    app.register_error_handler(Exception, on_error)

    from social_api.cors import after_request
    app.after_request(after_request)

    from social_api.routes import main
    main.init_app(app)
    return app
