# TODO 3: make posts_bp with url_prefix="/api/posts", and move the views of posts here
