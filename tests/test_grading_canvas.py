"""The Canvas gradebook: our scores in it, and every other byte as it was."""

import csv
import io

import pytest

from tests import graded
from workbook.course import WorkbookError
from workbook.grading import canvas, marks

CANVAS = (
    b"\xef\xbb\xbfStudent,ID,SIS User ID,SIS Login ID,Section,Notes,03_users (11),Essay (12),"
    b"\"Models, step 8 (13)\",Final Score\n"
    b",,,,,,Manual Posting,,,\n"
    b"    Points Possible,,,,,,19.00,10.00,25.00,(read only)\n"
    b"\"Doe, Jane\",501,s001,jdoe,\"A \"\"1\"\"\",x,,7.00,,50.0\n"
    b"\"Ek, Ben\",502,s002,bek,B,,\"3.00\",  ,EX,\"12\"\n"
    b"\"Student, Test\",503,,t0,B,,,,,\n"
)  # fmt: skip


@pytest.fixture
def two(tmp_path):
    """A graded class of two."""
    return graded.class_of_two(tmp_path / "grades")


def test_canvas_fills_the_scores_and_leaves_every_other_byte(two, tmp_path):
    """The instructor's own gradebook comes back with our scores in it and not a byte changed beside them."""
    (tmp_path / "canvas.csv").write_bytes(CANVAS)
    done = graded.export("canvas", two, "--template", tmp_path / "canvas.csv", "--out", tmp_path / "out.csv")
    assert done.exit_code == 0, done.output
    changed = CANVAS.replace(b"x,,7.00,,50.0", b"x,17,7.00,20.5,50.0").replace(b'B,,"3.00",', b'B,,"0",')
    assert (tmp_path / "out.csv").read_bytes() == changed
    assert (tmp_path / "canvas.csv").read_bytes() == CANVAS


def test_canvas_says_what_it_did_and_did_not(two, tmp_path):
    """Mapped columns, other points possible, cells and rows left alone: each is said."""
    (tmp_path / "canvas.csv").write_bytes(CANVAS)
    said = graded.words(
        graded.export("canvas", two, "--template", tmp_path / "canvas.csv", "--out", tmp_path / "o").output
    )
    assert "03_users goes into '03_users'." in said
    assert "Canvas has 25 points possible there, ours are 30" in said
    assert "Scores set: 3; the same already: 0; left as they are: 1 (excused, " in said
    assert "1 in the file and not in your gradebook, so unchanged: Student, Test." in said


def test_canvas_without_a_template_says_why_it_needs_one(two, tmp_path):
    """No file is made from nothing, since Canvas would make each assignment anew."""
    done = graded.export("canvas", two, "--out", tmp_path / "o")
    assert isinstance(done.exception, WorkbookError) and "would make every assignment anew" in str(
        done.exception
    )
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("title", "maximum", "meant"),
    [
        ("03_users", "", "03_users"),
        ("Homework 03 Users", "", "03_users"),
        ("Step 3: sign up", "", "03_users"),
        ("step 08", "", "08_models"),
        ("Users", "19", "03_users"),
        ("Users survey", "5", None),
        ("3. Reading quiz", "19", None),
        ("Step 3, Step 8", "", None),
        ("Lab step3", "", "03_users"),
        ("Workbook total", "", "total"),
        ("Essay", "19", None),
    ],
)
def test_a_title_means_a_step_only_where_it_is_sure(two, tmp_path, title, maximum, meant):
    """Slug or "Step 3" is enough, a name needs the same points, a title for two steps means none."""
    rows = [
        [
            "Student",
            "ID",
            "SIS Login ID",
            "Section",
            f"{title} (7)",
            "08_models (8)" if meant != "08_models" else "x",
        ],
        ["    Points Possible", "", "", "", maximum, "30"],
        ["Doe, Jane", "1", "jdoe", "A", "", ""],
    ]
    (tmp_path / "c.csv").write_bytes(graded.sheet(rows))
    try:
        content, _said = canvas.fill(tmp_path / "c.csv", marks.read(two))
        cell = list(csv.reader(io.StringIO(content.decode())))[2][4]
    except WorkbookError:
        cell = ""
    assert cell == {"03_users": "17", "08_models": "20.5", "total": "37.5", None: ""}[meant]


