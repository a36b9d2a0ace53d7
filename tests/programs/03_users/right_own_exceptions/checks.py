from errors import BadBody


def object_with_texts(body, *names):
    """The texts of these fields of an object, or BadBody."""
    if not isinstance(body, dict):
        raise BadBody(f"Expected an object, got {type(body).__name__}")
    absent = [name for name in names if body.get(name) is None or str(body[name]).strip() == ""]
    if absent:
        raise BadBody("Missing fields", fields=absent)
    for name in names:
        if not isinstance(body[name], str):
            raise BadBody(f"Not a text: {name}", field=name)
    return [body[name] for name in names]
