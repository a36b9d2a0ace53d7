"""The social API as a package; see app.create_app."""
