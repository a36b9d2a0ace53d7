from collections import UserList
from dataclasses import dataclass

from werkzeug.security import check_password_hash, generate_password_hash


@dataclass
class User:
    id: int
    username: str
    hashed: str

    @property
    def public(self):
        return {"id": self.id, "username": self.username}


class Register(UserList):
    def add(self, username, password):
        hashed = generate_password_hash(password)
        if any(user.username == username for user in self):
            return None
        self.append(User(len(self) + 1, username, hashed))
        return self[-1]

    def login(self, username, password):
        for user in self:
            if user.username == username:
                return user if check_password_hash(user.hashed, password) else None
        return None

    def by_id(self, id_):
        return next((user for user in self if user.id == id_), None)
