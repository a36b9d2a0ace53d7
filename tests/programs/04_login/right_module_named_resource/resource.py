def user_json(user):
    return {"id": user["id"], "username": user["username"]}
