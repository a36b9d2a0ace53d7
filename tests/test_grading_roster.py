"""The roster decides the rows, and whose a hand-in is; nothing is guessed."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.course import WorkbookError
from workbook.grading import intake, roster
from workbook.grading.model import Entry, Student

CLASS = [
    Student("s1", "Jane Doe", "jane.doe@uni.example", "jdoe"),
    Student("s2", "Åsa D'Arc-Müller", "asa@uni.example", "asa"),
    Student("s3", "van der Berg, Anna", "anna@uni.example", "aberg"),
    Student("1234", "Jo Roe", "jo@uni.example", "jo"),
    Student("李", "李 雷"),
]


def entry(student, attempt=0, seconds=0.0, label=""):
    """An entry whose name tells this of the student."""
    label = label or student.replace("\n", "_")
    return Entry(label, Path("class") / label, "", student, (attempt, seconds))


def owner(student, rows=CLASS):
    """The id of the row that an entry with this name comes to, or the sentences on it."""
    students, unknown = roster.match(rows, [entry(student)])
    found = [row.id for row in students if row.entry]
    assert len(found) + len(unknown) == 1
    return found[0] if found else unknown[0]


def written(tmp_path, content):
    """A roster with this content, read."""
    path = tmp_path / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return roster.read(path)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["", "BOM"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_roster_is_read(tmp_path, separator, start, newline):
    """Comma, semicolon or tab, with and without BOM, columns in any case and order, blank lines, further columns."""
    rows = [
        ["Section", "NAME", "Id", "E-Mail", "email"],
        ["A", "Ana", "007", "x", "ana@x"],
        [],
        ["B", " Bo ", "b"],
        ["", ""],
    ]
    text = start + newline.join(separator.join(row) for row in rows)
    assert written(tmp_path, text) == [
        Student("007", "Ana", "ana@x", "", (("Section", "A"), ("E-Mail", "x"))),
        Student("b", "Bo", "", "", (("Section", "B"), ("E-Mail", ""))),
    ]


def test_names_may_hold_anything_that_csv_can_quote(tmp_path):
    """Commas, quotes, newlines, formulas, emoji and RTL come through as they are."""
    rows = written(tmp_path, 'id,name\n1,"Doe, ""Jo"""\n2,"two\nlines"\n3,=cmd\n4,👩‍🚀 \u05d0\n')
    assert [row.name for row in rows] == ['Doe, "Jo"', "two\nlines", "=cmd", "👩‍🚀 \u05d0"]


def test_a_student_without_a_name_is_called_by_the_id(tmp_path):
    """An empty cell, and a roster with the one column id, still give a row each."""
    assert [row.name for row in written(tmp_path, "id,name\nana,\n")] == ["ana"]
    assert [row.name for row in written(tmp_path, "id\nana\nbo\n")] == ["ana", "bo"]


def test_a_roster_without_students_has_no_rows(tmp_path):
    """A header alone is an empty class, not an error."""
    assert written(tmp_path, "id,name\n") == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["is empty", "columns id,name"]),
        ("\ufeff\n \n,,\n", ["is empty"]),
        ("name,email\nAna,a@x\n", ["no column id", "line 1", "name, email"]),
        ("id,name\n1,Ana\n\n1,Bo\n", ["Lines 2 and 4", "same id 1"]),
        ('id,name\n1,"a\nb"\n2,c\n1,d\n', ["Lines 2 and 5", "same id 1"]),
        ("id,name\n,Ana\n", ["Line 2", "no id"]),
        ("id,name\n1,Doe, Jane\n", ["Line 2", "3 cells", "quotes"]),
        ("id,name,ID\n1,Ana,2\n", ["column id twice"]),
        (b"id,name\n1,Ana\n2,caf\xe9\n", ["Line 3", "not UTF-8"]),
        ("id,name\n1,Ana\n".encode("utf-16"), ["Line 1", "not UTF-8"]),
        ("id,name\n1," + "x" * 200_000, ["Line 2", "no CSV"]),
    ],
)
def test_a_faulty_roster_is_one_sentence_that_names_the_line(tmp_path, content, words):
    """What is wrong, in which line, and the mend."""
    with pytest.raises(WorkbookError) as caught:
        written(tmp_path, content)
    assert all(word in str(caught.value) for word in words), caught.value
    assert "roster.csv" in str(caught.value) and str(caught.value).endswith(".")


def test_a_roster_that_is_not_there_is_one_sentence(tmp_path):
    """A missing file, and a folder, are told by name."""
    for path in (tmp_path / "no.csv", tmp_path):
        with pytest.raises(WorkbookError, match="cannot be read"):
            roster.read(path)


