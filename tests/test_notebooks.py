"""The notebooks are true, keep the rules, and the proof of both bites."""

import base64
import copy
import json
import re
import subprocess
import sys

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.desk import ROOT, Desk
from workbook.course import WorkbookError
from workbook.notebooks import document, prove, rules, run
from workbook.notebooks.__main__ import main

PATHS = document.notebooks(ROOT)
EACH = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@pytest.fixture
def runnable(path):
    """Skips a notebook whose packages are not installed."""
    if why := prove.lacking(path):
        pytest.skip(why)


def test_saved_outputs_are_what_the_cells_give():
    """Running the cells of all notebooks, one after the other in one process, changes no byte of their files."""
    paths = [path for path in PATHS if not prove.lacking(path)]
    assert len(paths) >= 12
    troubles = [proof.trouble for proof in prove.prove(paths, run.in_process) if proof.trouble]
    assert not troubles, "\n".join(troubles)


@EACH
def test_a_real_kernel_gives_the_same(path, runnable):
    """A kernel of its own, as Jupyter starts it, gives the saved outputs too."""
    (proof,) = prove.prove([path])
    assert not proof.trouble, proof.trouble


@EACH
@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_every_notebook_keeps_the_rule(path, rule):
    """A notebook keeps a rule of docs/notebooks.md; where it does not, the message says the mend."""
    told = [path.stem + text for text in rule(document.read(path), path)]
    assert not told, "\n".join(told)


def test_the_notebooks_pass_ruff():
    """Their code keeps to the rules in pyproject.toml."""
    for command in (["check"], ["format", "--check"]):
        line = [sys.executable, "-m", "ruff", *command, "--no-cache", "notebooks"]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def leaves(value, path=()):
    """The places of all texts in a structure of JSON."""
    if isinstance(value, dict):
        return [found for key in sorted(value) for found in leaves(value[key], (*path, key))]
    if isinstance(value, list):
        return [found for at, item in enumerate(value) for found in leaves(item, (*path, at))]
    return [path] if isinstance(value, str) and value else []


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_change_of_a_saved_output_is_caught(data):
    """Whichever character of whichever output somebody changes by hand, the proof tells, with the mend."""
    path = data.draw(st.sampled_from(PATHS))
    fresh = path.read_bytes()  # that running the cells gives these bytes is proven above
    notebook = json.loads(fresh)
    cell = data.draw(st.sampled_from([cell for cell in notebook["cells"] if cell.get("outputs")]))
    *way, last = data.draw(st.sampled_from(leaves(cell["outputs"])))
    inside = cell["outputs"]
    for key in way:
        inside = inside[key]
    text = inside[last]
    at = data.draw(st.integers(0, len(text) - 1))
    new = data.draw(st.characters(codec="utf-8").filter(lambda letter: letter != text[at]))
    inside[last] = text[:at] + new + text[at + 1 :]
    saved = (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    told = prove.difference(path.stem, saved, fresh)
    assert f"--write {path.stem}" in told
    assert prove.difference(path.stem, fresh, fresh) == ""


def sample(path=PATHS[0]):
    """A notebook to spoil."""
    return document.read(path)


def code(source, *tags, outputs=()):
    """A code cell."""
    cell = nbformat.v4.new_code_cell(source, outputs=[nbformat.from_dict(one) for one in outputs])
    cell.metadata["tags"] = list(tags)
    return cell


def printed(text):
    """A cell that printed a text."""
    return code("1", outputs=[{"output_type": "stream", "name": "stdout", "text": text}])


def drawn(size):
    """A cell with a picture of so many bytes."""
    data = {"image/png": base64.b64encode(bytes(size)).decode()}
    return code("1", outputs=[{"output_type": "display_data", "data": data, "metadata": {}}])


def without(pattern):
    """A change that drops the cells that match a pattern."""

    def change(cells):
        cells[:] = [cell for cell in cells if not re.search(pattern, cell.source, re.MULTILINE)]

    return change


def plus(*new):
    """A change that adds cells, with text before them."""
    return lambda cells: cells.__setitem__(slice(-1, -1), [nbformat.v4.new_markdown_cell("Look:"), *new])


def untagged(cells):
    """A change that takes all tags away."""
    for cell in cells:
        cell.metadata.pop("tags", None)


def reworded(old, new):
    """A change of a text in all cells."""

    def change(cells):
        for cell in cells:
            cell.source = cell.source.replace(old, new)

    return change


SPOILED = [
    (without("^## You will"), "the first cell holds no objectives"),
    (without("^## Recap"), "the last cell holds no recap"),
    (reworded("- A request is", "A request is"), "5 objectives and 4 points of the recap"),
    (reworded("python3 learn.py check 1", "the checker"), "Write into it: python3 learn.py check 1"),
    (plus(code("1"), code("2")), "code follows code"),
    (plus(code("1\n" * 13)), "has 13 lines"),
    (without(r"^predict\("), "has 0 predictions"),
    (untagged, "shows no error"),
    (without("^%%check 01"), "Add one that begins with: %%check 01"),
    (reworded("# Run this cell", "x = 1"), "Leave a comment in it alone"),
    (plus(code("app.run(debug=True)")), "it runs a server"),
    (plus(code('server = make_server("127.0.0.1", 5001, app)')), "takes a fixed port"),
    (plus(nbformat.v4.new_markdown_cell("<svg></svg>")), "holds <svg"),
    (plus(printed("<object at 0x7f00deadbeef>")), "memory address 0x7f00deadbeef"),
    (plus(printed("File /home/ana/app.py")), "a path of one machine"),
    (plus(drawn(20_001)), "a picture of 20,001 bytes"),
    (plus(code("def home():\n    return {}")), 'show it with show("01_hello", "home")'),
    (plus(nbformat.v4.new_markdown_cell("This is just JSON.")), "says 'just'"),
    (plus(code("from workbook.course import steps")), "imports workbook.course"),
    (plus(nbformat.v4.new_markdown_cell("[there](nowhere.ipynb)")), "leads to nowhere.ipynb"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), SPOILED, ids=[words for _, words in SPOILED])
def test_a_broken_rule_is_told_with_its_mend(change, words):
    """A notebook that breaks one rule gets the sentence of that rule."""
    notebook = copy.deepcopy(sample())
    change(notebook.cells)
    told = [text for rule in rules.RULES for text in rule(notebook, PATHS[0])]
    assert any(words in text for text in told), told


def test_a_notebook_that_grows_too_big_is_told(tmp_path):
    """60 KB are the most."""
    path = tmp_path / PATHS[0].name
    path.write_bytes(PATHS[0].read_bytes() + b" " * 60_000)
    assert any("Shorten its outputs" in text for text in rules.broken(path))


def test_errors_must_be_announced_and_announced_errors_must_come(tmp_path):
    """An error without the tag, and the tag without an error, each turn the proof red."""
    for cell, words in (
        (code("1 / 0"), "ZeroDivisionError"),
        (code("1", "raises-exception"), "raised no error"),
    ):
        path = tmp_path / "01_hello.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
        (proof,) = prove.prove([path], run.in_process)
        assert words in proof.trouble
        before = path.read_bytes()
        assert prove.write([proof]) == [] and path.read_bytes() == before


def test_a_notebook_is_skipped_where_its_packages_are_not_installed(tmp_path, monkeypatch):
    """Without an optional package the proof names it and the mend; the command says so and is content."""
    path = tmp_path / "a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[code("import json\nimport pandas as pd")]), path)
    monkeypatch.setattr(prove.importlib.util, "find_spec", lambda name: name)
    assert prove.lacking(path) == ""
    monkeypatch.setattr(prove.importlib.util, "find_spec", lambda name: None)
    assert prove.lacking(path) == "pandas is not installed. To install: pip install -r requirements-data.txt"
    done = CliRunner().invoke(main, ["17"])
    assert done.exit_code == 0
    assert done.output.startswith("17_data          skipped  matplotlib and pandas are not installed.")


def test_a_picture_holds_no_version_of_the_program_that_drew_it():
    """The texts in a PNG go, its picture stays; and writing twice changes no byte."""
    chunk = b"\0\0\0\x04tEXt" + b"v3.9" + b"crc!"
    end = b"\0\0\0\0IEND\xaeB`\x82"
    data = {"image/png": base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunk + end).decode()}
    cells = [code("1", outputs=[{"output_type": "display_data", "data": data, "metadata": {}}]) for _ in "ab"]
    once = document.written(nbformat.v4.new_notebook(cells=cells))
    picture = json.loads(once)["cells"][0]["outputs"][0]["data"]["image/png"]
    assert base64.b64decode(picture) == b"\x89PNG\r\n\x1a\n" + end
    assert document.written(nbformat.reads(once.decode(), as_version=4)) == once
    assert len({cell["id"] for cell in json.loads(once)["cells"]}) == 2


