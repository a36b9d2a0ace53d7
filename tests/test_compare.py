"""solution: the learner's parts beside the reference's, the reasons, and a question about the learner's program."""

import dataclasses
import os
import pty
import select
import sys
from pathlib import Path

import pytest

from tests.desk import ANSI, Desk
from workbook.course import ROOT, Step, steps
from workbook.learner import compare, parts, question
from workbook.program import intake

MINE = '''
from flask import request, Flask
app = Flask(__name__)

def tidy(value):
    return value.strip()

@app.get("/api/users")
def everybody():
    return {"users": []}

@app.route("/")
def home():
    """Another docstring."""
    # another comment
    return {"message": 'hi'}
'''
REFERENCE = '''"""The API."""
from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def home():
    """Welcome whoever opens the API."""
    return {"message": "hi"}


@app.route("/api/users")
def get_users():
    """List the users."""
    # nobody may see a hash,
    # not even its owner
    return {"users": [user_json(user) for user in users]}


class User:
    """Somebody."""
'''


def compared(mine=MINE, reference=REFERENCE):
    """The comparison of two programs of one file."""
    return compare.compare(
        parts.parts({"app.py": mine.encode()}), parts.parts({"app.py": reference.encode()})
    )


def names(pairs):
    """The names of pairs of parts, the learner's first."""
    return [(mine.name, part.name) for mine, part in pairs]


def test_parts_that_mean_the_same_are_the_same():
    """Layout, order, comments and docstrings make no difference."""
    assert names(compared().same) == [(parts.OUTSIDE, parts.OUTSIDE), ("home", "home")]


def test_views_belong_together_by_what_they_answer():
    """A view with another name and another decorator is put beside the view of the same route."""
    assert names(compared().different) == [("everybody", "get_users")]


def test_parts_of_one_side_are_listed():
    """What one side alone has is told for each side."""
    assert [part.name for part in compared().yours] == ["tidy"]
    assert [part.name for part in compared().reference] == ["User"]


def test_a_helper_with_another_name_is_recognised():
    """Two helpers that are alike belong together, whatever they are called."""
    text = "def {}(user):\n    return {{'id': user['id'], 'username': user['username']}}\n"
    other = text.replace("'username': user['username']", "'name': user['username']")
    assert names(compared(text.format("to_dict"), other.format("user_json")).different) == [
        ("to_dict", "user_json")
    ]


def test_the_reasons_are_the_references_own():
    """The docstring, the comments and the calls of a part stand above its lines."""
    text = ANSI.sub("", compare.shown(compared()))
    assert "What it does: List the users." in text
    assert "Why so: nobody may see a hash, not even its owner." in text
    assert "Only the reference calls: user_json." in text
    assert "The same in both: app.py outside of functions, home." in text and "Only in yours: tidy." in text
    assert '- @app.get("/api/users")' in text and '+ @app.route("/api/users")' in text


def test_the_same_program_has_no_difference():
    """The reference beside itself is all the same."""
    text = ANSI.sub("", compare.shown(compared(REFERENCE)))
    assert text == "Your program says what the reference says, part by part."


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("slug", ["03_users", "09_relations", "12_cors"])
def test_no_line_is_longer_than_the_terminal(slug, columns, monkeypatch):
    """The comparison of any right program fits, and its code is complete."""
    monkeypatch.setenv("COLUMNS", str(columns))
    reference = parts.parts(intake.read(ROOT / "solutions" / slug))
    for folder in sorted((ROOT / "tests/programs" / slug).glob("right_*"))[:4]:
        mine = parts.parts(intake.read(folder))
        lines = ANSI.sub("", compare.shown(compare.compare(mine, reference))).splitlines()
        assert max(map(len, lines)) <= columns, max(lines, key=len)


@pytest.mark.parametrize("content", [b"\xff", b"def (", b"", b"\x00", b"x = " + b"(" * 5000], ids=range(5))
def test_a_file_that_is_no_python_has_no_parts(content):
    """Whatever stands in a file, the comparison goes on without it."""
    assert parts.parts({"app.py": content}) == []


def test_every_step_asks_a_question_that_its_reference_answers():
    """The question of a step has choices, and its reference answer is what the solution does when it is run."""
    for step in steps():
        asked = question.question_of(step)
        assert asked, f"write checks/questions/{step.slug}.toml"
        truth = question.find_out(At(step.slug, folder=step.solution), asked)
        assert truth and truth.answer == asked.reference, step.slug
        assert asked.reference in asked.choices and len(set(asked.choices)) == len(asked.choices) >= 3


