import hashlib
import hmac
import os


class Refused(Exception):
    """Refused(text, status)"""


def digest(password, salt):
    return hashlib.scrypt(password.encode(), salt=salt, n=2**12, r=8, p=1)


class Accounts:
    def __init__(self):
        self.rows = []
        self.tokens = {}

    def fields(self, data):
        if not isinstance(data, dict):
            raise Refused("Send an object", 400)
        name, password = data.get("username"), data.get("password")
        for value in (name, password):
            if value is None or isinstance(value, str) and not value.strip():
                raise Refused("Missing fields", 400)
        for value in (name, password):
            if not isinstance(value, str):
                raise Refused("Send strings", 400)
        return name.strip(), password

    def find(self, name):
        return next((row for row in self.rows if row[1] == name), None)

    def register(self, data):
        name, password = self.fields(data)
        salt = os.urandom(16)
        hashed = digest(password, salt)
        if self.find(name):
            raise Refused("Name in use", 409)
        self.rows.append((len(self.rows) * 3 + 5, name, salt, hashed))
        return self.listing()[-1]

    def listing(self):
        return [{"id": row[0], "username": row[1]} for row in self.rows]

    def check(self, data):
        name, password = self.fields(data)
        row = self.find(name)
        if row is None or not hmac.compare_digest(row[3], digest(password, row[2])):
            raise Refused("Wrong", 401)
        return {"id": row[0], "username": name}