def test_the_maintainers_command_writes_once_and_is_content(tmp_path):
    """A stale notebook: exit 1 and the mend; --write mends it; a second run finds no byte to change."""
    desk = Desk(tmp_path)
    path = desk.root / "notebooks" / "01_hello.ipynb"
    good = path.read_bytes()
    path.write_bytes(good.replace(b"405 METHOD NOT ALLOWED", b"404 NOT FOUND"))
    steps = {name: content for name, content in desk.files().items() if name.startswith("steps/")}

    def prover(*arguments):
        line = [sys.executable, "-m", "workbook.notebooks", *arguments]
        return subprocess.run(line, cwd=desk.root, capture_output=True, text=True, timeout=120, check=False)

    stale = prover("1")
    assert stale.returncode == 1 and "python3 -m workbook.notebooks --write 01_hello" in stale.stdout
    mended = prover("--write", "01_hello")
    assert mended.returncode == 0 and re.match("01_hello +written", mended.stdout)
    assert path.read_bytes() == good
    assert {name: content for name, content in desk.files().items() if name.startswith("steps/")} == steps
    unknown = prover("99")
    assert unknown.returncode == 2 and "There is no notebook '99'" in unknown.stderr


def test_a_file_that_is_no_notebook_is_one_sentence(tmp_path):
    """A broken file is told with its name, not with a traceback."""
    path = tmp_path / "01_hello.ipynb"
    path.write_text("{")
    with pytest.raises(WorkbookError, match="cannot be read as a notebook"):
        document.read(path)
