class Base:
    PORT = 5000
    JSON_SORT_KEYS = False


class Development(Base):
    PORT = 5001
    SERVER_NAME = "localhost:5001"
