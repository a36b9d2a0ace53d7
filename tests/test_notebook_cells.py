"""What a cell can do: the magic, the helpers, and where they are found."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.desk import Desk
from workbook.course import Step, WorkbookError
from workbook.learner import read
from workbook.notebooks import predict, show, solution, wire

APP = "steps/01_hello/app.py"
LOAD = "%load_ext workbook"


@pytest.fixture
def desk(tmp_path):
    """A copy of the workbook."""
    return Desk(tmp_path)


def cells(desk, *sources, folder="notebooks"):
    """The outputs of cells that are run in the desk's workbook, each as one text."""
    done = subprocess.run(
        [sys.executable, "-m", "workbook.notebooks.shell"],
        cwd=desk.root / folder, input=json.dumps([list(sources)]),
        capture_output=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    (told,) = json.loads(done.stdout)
    return ["".join(map(text_of, outputs)) for outputs in told]


def text_of(output):
    """An output as text."""
    if output["output_type"] == "error":
        return "\n".join(output["traceback"])
    return output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"]


@pytest.fixture
def right(desk):
    """The solution of step 01."""
    return (desk.root / "solutions/01_hello/app.py").read_text("utf-8")


def test_the_cell_becomes_the_learners_file(desk, right):
    """`%%check 01` writes the cell, keeps what stood there, and shows the checker's verdict."""
    before = (desk.root / APP).read_bytes()
    told = cells(desk, LOAD, f"%%check 01\n{right}")[1]
    assert "This cell is now steps/01_hello/app.py" in told and "12 of 12 checks pass" in told
    assert (desk.root / APP).read_text("utf-8") == right
    assert desk.learn("undo", "1").returncode == 0
    assert (desk.root / APP).read_bytes() == before


def test_a_cell_with_a_comment_alone_writes_nothing(desk):
    """The learner's file stays, is judged, and appears in the cell."""
    mine = "# mine\nfrom flask import Flask\n\napp = Flask(__name__)\n"
    (desk.root / APP).write_text(mine)
    ask = "%%check 1\n# Run this cell"
    told, shown = cells(desk, LOAD, ask, "print(get_ipython().rl_next_input)")[1:]
    assert "is as it was" in told and "of 12 checks pass" in told
    assert shown == f"%%check 1\n{mine}\n"
    assert (desk.root / APP).read_text() == mine and not (desk.root / ".workbook/kept").exists()


def test_work_from_an_editor_is_not_replaced_at_once(desk, right):
    """Where the file was changed outside of the cell, the first run says so; only the second replaces it."""
    work = "# an evening's work\n" + right
    (desk.root / APP).write_text(work)
    first, second = cells(desk, LOAD, f"%%check 01\n{right}", f"%%check 01\n{right}")[1:]
    assert "was changed outside of this cell" in first and "is now" in second
    (kept,) = (desk.root / ".workbook/kept").glob("*/work/app.py")
    assert kept.read_text() == work


def test_a_file_of_a_package_is_named(desk):
    """Where a step has several files the cell names one; without a name the sentence shows how."""
    name = "social_api/helpers.py"
    text = (desk.root / "solutions/11_validation" / name).read_text("utf-8")
    asked, written = cells(desk, LOAD, "%%check 11\nx = 1", f"%%check 11 {name}\n{text}")[1:]
    assert "Step 11_validation has several files. Name yours, as in: %%check 11 social_api/" in asked
    assert f"This cell is now steps/11_validation/{name}" in written
    assert (desk.root / "steps/11_validation" / name).read_text("utf-8") == text


WRONG = {
    "": "%%check needs the number of a step",
    "99": "There is no step '99'",
    "1 ../../learn.py": "'../../learn.py' is no file of step 01_hello. Name one, such as app.py.",
    "1 /etc/x.py": "is no file of step 01_hello",
    "1 README.md": "is no file of step 01_hello",
}


def test_a_wrong_line_is_one_sentence(desk):
    """A step or file that is not there: one sentence, no traceback, and nothing is written."""
    before = desk.files()
    told = cells(desk, LOAD, *(f"%%check {line}\nx = 1" for line in WRONG))[1:]
    for text, words in zip(told, WRONG.values(), strict=True):
        assert words in text and "Traceback" not in text and "\n" not in text
    assert desk.files() == before


@pytest.mark.parametrize("folder", [".", "notebooks", ".workbook/notebooks"])
def test_the_extension_is_found_from_where_a_notebook_lies(desk, folder):
    """`%load_ext workbook` works in the workbook's folder, beside the notebooks and beside their copies."""
    read.notebook_of(Step("01_hello", desk.root))
    source = "import workbook; print(workbook.__file__)"
    assert cells(desk, LOAD, source, folder=folder)[1].strip() == str(desk.root / "workbook/__init__.py")


def test_an_error_shows_the_readers_lines_alone(desk):
    """A traceback holds the lines of the cells and the error, and says that others were left out."""
    source = "from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get('x')\ndef x(): ..."
    assert cells(desk, LOAD, source)[1].split("\n") == [
        "Traceback (most recent call last):",
        "  line 6 of this cell",
        "    @app.get('x')",
        "  ... and lines of Flask or Python, left out here",
        "ValueError: URL rule 'x' must start with a slash.",
    ]


def test_what_a_view_raises_is_logged_below_the_cell(desk):
    """A crash in a view names the view's line, without a clock and without Flask's lines."""
    source = "from flask import Flask\napp = Flask(__name__)\n\n@app.get('/')\ndef broken():\n    1 / 0\n\n"
    told = cells(desk, LOAD, source + "print(app.test_client().get('/').status_code)")[1]
    assert told.endswith("500\n") or "500\n" in told
    assert "ERROR: Exception on / [GET]\n" in told and "  line 6 of broken\n    1 / 0\n" in told
    assert "site-packages" not in told and "[20" not in told


def test_a_predictions_answer_is_folded_away():
    """The page holds the answer behind <details> only, and the text form holds it not at all."""
    asked = predict("Is `1 < 2`?", ["True", "False"], 1 < 2)
    shown, _, folded = asked._repr_html_().partition("<details>")
    assert "<code>1 &lt; 2</code>" in shown and "<p>True</p>" in folded and "<p>True</p>" not in shown
    assert repr(asked) == repr(predict("Is `1 < 2`?", ["True", "False"], False))
    assert asked.answer == "True"


def test_an_answer_that_nobody_can_choose_is_refused():
    """What the code gives must be one of the choices."""
    with pytest.raises(WorkbookError, match="none of the choices 200, 404"):
        predict("Which status?", ["200", "404"], 308)


def test_shown_code_is_the_solutions_own():
    """`show` gives a function as it stands in its file, and a sentence where there is none."""
    shown = show("01_hello", "health")
    assert "`solutions/01_hello/app.py`" in shown._repr_markdown_() and 'return {"status": "ok"}' in repr(
        shown
    )
    with pytest.raises(WorkbookError, match="has no function or class 'nobody'"):
        show("01_hello", "nobody")


@pytest.mark.parametrize("slug", ["03_users", "08_models", "11_validation"])
def test_a_solution_is_loaded_fresh_and_leaves_nothing(slug, desk, monkeypatch):
    """Two loads share no data, and the folder of the solution stays as it is."""
    monkeypatch.setattr("workbook.course.ROOT", desk.root)
    monkeypatch.setattr("workbook.notebooks.cells.find", lambda name: Step(name, desk.root))
    before = desk.files()
    person = {"username": "ana", "password": "correct horse"}

    def app():
        module = solution(slug)
        return module.create_app() if slug == "11_validation" else module.app

    clients = [app().test_client() for _ in range(2)]
    assert [client.post("/api/users", json=person).status_code for client in clients] == [201, 201]
    assert clients[0].post("/api/users", json=person).status_code == 409
    assert desk.files() == before


def test_the_wire_shows_both_messages_and_no_clock(capsys):
    """Request and answer stand as they are sent; what changes from run to run is cut or put in order."""
    client = solution("04_login").app.test_client()
    person = {"username": "ana", "password": "correct horse"}
    client.post("/api/users", json=person)
    wire(client.post("/api/login?next=1", json=person))
    wire(client.put("/api/login"))
    told = capsys.readouterr().out
    assert told.startswith(
        "POST /api/login?next=1 HTTP/1.1\nContent-Type: application/json\nContent-Length: "
    )
    assert "HTTP/1.1 200 OK\n" in told and "Set-Cookie: session=eyJ1c2VyX2lkIjoxfQ.…; HttpOnly" in told
    assert "Cookie: session=eyJ1c2VyX2lkIjoxfQ.…\n" in told and "Allow: OPTIONS, POST\n" in told


@pytest.mark.parametrize("name, slug", [("3", "03_users"), ("03_users", "03_users"), ("17", "17_data")])
def test_a_notebook_is_found_by_its_number(name, slug):
    """Steps have notebooks, and so has the chapter on data, which is no step."""
    assert read.find(name).slug == slug


def test_reading_leaves_the_workbooks_notebook_alone(desk):
    """`read` opens a copy; it stays the same one, with what the learner wrote into it."""
    step = Step("01_hello", desk.root)
    copy = read.notebook_of(step)
    assert copy == desk.root / ".workbook/notebooks/01_hello.ipynb"
    copy.write_text("mine")
    assert read.notebook_of(step).read_text() == "mine"


def test_an_update_of_a_notebook_keeps_the_readers_copy(desk):
    """A new state of the notebook takes the place of the copy; an edited copy stays beside it and is named."""
    step = Step("01_hello", desk.root)
    original = desk.root / "notebooks/01_hello.ipynb"
    copy = read.notebook_of(step)
    original.write_text("second")
    assert read.notebook_of(step).read_text() == "second"
    assert not list(copy.parent.glob("* until *"))
    for number in range(2):
        copy.write_text(f"mine {number}")
        original.write_text(f"update {number}")
        assert read.notebook_of(step).read_text() == f"update {number}"
    earlier = sorted(copy.parent.glob("01_hello until *.ipynb"))
    assert {path.read_text() for path in earlier} == {"mine 0", "mine 1"}
    assert earlier[-1].name in read.announcement(copy, browser=True)


def test_without_the_right_to_write_the_workbooks_own_is_opened(desk):
    """Where no copy can be made, `read` opens the notebook itself."""
    (desk.root / ".workbook").write_text("a file in the place of the folder")
    assert read.notebook_of(Step("01_hello", desk.root)) == desk.root / "notebooks/01_hello.ipynb"


def test_a_copy_of_the_finder_needs_the_workbook_above_it(desk, tmp_path):
    """The finder looks in the folders above itself, however deep a copy of the notebooks lies."""
    deep = desk.root / "a/b c"
    deep.mkdir(parents=True)
    shutil.copy(desk.root / "notebooks/workbook.py", deep)
    assert cells(desk, LOAD, "print(1)", folder="a/b c") == ["", "1\n"]