def test_canvas_keeps_decimal_commas_and_semicolons(two, tmp_path):
    """A gradebook with semicolons and decimal commas stays one."""
    rows = [
        ["Student", "ID", "SIS Login ID", "Section", "08_models (8)", "03_users (9)"],
        ["    Points Possible", "", "", "", "30,00", "19,00"],
        ["Doe, Jane", "1", "jdoe", "A", "", "1,50"],
    ]
    (tmp_path / "c.csv").write_bytes(graded.sheet(rows, ";"))
    content, _said = canvas.fill(tmp_path / "c.csv", marks.read(two))
    assert content.decode().splitlines()[2] == "Doe, Jane;1;jdoe;A;20,5;17"


def test_canvas_leaves_a_read_only_assignment_alone(two, tmp_path):
    """Where Points Possible holds words instead of a number, in any language, nothing is written."""
    rows = [
        ["Student", "ID", "SIS Login ID", "Section", "08_models (8)", "03_users (9)"],
        ["    Points Possible", "", "", "", "(nur lesen)", "19"],
        ["Doe, Jane", "1", "jdoe", "A", "", ""],
    ]
    (tmp_path / "c.csv").write_bytes(graded.sheet(rows))
    content, said = canvas.fill(tmp_path / "c.csv", marks.read(two))
    assert content.decode().splitlines()[2] == '"Doe, Jane",1,jdoe,A,,17'
    assert "08_models has no assignment in the file, so it is left out." in said


def test_a_grader_error_leaves_the_cell_as_it_is(tmp_path):
    """What was not graded is never a 0 anywhere."""
    steps = [graded.step("03_users", None, 19, "grader-error", "the check itself broke", [])]
    folder = graded.lay_out(tmp_path / "grades", [graded.student("1", "Jane Doe", steps)])
    (tmp_path / "c.csv").write_bytes(
        b"Student,ID,SIS Login ID,Section,03_users (9)\nJane Doe,1,j,A,4\nBen Ek,2,b,A,\n"
    )
    content, said = canvas.fill(tmp_path / "c.csv", marks.read(folder))
    assert content == (tmp_path / "c.csv").read_bytes()
    assert "left as they are: 1 (" in said[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Name,Grade\nx,1\n", "no gradebook that Canvas exported"),
        ("Student,ID,Section,Übung (1)\n".encode("latin-1"), "not UTF-8"),
        (
            b'Student,ID,SIS Login ID,Section,03_users (1)\n"open,1,x,A,\n',
            "no gradebook that Canvas exported",
        ),
        (b"Student,ID,SIS Login ID,Section,Essay (1)\nJane,1,x,A,\n", "Write the step into the title"),
    ],
)
def test_a_template_that_cannot_be_filled_is_a_sentence(two, tmp_path, content, words):
    """A wrong template is refused with the mend, and nothing is written."""
    (tmp_path / "c.csv").write_bytes(content)
    with pytest.raises(WorkbookError, match=words):
        canvas.fill(tmp_path / "c.csv", marks.read(two))


def test_two_namesakes_are_left_alone_and_listed(tmp_path):
    """Where only the name could tell two students apart, neither gets the other's score."""
    steps = [graded.step("03_users", 17, 19)]
    twins = [graded.student(id, "Kim Lee", steps) for id in ("a", "b")]
    folder = graded.lay_out(tmp_path / "grades", twins)
    rows = [
        ["Student", "ID", "SIS Login ID", "Section", "03_users (9)"],
        ["Lee, Kim", "1", "k1", "A", ""],
        ["Lee, Kim", "2", "k2", "A", ""],
    ]
    (tmp_path / "c.csv").write_bytes(graded.sheet(rows))
    content, said = canvas.fill(tmp_path / "c.csv", marks.read(folder))
    assert content == (tmp_path / "c.csv").read_bytes()
    assert any("2 left alone" in text and "Kim Lee (a); Kim Lee (b)" in text for text in said)


