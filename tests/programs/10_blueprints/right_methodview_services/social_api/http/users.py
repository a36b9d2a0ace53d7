from flask import Blueprint, session
from flask.views import MethodView

from social_api import services
from social_api.http.answers import listing, post_json, user_json
from social_api.http.requests import current_user, fields


class UserList(MethodView):
    def get(self):
        return listing("users", services.users.everybody, user_json)

    def post(self):
        username, password = fields("username", "password")
        user = services.register(username.strip(), password)
        return {"message": "User registered successfully!", "user": user_json(user)}, 201


class UserItem(MethodView):
    def get(self, id):
        user = services.user(id)
        return {"user": {**user_json(user), "post_count": services.posts.count_by(user)}}


class UserPosts(MethodView):
    def get(self, id):
        return listing("posts", services.posts.by(services.user(id)), post_json)


class Login(MethodView):
    def post(self):
        username, password = fields("username", "password")
        user = services.authenticate(username.strip(), password)
        session["login"] = [user.id, services.mark(user)]
        return {"message": "Login successful!", "user": user_json(user)}


class Logout(MethodView):
    def post(self):
        session.pop("login", None)
        return {"message": "Logout successful!"}


class Me(MethodView):
    def get(self):
        return {"user": user_json(current_user())}

    def delete(self):
        user = current_user()
        message = f"User {user.id} deleted!"
        services.users.remove(user)
        session.clear()
        return {"message": message}


def make_users():
    users = Blueprint("users", __name__)
    users.add_url_rule("/users", view_func=UserList.as_view("list"))
    users.add_url_rule("/users/<int:id>", view_func=UserItem.as_view("item"))
    users.add_url_rule("/users/<int:id>/posts", view_func=UserPosts.as_view("posts"))
    users.add_url_rule("/login", view_func=Login.as_view("login"))
    users.add_url_rule("/logout", view_func=Logout.as_view("logout"))
    users.add_url_rule("/me", view_func=Me.as_view("me"))
    return users
