# TODO 1: move MAX_ID, Base, db, User, Post and enforce_foreign_keys here, with their imports
