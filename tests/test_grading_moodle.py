"""Moodle's worksheet and import file: the right grade for the right student, in any language."""

import pytest

from tests import graded, importers
from workbook.grading import marks, moodle

ENGLISH = {
    "identifier": "Identifier",
    "participant": "Participant ",
    "grade": "Grade",
    "modified": "Last modified (grade)",
    "feedback": "Feedback comments",
}
GERMAN = {
    "identifier": "ID",
    "participant": "Teilnehmer/in",
    "grade": "Bewertung",
    "modified": "Zuletzt geändert (Bewertung)",
    "feedback": "Feedback als Kommentar",
}


@pytest.fixture
def two(tmp_path):
    """A graded class of two."""
    return graded.class_of_two(tmp_path / "grades")


def worksheet(students, english=True, delimiter=",", extra=(), blind=False) -> bytes:
    """Moodle's grading worksheet of (participant, name, email, grade, comment)."""
    names = ENGLISH if english else GERMAN
    who = (
        []
        if blind
        else ["Full name", "Email address"]
        if english
        else ["Vollständiger Name", "E-Mail-Adresse"]
    )
    rest = ["Status", names["grade"], "Maximum Grade", "Grade can be changed", "Last modified (submission)"]
    if not english:
        rest = [
            "Status",
            names["grade"],
            "Bestwertung",
            "Bewertung kann geändert werden",
            "Zuletzt geändert (Abgabe)",
        ]
    rows = [[names["identifier"], *who, *extra, *rest, names["modified"], names["feedback"]]]
    for number, name, email, *ids, grade, comment in students:
        first = f"Participant {number}" if english else f"Teilnehmer/in{number}"
        state = [
            "Submitted",
            grade,
            "100.00" if english else "100,00",
            "Yes" if english else "Ja",
            "-",
            "-",
            comment,
        ]
        rows.append([first, *([] if blind else [name, email]), *ids, *state])
    return graded.sheet(rows, delimiter, bom=True)


def test_moodle_fills_grades_scaled_to_the_maximum(two, tmp_path):
    """The sum of all steps becomes a grade out of the assignment's maximum, with a comment."""
    content = worksheet(
        [("7", "Jane Doe", "Jane@school.edu", "", ""), ("8", "Ben Ek", "ben@school.edu", "5.00", "")]
    )
    (tmp_path / "Grades-FLASK-1.csv").write_bytes(content)
    done = graded.export(
        "moodle", two, "--template", tmp_path / "Grades-FLASK-1.csv", "--out", tmp_path / "out.csv"
    )
    assert "those of all steps together, scaled to 'Maximum Grade'" in graded.words(done.output)
    course = importers.MoodleAssignment({"7": "jane", "8": "ben"}, 100, ENGLISH, {"ben": 5.0})
    read = course.read((tmp_path / "out.csv").read_bytes())
    assert {name: grade for name, (grade, _comment) in read.items()} == {"jane": 76.53, "ben": 6.12}
    assert read["ben"][1].startswith("03_users: 0 of 19. your program ended itself<br>08_models: 3 of 30.")


def test_moodle_takes_the_step_that_the_files_name_says(two, tmp_path):
    """A worksheet called after a step gets that step's grades."""
    (tmp_path / "Grades-FLASK-03 users-42.csv").write_bytes(worksheet([("7", "Jane Doe", "", "", "")]))
    filled, said = moodle.export(tmp_path / "Grades-FLASK-03 users-42.csv", marks.read(two), bom=False)
    read = importers.MoodleAssignment({"7": "jane"}, 100, ENGLISH).read(filled)
    assert read["jane"][0] == pytest.approx(89.47) and said[0].startswith("The grades are those of 03_users")


def test_moodle_is_understood_in_another_language(two, tmp_path):
    """Columns with German names, decimal commas and semicolons are found by what stands in them."""
    (tmp_path / "w.csv").write_bytes(worksheet([("7", "Jane Doe", "jane@school.edu", "", "")], False, ";"))
    filled, said = moodle.export(tmp_path / "w.csv", marks.read(two), bom=False)
    read = importers.MoodleAssignment({"7": "jane"}, 100, GERMAN).read(filled, ";")
    assert read["jane"][0] == 76.53 and read["jane"][1].startswith("03_users: 17 of 19.")
    assert b";76,53;" in filled and "'Bewertung'" in said[0] and "'Feedback als Kommentar'" in said[0]


def test_moodle_finds_students_by_id_number_and_in_a_blind_worksheet(two, tmp_path):
    """An ID number tells who it is, and in a blind worksheet the participant number of the roster."""
    (tmp_path / "w.csv").write_bytes(
        worksheet([("7", "J. D.", "x@y.z", "s001", "", "")], extra=["ID number"])
    )
    filled, _said = moodle.export(tmp_path / "w.csv", marks.read(two), bom=False)
    assert importers.MoodleAssignment({"7": "jane"}, 100, ENGLISH).read(filled)["jane"][0] == 76.53
    blind = [graded.student("7", "Participant 7", [graded.step("03_users", 19, 19)])]
    (tmp_path / "w.csv").write_bytes(worksheet([("7", "", "", "", "")], blind=True))
    filled, _said = moodle.export(
        tmp_path / "w.csv", marks.read(graded.lay_out(tmp_path / "b", blind)), bom=False
    )
    assert importers.MoodleAssignment({"7": "jane"}, 100, ENGLISH).read(filled)["jane"][0] == 100


