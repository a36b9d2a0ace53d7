# TODO 2: make users_bp, and move the views of users, of login and logout, and of me here
