"""Step 01: one file, one app, one route."""

from workbook.checking import expect, require, todo, waits_for
from workbook.checking.guards import *  # noqa: F403

WELCOME = "Welcome to the Social Media API!"


@todo(2)
def test_home_answers_200(client):
    """GET / answers 200."""
    expect(client.get("/"), 200)


@todo(2)
@waits_for("test_home_answers_200")
def test_home_is_json(client):
    """GET / answers with JSON, as its Content-Type says."""
    response = client.get("/")
    require(
        response.mimetype == "application/json",
        "Content-Type: application/json",
        f"Content-Type: {response.content_type}",
        "Return the dict itself; Flask makes JSON of it and says so.",
    )


@todo(2)
@waits_for("test_home_is_json")
def test_home_welcomes(client):
    """GET / welcomes with exactly the lesson's sentence."""
    expect(
        client.get("/"),
        200,
        {"message": WELCOME},
        next="Compare your text letter by letter, also the ! at its end.",
    )


@todo(2)
@waits_for("test_home_answers_200")
def test_home_answers_the_same_again(client):
    """GET / answers the same at the second and the tenth request."""
    for _ in range(10):
        expect(client.get("/"), 200, {"message": WELCOME})


@todo(3)
def test_health_answers_200(client):
    """GET /api/health answers 200."""
    expect(client.get("/api/health"), 200)


@todo(3)
@waits_for("test_health_answers_200")
def test_health_says_ok(client):
    """GET /api/health says that the status is ok."""
    response = client.get("/api/health")
    expect(response, 200, {"status": "ok"}, next='Return {"status": "ok"}, a dict, and nothing around it.')


def test_unknown_path_is_404(client, vary):
    """A path that no route names answers 404."""
    name = vary.name()
    for path in ("/nope", f"/{name}", f"/api/{name}", f"/{name}/{name}/{name}"):
        expect(
            client.get(path), 404, next="Let each route name one path, without a <path:...> that takes all."
        )


@todo(2)
def test_wrong_method_is_405(client):
    """POST / answers 405, since the route is for GET."""
    expect(client.post("/", json={}), 405, next="Leave methods= out: a route alone means GET.")


@todo(2)
def test_head_has_no_body(client):
    """HEAD / answers 200 without a body."""
    response = client.head("/")
    expect(response, (200, 405))
    require(response.data == b"", "an empty body", f"{len(response.data)} bytes")
