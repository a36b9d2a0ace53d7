class ApiError(Exception):
    status = 500


class Invalid(ApiError):
    status = 400


class NotLoggedIn(ApiError):
    status = 401


class Forbidden(ApiError):
    status = 403


class Unknown(ApiError):
    status = 404


class Conflict(ApiError):
    status = 409
