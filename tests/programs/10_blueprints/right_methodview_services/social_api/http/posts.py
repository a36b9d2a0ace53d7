from flask import Blueprint, request
from flask.views import MethodView

from social_api import services
from social_api.http.answers import listing, post_json
from social_api.http.requests import content_field, current_user


class PostList(MethodView):
    def get(self):
        author = request.args.get("author")
        query = services.posts.newest_first if author is None else services.posts.by_name(author)
        return listing("posts", query, post_json)

    def post(self):
        user = current_user()
        post = services.publish(user, content_field())
        return {"message": "Post created successfully!", "post": post_json(post)}, 201


class PostItem(MethodView):
    def get(self, id):
        return {"post": post_json(services.post(id))}

    def put(self, id):
        post = services.own_post(current_user(), id)
        services.posts.change(post, content_field())
        return {"message": f"Post {id} updated!", "post": post_json(post)}

    def delete(self, id):
        services.posts.remove(services.own_post(current_user(), id))
        return {"message": f"Post {id} deleted!"}


def make_posts():
    posts = Blueprint("posts", __name__)
    posts.add_url_rule("", view_func=PostList.as_view("list"))
    posts.add_url_rule("/<int:id>", view_func=PostItem.as_view("item"))
    return posts
