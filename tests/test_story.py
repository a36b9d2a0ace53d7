"""Every solution tells the contract's story up to its step, and the teller notices when one does not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import NoPostgres, postgres
from tests.story import tell

ROOT = Path(__file__).parents[1]
STEPS = range(1, 13)

# of a solution: a text in it, what stands there instead, and words that the teller must then say
BROKEN = [
    pytest.param(
        "01_hello", "Welcome to", "Hi from", ["GET /", "'message' in the body should be"], id="message"
    ),
    pytest.param("01_hello", "app = Flask", "app = Flusk", ["did not start", "Flusk"], id="no-start"),
    pytest.param(
        "02_echo",
        "data = request.json",
        "data = request.json or __import__('os')._exit(1)",
        ["POST /echo null", "there was no answer"],
        id="dies",
    ),
    pytest.param(
        "02_echo", '{"you_sent": data}, 200', "str(data)", ["should be JSON, not text/html"], id="html"
    ),
    pytest.param("03_users", "}, 201", "}, 200", ["status should be 201, not 200"], id="status"),
    pytest.param(
        "03_users",
        'return {"id": user["id"], "username": user["username"]}',
        "return user",
        ["must not hold a key 'password'"],
        id="leak",
    ),
    pytest.param(
        "04_login",
        'session.clear()\n    return {"message": "Logout',
        'return {"message": "Logout',
        ["a: GET /api/me", "should be 401, not 200"],
        id="logout",
    ),
    pytest.param(
        "04_login",
        'if user["id"] == session.get("user_id"):',
        "if True:",
        ["c: GET /api/me", "should be 401, not 200"],
        id="one-for-all",
    ),
    pytest.param(
        "05_posts", "posts[::-1]", "posts", ["item 1 of 'posts' in the body should be 2, not 1"], id="order"
    ),
    pytest.param("05_posts", "next_post_id += 1", "pass", ["1 is no new positive id"], id="same-id"),
    pytest.param(
        "06_edit", 'f"Post {id} updated', '"Post {id} updated', ['not "Post {id} updated!"'], id="f-string"
    ),
    pytest.param("07_pages", "(page - 1)", "page", ["should be a list of 1, not []"], id="page"),
    pytest.param(
        "11_validation", "errorhandler(HTTPException)", "errorhandler(418)", ["/nope", "JSON"], id="json"
    ),
]


def solution(step):
    """Return the folder of a step's solution."""
    (folder,) = ROOT.glob(f"solutions/{step:02}_*")
    return folder


def edited(name, folder, *edits):
    """Copy a solution into `folder`, replace texts in it, and return the copy."""
    copy = shutil.copytree(ROOT / "solutions" / name, folder / name)
    file = copy / "app.py" if (copy / "app.py").exists() else copy / "social_api" / "app.py"
    text = file.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    return copy


@pytest.fixture(scope="session")
def database_server():
    """A PostgreSQL server; without one its tests are skipped, but for CI, which has to have one."""
    try:
        with postgres() as server:
            yield server
    except NoPostgres as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI tries PostgreSQL too, but {missing}")
        pytest.skip(str(missing))


@pytest.mark.parametrize("step", STEPS)
def test_a_solution_tells_the_story_up_to_its_step(step):
    assert tell(solution(step), step) == []


@pytest.mark.parametrize("step", [step for step in STEPS if step >= 10])
def test_a_package_tells_the_same_story_on_postgresql(step, database_server):
    assert tell(solution(step), step, database_server.new_database(f"step_{step}")) == []


@pytest.mark.parametrize("name, old, new, words", BROKEN)
def test_a_broken_program_is_noticed(name, old, new, words, tmp_path):
    found = tell(edited(name, tmp_path, (old, new)), int(name[:2]))

    for word in words:
        assert word in "\n".join(found)


def test_ids_may_start_anywhere(tmp_path):
    program = edited(
        "06_edit",
        tmp_path,
        ("next_user_id = 1", "next_user_id = 40"),
        ("next_post_id = 1", "next_post_id = 98"),
    )

    assert tell(program, 6) == []


@pytest.mark.parametrize("step, status, words", [(1, 0, "no difference"), (2, 1, "POST /echo")])
def test_the_command_prints_every_difference_and_says_so_by_its_status(step, status, words):
    command = [sys.executable, ROOT / "tests" / "story.py", solution(1), str(step)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")

    assert (done.returncode, done.stderr) == (status, "")
    assert words in done.stdout
