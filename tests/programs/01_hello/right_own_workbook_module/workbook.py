"""What the API says; a module may have the name of the workbook's own package."""

WELCOME = {"message": "Welcome to the Social Media API!"}
HEALTH = {"status": "ok"}
