"""One thing to try, by what an exception or an answer of Flask's own says."""

from __future__ import annotations

import re
from typing import Any

from workbook.program.answers import Answer

# A symptom in an exception's type and text, and one thing to try.
_ADVICE = [
    (r"TypeError .*(valid response tuple|it was a int)", "Return the body first, then the status: "
        "`return {...}, 201`."),
    (r"TypeError did not return a valid response", "Every path through the view must return something: "
        "a dict, a list, a text, or (body, status)."),
    (r"\w+ .*must start with a slash", "Start the path with a slash: `@app.route(\"/\")`."),
    (r"TypeError .*methods.*list", "methods is a list: `methods=[\"POST\"]`."),
    (r"AssertionError .*expected view func", "A decorator gave back no function: end it with `return wrapper`."),
    (r"AttributeError '(tuple|dict|Response|str)' object has no attribute '__name__'", "A decorator gave back an "
        "answer in place of a function: end it with `return wrapper`, without brackets."),
    (r"AssertionError .*overwriting an existing endpoint", "Each view needs a function name of its own; "
        "a decorator needs `@wraps(view)`."),
    (r"RuntimeError .*session is unavailable", "Sessions are signed: set `app.config[\"SECRET_KEY\"]`."),
    (r"RuntimeError .*outside of application context", "Ask the database inside of "
        "`with app.app_context():`; a view is inside by itself."),
    (r"OperationalError .*unable to open database file", "Name the file `sqlite:///social.db`: Flask-SQLAlchemy "
        "puts it into the folder instance/."),
    (r"NoReferencedTableError .*could not find table", "ForeignKey takes the name of the table, in small "
        "letters: `ForeignKey(\"user.id\")`."),
    (r"ValueError malformed url rule", "Look at the path: no blanks inside of `<int:id>`, and both brackets."),
    (r"TypeError '(dict|list|str|int|float|bool|NoneType)' object is not callable", "Take the brackets behind that "
        "name away: `request.json` has none; `request.get_json()` has them."),
    (r"TypeError Object of type \w*(method|function)\w* is not JSON", "A function stands where its answer should: "
        "call it, with brackets behind its name."),
    (r"TypeError .*expected a bytes-like object, (dict|list) found", "response.data takes a text: "
        "`json.dumps({...})`."),
    (r"AttributeError 'InstrumentedList' object has no attribute", "A relationship gives a list. `paginate` takes a "
        "query: `db.select(Post).where(Post.user_id == id)`."),
    (r"AttributeError 'list' object has no attribute 'limit'", "`paginate` takes a query, not a list: "
        "`db.select(Post).order_by(Post.id.desc())`."),
    (r"AttributeError 'SecureCookieSession' object has no attribute", "Flask's session is the cookie; the database's "
        "is `db.session`."),
    (r"AttributeError 'tuple' object has no attribute 'get'", "A helper gave back an answer where its view wants the "
        "data: stop the request with `abort(400, description=\"...\")`."),
    (r"TypeError 'NoneType' object is not iterable", "None stands where a list or a dict should: `config or {}` "
        "is an empty dict where config is None."),
    (r"TypeError Object of type (User|Post) is not JSON", "A row is no JSON: take its attributes, as `user_json` and "
        "`post_json` do. An author is a text: `post.author.username`."),
    (r"BadRequestKeyError ", "`request.args[\"x\"]` refuses whoever leaves x out: use `request.args.get(\"x\")`."),
    (r"ArgumentError .*could not assemble any primary key", "Each model needs one: "
        "`id: Mapped[int] = mapped_column(primary_key=True)`."),
    (r"IndexError .*out of range", "A place in the list is no id: look for the one whose id it is."),
    (r"KeyError 'user_id'$", "The session of a guest has no user_id: `session.get(\"user_id\")` gives None then. Ask "
        "for nobody with the id None."),
    (r"KeyError ", "A key may be missing in what a client sends: use `.get` and answer 400."),
    (r"AttributeError .*'(NoneType|list|str|int)' object has no attribute 'get'", "Valid JSON is not always "
        "an object: test `isinstance(data, dict)` first."),
    (r"UnboundLocalError ", "A function that changes a module's variable needs `global` with its name."),
    (r"NameError name 'request'", "Import it: `from flask import Flask, request`."),
    (r"NameError ", "Python does not know that name: check its spelling, or import it."),
    (r"TypeError Rule\.__init__.*'method'", "The option is called methods, and it is a list: `methods=[\"POST\"]`."),
    (r"TypeError create_app\(\) missing", "The configuration may be left out: `def create_app(config=None):`."),
    (r"TypeError '(User|Post)' object is not subscriptable", "A row is an object now: `post.content`, not "
        "`post[\"content\"]`."),
    (r"AttributeError 'dict' object has no attribute '(id|username|content)'", "This one is still a dict. Store an "
        "object of the model, `User(...)`, and use its attributes."),
    (r"TypeError Boolean value of this clause", "`db.select` is only the question; "
        "`db.session.scalar(...)` asks it."),
    (r"ArgumentError Mapped instance expected", "Compare a column with the text: `User.username == author`."),
    (r"TypeError missing \d+ required positional argument", "A view gets what its path names in <...> and "
        "nothing else; `request` is imported from flask."),
    (r"TypeError .*unexpected keyword argument", "The name in <int:...> and the view's parameter must be the same."),
]  # fmt: skip


