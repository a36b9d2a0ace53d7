"""`learn.py export`: files that a platform takes, and nothing of an instructor's lost."""

import csv
import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import graded, importers
from workbook.course import WorkbookError
from workbook.grading.sheets import Sheet


@pytest.fixture
def two(tmp_path):
    """A graded class of two."""
    return graded.class_of_two(tmp_path / "grades")


def test_gradescope_gets_one_results_json_with_our_score(tmp_path):
    """One student's result has a line a check, a status, and the total of the gradebook as its score."""
    checks = [
        graded.check("GET / answers 200."),
        graded.check("POST answers 201.", "failed", 2, "expected: 201\ngot: <b>500</b>"),
        graded.check("A browser may ask.", "skipped"),
        graded.check("GET answers again.", "waiting"),
    ]
    steps = [
        graded.step("03_users", 2, 8, checks=checks, comment="by hand"),
        graded.step("08_models", 0, 5, "timeout", "it hung", []),
    ]
    folder = graded.lay_out(tmp_path / "g", [graded.student("1", "Jane", steps)])
    assert graded.export("gradescope", folder, "--out", tmp_path / "results.json").exit_code == 0
    result = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert importers.gradescope(result) == 2.0
    told = [(one["number"], one.get("status"), one["score"], one["max_score"]) for one in result["tests"]]
    assert told == [
        ("3.1", "passed", 2.0, 2.0),
        ("3.2", "failed", 0.0, 4.0),
        ("3.3", None, 0.0, 0.0),
        ("3.4", "failed", 0.0, 2.0),
        ("8", "failed", 0.0, 5.0),
    ]
    assert result["tests"][1]["output"] == "expected: 201\ngot: <b>500</b>"
    assert {one["output_format"] for one in result["tests"]} == {"text"} and result["tests"][4][
        "output"
    ] == "it hung"