def test_moodle_keeps_a_comment_that_somebody_wrote(two, tmp_path):
    """A teacher's comment stays; ours of an earlier export is renewed."""
    students = [
        ("7", "Jane Doe", "", "", "<p>Well done</p>"),
        ("8", "Ben Ek", "", "", "<p>03_users: 1 of 19.</p>"),
    ]
    (tmp_path / "w.csv").write_bytes(worksheet(students))
    filled, said = moodle.export(tmp_path / "w.csv", marks.read(two), bom=False)
    read = importers.MoodleAssignment({"7": "jane", "8": "ben"}, 100, ENGLISH).read(filled)
    assert read["jane"][1] == "<p>Well done</p>" and read["ben"][1].startswith("03_users: 0 of 19.")
    assert "Comments that somebody wrote in Moodle, left as they are: 1." in said


def test_moodle_leaves_a_locked_grade_alone(two, tmp_path):
    """A grade that Moodle says cannot be changed stays, and that is said."""
    content = worksheet([("7", "Jane Doe", "", "", ""), ("8", "Ben Ek", "", "5.00", "")])
    (tmp_path / "w.csv").write_bytes(content.replace(b"5.00,100.00,Yes", b"5.00,100.00,No"))
    filled, said = moodle.export(tmp_path / "w.csv", marks.read(two), bom=False)
    assert b"5.00,100.00,No,-,-,\r\n" in filled and "Locked in Moodle and left as they are: 1." in said


def test_a_comment_shows_a_students_text_as_text(tmp_path):
    """Moodle takes comments for HTML: no tag, quote or backslash of a program gets into one."""
    reason = '<script>alert("x")</script> C:\\"app.py" \\'
    folder = graded.lay_out(
        tmp_path / "g", [graded.student("1", "Jane", [graded.step("03_users", 0, 19, "crashed", reason, [])])]
    )
    content, _said = moodle.export(None, marks.read(folder), bom=False)
    cells = importers.moodle_gradebook(content, "ID number", {"1": "jane"})["jane"]
    assert not set('"\\') & set(cells["Feedback"]) and "<script" not in cells["Feedback"]
    assert "&lt;script&gt;" in cells["Feedback"]


def test_moodles_import_file_has_a_column_a_step(two, tmp_path):
    """Without a worksheet: identifiers, a column a step, feedback, as Moodle's gradebook import reads it."""
    done = graded.export("moodle", two, "--out", tmp_path / "m.csv", "--bom")
    assert done.exit_code == 0
    content = (tmp_path / "m.csv").read_bytes()
    read = importers.moodle_gradebook(
        content, "Email address", {"jane@school.edu": "j", "ben@school.edu": "b"}
    )
    assert {name: (cells["03_users"], cells["08_models"]) for name, cells in read.items()} == {
        "j": ("17", "20.5"),
        "b": ("0", "3"),
    }
    assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\r\n") == content.count(b"\n") == 3


def test_moodle_is_understood_with_a_marking_workflow_and_numbers_as_usernames(two, tmp_path):
    """A column with the workflow's state, and numbers before the grade, do not mislead."""
    rows = [
        [
            "ID",
            "Name",
            "E-Mail",
            "Matrikel",
            "Raum",
            "Status",
            "Bewertung",
            "Bestwertung",
            "Stand",
            "Änderbar",
        ],
        [
            "Teilnehmer/in7",
            "Jane Doe",
            "jane@school.edu",
            "12",
            "12",
            "Abgegeben",
            "",
            "50,00",
            "Nicht bewertet",
            "Ja",
        ],
        ["Teilnehmer/in8", "Ben Ek", "ben@school.edu", "13", "12", "Keine", "", "50,00", "Freigegeben", "Ja"],
    ]
    ends = [
        ["Zuletzt geändert (Bewertung)", "Feedback als Kommentar"],
        ["-", ""],
        ["-", "03_users: 1 of 19."],
    ]
    content = graded.sheet([row + end for row, end in zip(rows, ends, strict=True)])
    (tmp_path / "w.csv").write_bytes(content)
    filled, _said = moodle.export(tmp_path / "w.csv", marks.read(two), bom=False)
    read = importers.MoodleAssignment({"7": "jane", "8": "ben"}, 50, GERMAN).read(filled)
    assert [grade for grade, _comment in read.values()] == [38.27, 3.06]
    assert [comment[:16] for _grade, comment in read.values()] == ["03_users: 17 of ", "03_users: 0 of 1"]


def test_somebody_elses_participant_number_is_no_student_number(tmp_path):
    """A student number that is by chance another student's participant number gives that one no grade."""
    folder = graded.lay_out(
        tmp_path / "g", [graded.student("7", "Jane Doe", [graded.step("03_users", 19, 19)])]
    )
    (tmp_path / "w.csv").write_bytes(worksheet([("7", "Ben Ek", "", "", ""), ("8", "Jane Doe", "", "", "")]))
    filled, _said = moodle.export(tmp_path / "w.csv", marks.read(folder), bom=False)
    read = importers.MoodleAssignment({"7": "ben", "8": "jane"}, 100, ENGLISH).read(filled)
    assert {name: grade for name, (grade, _comment) in read.items()} == {"ben": None, "jane": 100}