# The same where views have decorators of the learner's own, from step 06 on.
DECORATORS = 6
_GUARDED = [
    (r"TypeError missing \d+ required positional argument", "A view gets what its path names in <...>. Where a "
        "decorator stands above it, its wrapper takes `**kwargs` and calls `view(**kwargs)`."),
    (r"TypeError .*unexpected keyword argument", "The name in <int:...> and the view's parameter must be the same. "
        "If they are: a decorator's wrapper takes `**kwargs` and calls `view(**kwargs)`."),
    (r"TypeError did not return a valid response", "Every path through the view must return something, and so must "
        "a decorator's wrapper: `return view(**kwargs)`."),
    (r"KeyError 'user_id'$", "A guest got into this view. `@app.route` stands on top, `@login_required` below it; "
        "`session.get(\"user_id\")` gives None for a guest."),
    (r"TypeError 'NoneType' object is not subscriptable", "There is nobody, or no such post: test for None first. "
        "Where `@login_required` guards the view, it stands below `@app.route`."),
]  # fmt: skip


def advice(error: dict[str, Any] | None, step: int = 0) -> str | None:
    """What to try about an exception in a step's program, where it is a well-known one."""
    if not error:
        return None
    line = f"{error.get('type')} {error.get('text')}"
    for pattern, text in (*(_GUARDED if step >= DECORATORS else ()), *_ADVICE):
        kind, _, rest = pattern.partition(" ")
        if re.match(kind, line) and re.search(rest, line):
            return text
    return None


def status_advice(request: str, answer: Answer, expected: str, sent_json: bool) -> str | None:
    """What to try about an error that Flask gives by itself, before any view has run."""
    method = request.partition(" ")[0]
    if str(answer.status) in expected:
        return None
    if answer.status == 405 and not answer.view:
        if method == "GET":
            return (
                "There is a view for this path, and none for GET: write one, with `@app.route` and this path."
            )
        return f'`@app.route` alone means GET. Add methods=["{method}"].'
    if answer.status == 308 and not answer.view and method != "OPTIONS":
        return (
            "Flask sends the client on to the path with a slash at its end. Take that slash out of the route."
        )
    if answer.status == 404 and not answer.view:
        if expected.startswith("405") and b"<title>" not in answer.body:
            return "An error handler answers in place of Flask: let it keep the status, error.code."
        return "Flask knows no view for this path. Is the decorator there, with exactly this path?"
    if answer.status == 415 and sent_json:
        return "Read the body with `request.json`; this request does say that it is JSON."
    return None
