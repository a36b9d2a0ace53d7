class Refused(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def answer(refused):
    return {"error": str(refused)}, refused.status
