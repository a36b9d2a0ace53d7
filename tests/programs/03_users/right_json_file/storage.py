import json
import threading


class Taken(Exception):
    pass


class Storage:
    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()
        self.rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []

    def add(self, username, hashed):
        with self.lock:
            if any(row["username"] == username for row in self.rows):
                raise Taken("This name is already used")
            self.rows.append({"id": len(self.rows) + 1, "username": username, "hash": hashed})
            self.path.write_text(json.dumps(self.rows, indent=1), encoding="utf-8")
            return self.public()[-1]

    def public(self):
        return [{"id": row["id"], "username": row["username"]} for row in self.rows]
