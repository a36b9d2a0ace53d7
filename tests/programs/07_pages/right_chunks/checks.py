class Bad(Exception):
    def __init__(self, status, text):
        self.status, self.text = status, text


def texts_of(body, *names):
    match body:
        case dict():
            pass
        case None | list() | str() | bool() | int() | float():
            raise Bad(400, "Only objects, please")
    texts = []
    for name in names:
        match body.get(name):
            case str(text) if text.strip():
                texts.append(text)
            case None | str():
                raise Bad(400, "Missing fields")
            case other:
                raise Bad(400, f"{name} is of type {type(other).__name__}")
    return texts


def whole_number(text, default, top=2**31):
    """A number between 1 and top; ASCII digits only, everything else is the default."""
    digits = (text or "").lstrip("-")
    if not (digits.isascii() and digits.isdigit()) or len(text) > len(digits) + 1:
        return default
    if text[0] == "-":
        return 1
    return min(top, max(1, int(digits))) if len(digits) <= 4000 else top