@given(
    st.binary(max_size=80)
    | st.text(max_size=80).map(lambda text: f"id,name\n{text}".encode("utf-8", "replace"))
)
@settings(deadline=None, max_examples=300)
def test_any_bytes_give_rows_with_different_ids_or_a_sentence(tmp_path_factory, content):
    """Reading a roster raises nothing but WorkbookError, and no id stands twice in what it gives."""
    try:
        rows = written(tmp_path_factory.getbasetemp(), content)
    except WorkbookError as error:
        assert str(error).endswith(".")
    else:
        assert len({row.id for row in rows}) == len(rows) and all(row.id for row in rows)


@pytest.mark.parametrize(
    ("student", "id"),
    [
        ("s1", "s1"), ("S1", "s1"), ("jdoe", "s1"), ("JDOE", "s1"), ("jane.doe@uni.example", "s1"),
        ("Jane.Doe@UNI.example", "s1"), ("jane.doe", "s1"), ("anna", "s3"),
        ("Jane Doe", "s1"), ("doe_jane", "s1"), ("Doe, Jane", "s1"), ("JaneDoe", "s1"),
        ("asa darc muller", "s2"), ("DArc-Müller Åsa", "s2"), ("Anna van der Berg", "s3"), ("李雷", "李"),
        ("s1-2", "s1"), ("jdoe (3)", "s1"), ("hw1-jdoe", "s1"), ("hw1_flask_s2", "s2"),
        ("doejane\n#5", "s1"), ("vanderberganna\n#77", "s3"), ("darcmüllerasa\n#9", "s2"), ("roejo\n#1234", "1234"),
        ("roe\n#1234", "1234"), ("Jane Doe\n#1234", "s1"), ("Åsa D'Arc-Müller\n#3", "s2"),
        ("J. Doe\ns1\nother@x", "s1"), ("Jane D\njane.doe@uni.example", "s1"), ("Jane Doe\n000", "s1"),
    ],
)  # fmt: skip
def test_a_hand_in_finds_its_row(student, id):
    """By id, login, email or its first part, or the name in either order without accents, case and punctuation."""
    assert owner(student) == id


@pytest.mark.parametrize(
    "student", ["zed", "hw1-zed", "Zed Zed\n#1", "zedzed\n#1234", "", "s", "\n#", "Zed\n99\nz@x"]
)
def test_a_hand_in_of_nobody_is_listed(student):
    """An unknown name goes to no row, also where the platform's number is by chance another student's id."""
    assert "nobody on the roster" in owner(student)


@pytest.mark.parametrize(
    ("student", "ids"),
    [("Ana Lee", "(a), Ana Lee (b)"), ("anna", "(a), Ana Lee (b)"), ("Bo Oh\na", "(a), Bo Oh (c)")],
)
def test_what_could_be_of_several_is_not_guessed(student, ids):
    """Two students of one name, or one first part of an email, or a key and a name that disagree: both listed."""
    rows = [Student("a", "Ana Lee", "anna@x"), Student("b", "Ana Lee", "anna@y"), Student("c", "Bo Oh")]
    sentence = owner(student, rows)
    assert "could be of" in sentence and ids in sentence and sentence.endswith("one of these ids.")


def test_a_platforms_number_decides_between_students_of_one_name():
    """Canvas's number, where it is the id on the roster, tells two Ana Lees apart."""
    assert owner("leeana\n#8", [Student("7", "Ana Lee"), Student("8", "Ana Lee")]) == "8"


def test_an_id_goes_before_a_login_and_a_login_before_an_email():
    """A name that is one student's id and another's login is the first one's."""
    rows = [Student("x", "A", "", "y"), Student("y", "B", "", "z"), Student("z1", "C", "z@uni.example")]
    assert (owner("y", rows), owner("z", rows)) == ("y", "y")


def test_a_blind_participant_is_found_by_moodles_identifier():
    """With blind marking a folder is Participant_12, which the worksheet calls Participant 12."""
    assert (
        owner("Participant\n#12", [Student("Participant 12", "?"), Student("12", "Zed")]) == "Participant 12"
    )


def test_the_assignments_name_is_found_by_what_most_have_before_their_login():
    """hw-lee-ann is nobody's where hw- is what stands before the others' logins, though ann is on the roster."""
    rows = [Student("1", "A", "", "ann"), Student("2", "B", "", "bob"), Student("3", "C", "", "cid")]
    students, unknown = roster.match(rows, [entry("hw-bob"), entry("hw-cid"), entry("hw-lee-ann")])
    assert [bool(row.entry) for row in students] == [False, True, True]
    assert unknown == [
        "hw-lee-ann is of nobody on the roster. Add the student, or name it for somebody's id."
    ]


def test_the_longer_name_of_an_assignment_wins_where_more_begin_with_it():
    """hw-ann is nobody's where hw-1- stands before most logins."""
    rows = [Student("1", "A", "", "ann"), Student("2", "B", "", "bob"), Student("3", "C", "", "cid")]
    students, unknown = roster.match(rows, [entry("hw-1-bob"), entry("hw-1-cid"), entry("hw-ann")])
    assert [bool(row.entry) for row in students] == [False, True, True] and len(unknown) == 1