def test_somebody_elses_canvas_id_is_no_student_number(tmp_path):
    """A student number that is by chance another student's Canvas ID gives that one no score."""
    folder = graded.lay_out(
        tmp_path / "grades", [graded.student("42", "Jane Doe", [graded.step("03_users", 17, 19)])]
    )
    rows = [
        ["Student", "ID", "SIS Login ID", "Section", "03_users (9)"],
        ["Ek, Ben", "42", "bek", "A", ""],
        ["Doe, Jane", "43", "jdoe", "A", ""],
    ]
    (tmp_path / "c.csv").write_bytes(graded.sheet(rows))
    content, _said = canvas.fill(tmp_path / "c.csv", marks.read(folder))
    assert content.decode().splitlines()[1:] == ['"Ek, Ben",42,bek,A,', '"Doe, Jane",43,jdoe,A,17']


def test_a_row_that_two_students_claim_gets_nobodys_score(tmp_path):
    """Where the SIS ID names one student and the login another, the row stays as it is and both are listed."""
    steps = [graded.step("03_users", 17, 19)]
    people = [graded.student("s1", "Jane Doe", steps), graded.student("s2", "Ann Doe", steps, login="jdoe")]
    folder = graded.lay_out(tmp_path / "grades", people)
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "03_users (9)"],
        ["Doe, Jane", "1", "s1", "jdoe", "A", ""],
    ]
    (tmp_path / "c.csv").write_bytes(graded.sheet(rows))
    content, said = canvas.fill(tmp_path / "c.csv", marks.read(folder))
    assert content == (tmp_path / "c.csv").read_bytes()
    assert any("2 left alone" in text and "Jane Doe (s1); Ann Doe (s2)" in text for text in said)


def test_a_namesake_takes_no_score_away(tmp_path):
    """The student whose id is in the file gets the score, also where somebody else has the same name."""
    people = [graded.student(id, "Kim Lee", [graded.step("03_users", 17, 19)]) for id in ("s1", "s2")]
    folder = graded.lay_out(tmp_path / "grades", people)
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "03_users (9)"],
        ["Lee, Kim", "1", "s1", "klee", "A", ""],
    ]
    (tmp_path / "c.csv").write_bytes(graded.sheet(rows))
    content, said = canvas.fill(tmp_path / "c.csv", marks.read(folder))
    assert content.decode().splitlines()[1] == '"Lee, Kim",1,s1,klee,A,17'
    assert any("1 left alone" in text and "Kim Lee (s2)" in text for text in said)


def test_identifiers_of_two_rows_give_neither_a_score(tmp_path):
    """An id that is one student's SIS ID and a namesake's Canvas ID is left alone and listed."""
    people = [graded.student("42", "Jane Doe", [graded.step("03_users", 17, 19)])]
    folder = graded.lay_out(tmp_path / "grades", people)
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "03_users (9)"],
        ["Roe, Jane", "42", "7", "jroe", "A", ""],
        ["Doe, Jane", "43", "42", "jdoe", "A", ""],
    ]
    (tmp_path / "c.csv").write_bytes(graded.sheet(rows))
    content, said = canvas.fill(tmp_path / "c.csv", marks.read(folder))
    assert content == (tmp_path / "c.csv").read_bytes()
    assert any("1 left alone" in text and "Jane Doe (42)" in text for text in said)


def test_a_score_that_is_the_same_already_keeps_its_bytes(two, tmp_path):
    """A score that Canvas holds already, to two decimals, is not written anew."""
    (tmp_path / "c.csv").write_bytes(b"Student,ID,SIS Login ID,Section,03_users (9)\nJane,1,jdoe,A,17.00\n")
    content, said = canvas.fill(tmp_path / "c.csv", marks.read(two))
    assert content == (tmp_path / "c.csv").read_bytes() and said[0] == "Scores set: 0; the same already: 1."


def test_everybody_who_is_not_in_the_file_is_named(tmp_path):
    """However many students have no row, each is named, so that none is forgotten."""
    people = [graded.student(f"s{n}", f"Name {n}", [graded.step("03_users", 1, 19)]) for n in range(40)]
    folder = graded.lay_out(tmp_path / "grades", people)
    (tmp_path / "c.csv").write_bytes(b"Student,ID,SIS Login ID,Section,03_users (9)\nJane,1,jdoe,A,\n")
    _content, said = canvas.fill(tmp_path / "c.csv", marks.read(folder))
    (sentence,) = [text for text in said if "enter them by hand" in text]
    assert all(f"Name {n} (s{n})" in sentence for n in range(40))
