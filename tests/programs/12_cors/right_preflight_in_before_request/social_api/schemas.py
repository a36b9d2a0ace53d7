"""Schemas: classes whose fields check what is set on them. Schema(data) is right or raises Invalid."""
from social_api.errors import Invalid


class Text:
    def __init__(self, least=1, most=None, trim=True):
        self.least, self.most, self.trim = least, most, trim

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, schema, owner=None):
        return vars(schema)[self.name]

    def __set__(self, schema, value):
        if value is None:
            raise Invalid("Missing fields")
        if not isinstance(value, str):
            raise Invalid(f"{self.name}: a string, please")
        if not value.strip():
            raise Invalid("Missing fields")
        if self.trim:
            value = value.strip()
        if len(value) < self.least:
            raise Invalid(f"{self.name}: {self.least} characters or more, please")
        if self.most is not None and len(value) > self.most:
            raise Invalid(f"{self.name}: {self.most} characters or less, please")
        vars(schema)[self.name] = value


class Schema:
    def __init__(self, data):
        if not isinstance(data, dict):
            raise Invalid("A JSON object, please")
        for name, field in vars(type(self)).items():
            if isinstance(field, Text):
                setattr(self, name, data.get(name))


class Registration(Schema):
    username = Text(most=80)
    password = Text(least=8, most=128, trim=False)


class Credentials(Schema):
    username = Text()
    password = Text(trim=False)


class Content(Schema):
    content = Text(most=255)
