"""Makes password hashing cheap: most of a checker's time would be Werkzeug's scrypt at full cost.

Only the default cost is lowered. The format of a hash, the learner's code and any cost that a
program names itself stay as they are.
"""

from __future__ import annotations

SCRYPT = "scrypt:128:8:1"  # OpenSSL refuses N of 64 and less
PBKDF2_ITERATIONS = 1000


def cheapen() -> None:
    """Lets Werkzeug's methods without a cost of their own mean a low one."""
    import werkzeug.security

    original = werkzeug.security._hash_internal  # a test says if Werkzeug renames it

    def hash_internal(method: str, salt: str, password: str) -> tuple[str, str]:
        if method == "scrypt":
            method = SCRYPT
        elif method.startswith("pbkdf2") and method.count(":") < 2:
            name = method.partition(":")[2] or "sha256"
            method = f"pbkdf2:{name}:{PBKDF2_ITERATIONS}"
        return original(method, salt, password)

    werkzeug.security._hash_internal = hash_internal