def test_gradescope_gets_a_zip_for_a_class(two, tmp_path):
    """Several students need a zip with a file each; a single file for them is refused."""
    done = graded.export("gradescope", two, "--out", tmp_path / "results.json")
    assert isinstance(done.exception, WorkbookError) and "ends in .zip" in str(done.exception)
    assert graded.export("gradescope", two, "--out", tmp_path / "all.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        scores = {name: importers.gradescope(json.loads(archive.read(name))) for name in archive.namelist()}
    assert scores == {"0.json": 37.5, "1.json": 3.0}


def test_csv_speaks_the_dialect_that_is_asked_for(two, tmp_path):
    """Semicolons bring decimal commas, --bom the sign by which Excel knows UTF-8."""
    assert (
        graded.export("csv", two, "--out", tmp_path / "g.csv", "--delimiter", "semicolon", "--bom").exit_code
        == 0
    )
    content = (tmp_path / "g.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfid;name;status;03_users;08_models;total;")
    assert b"\r\ns001;Jane Doe;graded;17;20,5;37,5;49;76,53;\r\n" in content


def test_a_file_that_was_there_is_kept(two, tmp_path):
    """Each file that an export replaces is kept beside it, and its name is said."""
    out = tmp_path / "g.csv"
    for content in (b"first", b"second"):
        out.write_bytes(content)
        done = graded.export("csv", two, "--out", out)
    assert (tmp_path / "g.csv.bak").read_bytes() == b"first"
    assert (tmp_path / "g.csv.bak2").read_bytes() == b"second"
    assert "What g.csv held before is kept in g.csv.bak2." in graded.words(done.output)


def test_the_files_that_are_read_are_never_written(two, tmp_path):
    """--out that names the template, or the gradebook, is refused and leaves it as it was."""
    (tmp_path / "canvas.csv").write_text("Student,ID,SIS Login ID,Section,03_users (1)\nJane,1,jdoe,A,\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "canvas.csv")
    for out in (tmp_path / "canvas.csv", tmp_path / "link.csv", two / "gradebook.csv"):
        before = out.read_bytes()
        done = graded.export("canvas", two, "--template", tmp_path / "canvas.csv", "--out", out)
        assert isinstance(done.exception, WorkbookError) and "Name another one" in str(done.exception)
        assert out.read_bytes() == before


def test_a_gradebook_that_somebody_changed_is_refused(two, tmp_path):
    """A grade typed into gradebook.csv is not exported, since the next regrade would lose it."""
    path = two / "gradebook.csv"
    path.write_bytes(path.read_bytes().replace(b",17,", b",19,"))
    done = graded.export("csv", two, "--out", tmp_path / "g.csv")
    assert isinstance(done.exception, WorkbookError)
    assert "row 2" in str(done.exception) and "overrides.csv" in str(done.exception)


@pytest.mark.parametrize("spoil", ["gradebook", "result", "json"])
def test_a_folder_that_grade_did_not_finish_is_a_sentence(two, tmp_path, spoil):
    """A missing gradebook, a missing result, a broken result: each is said with the mend."""
    if spoil == "gradebook":
        (two / "gradebook.csv").unlink()
    elif spoil == "result":
        (two / "results" / "1.json").unlink()
    else:
        (two / "results" / "1.json").write_text("{", "utf-8")
    done = graded.export("csv", two, "--out", tmp_path / "g.csv")
    assert isinstance(done.exception, WorkbookError)
    assert "grade" in str(done.exception) and not (tmp_path / "g.csv").exists()


def test_a_name_cannot_steer_the_terminal(tmp_path):
    """What is said of a student shows no escape sequence of their name."""
    folder = graded.lay_out(
        tmp_path / "g", [graded.student("=1", "\x1b[2JEvil\u202e", [graded.step("03_users", 1, 2)])]
    )
    done = graded.export("moodle", folder, "--out", tmp_path / "m.csv")
    assert (
        "[2JEvil (=1)" in graded.words(done.output)
        and "\x1b" not in done.output
        and "\u202e" not in done.output
    )


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(st.text(',;"\r\n a=é', max_size=4), min_size=2, max_size=4), min_size=1, max_size=4),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_a_sheet_that_nothing_is_put_into_stays_as_it_is(rows, delimiter, line, quote_all):
    """Any CSV is read as the csv module reads it, comes back byte for byte, and takes a new cell."""
    content = graded.sheet(rows, delimiter, line, quote_all=quote_all)
    one = Sheet(content.decode(), delimiter)
    rows = [row for row in csv.reader(io.StringIO(content.decode(), newline=""), delimiter=delimiter) if row]
    assert one.filled() == content and one.rows == rows
    one.put(0, len(rows[0]) - 1, 'new "text", ; with\nall')
    again = Sheet(one.filled().decode(), delimiter)
    assert again.rows == [[*rows[0][:-1], 'new "text", ; with\nall'], *rows[1:]]


@pytest.mark.parametrize("format", ["moodle", "gradescope", "csv"])
def test_a_name_of_bytes_that_are_no_text_is_exported(tmp_path, format):
    """A name that no file can hold as text stops no export; its bytes stand there as escapes."""
    student = graded.student("k\udce9", "K\udce9", [graded.step("03_users", 1, 2)])
    done = graded.export(format, graded.lay_out(tmp_path / "g", [student]), "--out", tmp_path / "out")
    assert done.exit_code == 0, done.exception
    assert (tmp_path / "out").read_bytes().decode("utf-8")


@pytest.mark.parametrize(
    ("format", "option"),
    [
        ("gradescope", ["--template", "t.csv"]),
        ("csv", ["--template", "t.csv"]),
        ("moodle", ["--delimiter", "tab"]),
        ("moodle", ["--template", "t.csv", "--bom"]),
        ("gradescope", ["--bom"]),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(two, tmp_path, format, option):
    """An option that a format has no use for is a sentence, not silence."""
    done = graded.export(format, two, "--out", tmp_path / "o", *option)
    assert isinstance(done.exception, WorkbookError) and "leave it out here" in str(done.exception)
    assert not (tmp_path / "o").exists()
