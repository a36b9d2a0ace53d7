"""The social API: create_app in app.py puts it together."""
