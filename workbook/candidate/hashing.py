"""Makes password hashing cheap and repeatable: most of a checker's time would be scrypt at full cost.

Only the default cost is lowered. The format of a hash, the learner's code and any cost that a
program names itself stay as they are. A salt is longer by what the cheap cost is shorter, so that a hash
is as long as ever. The salts follow one another as in the run before, so that a message that shows a hash
is the same in every run.
"""

from __future__ import annotations

import random
import sys

SCRYPT = "scrypt:128:8:1"  # OpenSSL refuses N of 64 and less
PBKDF2_ITERATIONS = 1000
SHORTER = {"scrypt": len("32768") - len("128"), "pbkdf2": len("1000000") - len("1000")}


def cheapen() -> None:
    """Lets Werkzeug's methods without a cost of their own mean a low one, and salts hashes from a fixed seed."""
    import werkzeug.security

    original = werkzeug.security._hash_internal  # a test says if Werkzeug renames it
    any_salt, hasher = werkzeug.security.gen_salt, werkzeug.security.generate_password_hash.__code__
    repeatable = random.Random("salt")

    def hash_internal(method: str, salt: str, password: str) -> tuple[str, str]:
        if method == "scrypt":
            method = SCRYPT
        elif method.startswith("pbkdf2") and method.count(":") < 2:
            name = method.partition(":")[2] or "sha256"
            method = f"pbkdf2:{name}:{PBKDF2_ITERATIONS}"
        return original(method, salt, password)

    def gen_salt(length: int) -> str:
        if sys._getframe(1).f_code is not hasher:
            return any_salt(length)  # a program's own secret stays one
        method = str(sys._getframe(1).f_locals.get("method"))
        named = method.count(":") >= (1 if method.startswith("scrypt") else 2)  # a cost of the program's own
        more = 0 if named else SHORTER.get(method.partition(":")[0], 0)
        return "".join(repeatable.choices(werkzeug.security.SALT_CHARS, k=length + more))

    werkzeug.security._hash_internal = hash_internal
    werkzeug.security.gen_salt = gen_salt
