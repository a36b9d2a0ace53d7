class ApiError(Exception):
    status = 400

    def __init__(self, text, **more):
        super().__init__(text)
        self.text, self.more = text, more


class BadBody(ApiError):
    pass


class NameTaken(ApiError):
    status = 409
