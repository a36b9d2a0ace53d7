import secrets

from flask import session


class Sessions:
    """Logins that are rows of a table: whoever goes takes them along, and no id is ever trusted twice."""

    def __init__(self, database):
        self.database = database

    def _login(self):
        token = session.get("token")
        if not isinstance(token, str) or len(token) > 43:
            return None
        return self.database.db.session.get(self.database.Login, token)

    def user(self):
        login = self._login()
        return login and login.user

    def start(self, user):
        self.end()
        login = self.database.Login(token=secrets.token_urlsafe(32), user=user)
        self.database.db.session.add(login)
        self.database.db.session.commit()
        session["token"] = login.token

    def end(self):
        login = self._login()
        if login:
            self.database.db.session.delete(login)
            self.database.db.session.commit()
        session.clear()