def test_every_row_stays_and_keeps_its_order():
    """Who handed in nothing has a row without an entry."""
    students, unknown = roster.match(CLASS, [entry("jo")])
    assert [row.id for row in students] == [row.id for row in CLASS] and unknown == []
    assert [row.entry is not None for row in students] == [False, False, False, True, False]


@pytest.mark.parametrize("rows", [None, CLASS], ids=["no roster", "roster"])
@pytest.mark.parametrize(
    ("older", "newer"),
    [((1, 9.0), (2, 0.0)), ((0, 5.0), (0, 6.0)), ((0, 5.0), (0, 5.0))],
    ids=["attempt", "time", "label"],
)
def test_of_several_hand_ins_the_newest_counts(rows, older, newer):
    """The attempt in the name, then the newest file, then the label, in whatever order they are listed."""
    both = [entry("jdoe", *older, label="a.zip"), entry("jdoe", *newer, label="b.zip")]
    for listed in (both, both[::-1]):
        students, _unknown = roster.match(rows, listed)
        (row,) = [row for row in students if row.entry]
        assert row.entry is both[1]
        assert row.notes == ("An older hand-in was left out: a.zip. b.zip counts.",)


@pytest.mark.parametrize(
    ("student", "id", "name"),
    [
        ("ana", "ana", "ana"), ("Jane Doe", "Jane-Doe", "Jane Doe"), ("doejane\n#12", "doejane_12", "doejane"),
        ("Jane Doe\n#12", "Jane-Doe_12", "Jane Doe"), ("Jo Roe\n0200\njo@x", "0200", "Jo Roe"),
        ("../x", "x", "../x"), ("=cmd", "cmd", "=cmd"), ("👩‍🚀", "student", "👩‍🚀"), ("李雷", "李雷", "李雷"),
    ],
)  # fmt: skip
def test_without_a_roster_each_entry_is_a_row(student, id, name):
    """The id is a safe form of what the platform knows the student by; the name is as found."""
    ((row,), unknown) = roster.match(None, [entry(student)])
    assert (row.id, row.name, unknown) == (id, name, [])


def test_without_a_roster_the_email_of_the_platform_is_kept():
    """Gradescope tells it, and exports need it."""
    ((row,), _unknown) = roster.match(None, [entry("Jo Roe\n0200\njo@x")])
    assert row.email == "jo@x"


@given(st.lists(st.text(min_size=1, max_size=6), max_size=12), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_any_entries_have_a_row_each_with_ids_of_their_own(names, random):
    """Without a roster no two rows have one file name on any system, and no order of entries changes a row."""
    entries = [entry(name, label=str(at)) for at, name in enumerate(names)]
    rows, _unknown = roster.match(None, entries)
    assert len(rows) == len(set(names))
    files = intake.safe_names(row.id for row in rows)
    assert len({file.casefold() for file in files.values()}) == len(rows)
    assert roster.match(None, random.sample(entries, len(entries)))[0] == rows


@given(
    st.lists(
        st.sampled_from(["s1", "jdoe", "doejane\n#5", "Jane Doe", "hw-jo", "zed", "jo", "Roe Jo\n#1"]),
        max_size=9,
    )
)
@settings(deadline=None)
def test_no_hand_in_gets_lost(names):
    """Each entry is some row's, named in that row's note, or named in a sentence."""
    entries = [entry(name, label=f"<{at}>") for at, name in enumerate(names)]
    students, unknown = roster.match(CLASS, entries)
    told = " ".join([*unknown, *(note for row in students for note in row.notes)])
    counted = [row.entry.label for row in students if row.entry]
    assert all(one.label in counted or one.label in told for one in entries)


def test_a_class_on_disk_comes_to_its_rows(tmp_path):
    """Folders, archives and platform names of one class together, through the listing itself."""
    for name in ("s1", "Åsa D'Arc-Müller_5_assignsubmission_file_", "week1-aberg"):
        (tmp_path / name).mkdir()
    for name in ("roejo_1234_9_x-1.zip", "roejo_LATE_1234_12_x-2.zip", "nobody.zip"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0))
    students, unknown = roster.match(CLASS, intake.entries(tmp_path))
    assert [row.entry and row.entry.label for row in students] == [
        "s1", "Åsa D'Arc-Müller_5_assignsubmission_file_", "week1-aberg", "roejo_LATE_1234_12_x-2.zip", None,
    ]  # fmt: skip
    assert students[3].notes == (
        "An older hand-in was left out: roejo_1234_9_x-1.zip. roejo_LATE_1234_12_x-2.zip counts.",
    )
    assert len(unknown) == 1 and unknown[0].startswith("nobody.zip")