@dataclasses.dataclass(frozen=True)
class At(Step):
    """A step whose learner has written the program in another folder."""

    folder: Path = Path()


def test_the_answer_is_that_of_the_learners_program(tmp_path):
    """A program that does otherwise than the reference is told what it does, and what the reference does."""
    text = (ROOT / "solutions/03_users/app.py").read_text("utf-8").replace("409", "418")
    (tmp_path / "app.py").write_text(text, "utf-8")
    step = At("03_users", folder=tmp_path)
    asked = question.question_of(step)
    truth = question.find_out(step, asked)
    assert truth.answer == "418" and "418" in question.choices(asked, truth).values()
    told = question.told(asked, truth, "409")
    assert told.startswith("You thought 409. Your program answers: 418") and "reference answers: 409" in told


@pytest.mark.parametrize("text", ["import os; os._exit(3)", "def (", "app = 5"])
def test_a_program_that_gives_no_answer_is_asked_nothing(text, tmp_path):
    """Where the program does not load or answer, there is no question and no error."""
    (tmp_path / "app.py").write_text(text)
    step = At("01_hello", folder=tmp_path)
    assert question.find_out(step, question.question_of(step)) is None


@pytest.fixture
def desk(tmp_path):
    """A copy of the workbook with one step."""
    desk = Desk(tmp_path)
    desk.keep("03_users")
    return desk


def test_the_solution_is_shown_after_a_pass_or_on_demand(desk):
    """Before the step passes: a sentence and exit 1; with --spoil, or after it, the comparison; no file changes."""
    before = desk.files()
    done = desk.learn("solution", "3")
    assert done.returncode == 1 and "--spoil" in done.stdout and "generate_password_hash(" not in done.stdout
    spoiled = desk.learn("solution", "3", "--spoil")
    assert spoiled.returncode == 0 and "+     password = generate_password_hash(password)" in spoiled.stdout
    assert "+ def get_users():" in spoiled.stdout and "question" not in spoiled.stdout
    assert desk.files() == before
    desk.solve("03_users")
    passed = desk.learn("solution", "3")
    assert passed.returncode == 0 and "Your program says what the reference says" in passed.stdout
    assert "A question about your program" in passed.stdout and "Your program answers: 409" in passed.stdout


def test_no_colour_where_none_is_wanted(desk):
    """A pipe gets plain text, a terminal colour, and the same words."""
    plain = desk.learn("solution", "3", "--spoil").stdout
    assert "\x1b" not in plain
    coloured = in_a_terminal(desk, ["solution", "3", "--spoil"])
    assert "\x1b[" in coloured and ANSI.sub("", coloured) == plain
    assert in_a_terminal(desk, ["solution", "3", "--spoil"], NO_COLOR="1") == plain


def test_a_key_answers_the_question(desk):
    """In a terminal the learner presses a key, and the program's own answer comes after it."""
    desk.solve("03_users")
    assert "Yes. Your program answers: 409" in in_a_terminal(desk, ["solution", "3"], b"c")
    assert "You thought 201. Your program answers: 409" in in_a_terminal(desk, ["solution", "3"], b"a")
    assert "Your program answers" not in in_a_terminal(desk, ["solution", "3"], b"\x03")


def in_a_terminal(desk, arguments, key=b"", **environment):
    """What a command writes to a terminal of 80 columns; `key` is pressed when it asks for one."""
    command = [sys.executable, "-I", "-X", "utf8", str(desk.root / "workbook/__main__.py"), *arguments]
    surroundings = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    surroundings |= {"COLUMNS": "80", "TERM": "xterm-256color", **environment}
    child, terminal = pty.fork()
    if not child:
        os.chdir(desk.root)
        os.execve(command[0], command, surroundings)
    text = b""
    try:
        while True:
            # only a program that waits reads keys; what was typed before is dropped
            if not select.select([terminal], [], [], 0.5)[0]:
                if key and b"any other key" in text:
                    os.write(terminal, key)
                continue
            if not (part := os.read(terminal, 65536)):
                break
            text += part
    except OSError:
        pass  # the terminal is gone, as it is when the program ends
    os.close(terminal)
    os.waitpid(child, 0)
    return text.decode().replace("\r\n", "\n")
