"""Over many classes, Moodle's own importers read what we graded, for the right student."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import graded, importers
from tests.test_grading_moodle import ENGLISH, GERMAN, worksheet
from workbook.grading import marks, moodle
from workbook.grading.pairing import label


@st.composite
def classes(draw):
    """A class with nasty names, how the instructor knows it, and how Moodle writes its worksheet."""
    count = draw(st.integers(1, 6))
    numbers = st.lists(st.integers(1, 30), min_size=count, max_size=count, unique=True)
    people = []
    for number, own in zip(draw(numbers), draw(numbers), strict=True):
        name = draw(st.sampled_from(graded.NAMES))
        points = draw(st.sampled_from([0, 1, 7.5, 12.25, 19, None]))
        people.append((str(number), f"00{own}", name, points))
    known_by = draw(st.sampled_from(["id number", "email", "nothing"]))
    return (
        people,
        known_by,
        draw(st.booleans()),
        draw(st.sampled_from([",", ";", "\t"])),
        draw(st.integers(0, 2)),
    )


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(classes())
def test_moodle_reads_what_we_graded_for_the_right_student(tmp_path_factory, one):
    """Over a thousand worksheets in two languages, Moodle reads our grade or none, never another's."""
    people, known_by, english, delimiter, missing = one
    missing = missing if missing < len(people) else 0
    students = []
    for place, (_number, own, name, points) in enumerate(people):
        step = graded.step("03_users", points, 19, *(("grader-error", "broke", []) if points is None else ()))
        id = own if known_by == "id number" else f"own {place}"
        email = f"{own}@School.edu" if known_by == "email" else ""
        students.append(graded.student(id, name, [step], email))
    rows = [
        (number, name, f"{own}@school.edu", own, "", "") for number, own, name, _points in people[missing:]
    ]
    template = tmp_path_factory.getbasetemp() / "worksheet.csv"
    template.write_bytes(worksheet(rows, english, delimiter, ["ID number"]))
    found = [marks.mark_of(student, template) for student in students]
    filled, said = moodle.export(template, found, bom=False)
    told = " ".join(said)
    owners = {number: own for number, own, _name, _points in people}
    course = importers.MoodleAssignment(owners, 100, ENGLISH if english else GERMAN)
    read = course.read(filled, delimiter)
    for mark, (_number, own, _name, points) in zip(found, people, strict=True):
        grade, _comment = read.pop(own, (None, ""))
        if grade is None:
            assert points is None or label(mark) in told
        else:
            assert grade == pytest.approx(points / 19 * 100, abs=0.005)
    assert not read


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from(graded.NAMES), st.sampled_from(["0012", "s-1", "=1", "+2", "9"])),
        min_size=1,
        max_size=5,
        unique_by=lambda one: one[1],
    )
)
def test_moodle_imports_what_we_graded_for_the_right_student(people):
    """Moodle's gradebook import takes the whole file; who cannot be named in it safely is listed."""
    students = [
        graded.student(id, name, [graded.step("03_users", number, 19, comment=f"{name}\\")])
        for number, (name, id) in enumerate(people)
    ]
    content, said = moodle.export(None, [marks.mark_of(one, Path("1.json")) for one in students], bom=False)
    read = importers.moodle_gradebook(content, "ID number", {id: id for _name, id in people})
    for number, (_name, id) in enumerate(people):
        if id.startswith(("=", "+")):
            assert id not in read and any(f"({id})" in text for text in said)
        else:
            assert read[id]["03_users"] == str(number)
    cells = [cell for row in csv.reader(io.StringIO(content.decode(), newline="")) for cell in row]
    assert not any(re.match(r"[=+\-@\t\r]", cell) for cell in cells)
