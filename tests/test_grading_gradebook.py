"""From judged steps to gradebook.csv: points, weights, late hand-ins, overrides, cells that survive a spreadsheet."""

import csv
import io
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import gradings
from workbook import course
from workbook.course import WorkbookError
from workbook.grading import gradebook, points
from workbook.grading.model import STATUSES, Entry, Student
from workbook.grading.overrides import Override
from workbook.grading.points import Scoring
from workbook.grading.settings import Late, Settings

ANN = Student("ann", "Ann", entry=Entry("ann", Path("ann")))
DEADLINE = datetime(2030, 3, 1, 23, 59)
STEPS = course.steps()


def result(
    *steps: dict, student: Student = ANN, told: Settings | None = None, by_hand: tuple[Override, ...] = ()
) -> dict:
    """The result of a student with these judged steps."""
    scoring = Scoring(told or Settings(), {(one.id, one.slug): one for one in by_hand})
    return scoring.result(student, "sandbox", list(steps), ())


def cells(found: dict) -> dict[str, str]:
    """A student's row in the gradebook, by the names of its columns."""
    slugs = [step["step"] for step in found["steps"]]
    text = gradebook.written(slugs, [gradebook.row(found)], bom=False).decode()
    return next(csv.DictReader(io.StringIO(text, newline="")))


def submitted(time: str) -> Student:
    """A student whose row in the roster tells when the work was handed in."""
    return replace(ANN, further=(("Submitted", time),))


def test_a_row_has_points_total_possible_and_percent():
    """Points of passed checks, their sum, what was possible, and the percent rounded half up to two decimals."""
    row = cells(result(gradings.step_object("01_hello", 2, 3), gradings.step_object("02_echo", 3, 3)))
    assert row == {
        "id": "ann", "name": "Ann", "status": "graded", "01_hello": "2", "02_echo": "3", "total": "5",
        "possible": "6", "percent": "83.33", "notes": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("share", "shown"), [((1, 16), "6.25"), ((1, 3), "33.33"), ((2, 3), "66.67"), ((0, 3), "0")]
)
def test_percent_is_rounded_half_up(share, shown):
    """The percent has two decimals at most."""
    assert cells(result(gradings.step_object("01_hello", *share)))["percent"] == shown


def test_checks_count_what_they_are_marked_with():
    """A check of three points counts three."""
    step = gradings.step_object("01_hello", 1, 2, worth=4)
    step["checks"][0]["points"] = 3
    assert (cells(result(step))["total"], cells(result(step))["possible"]) == ("3", "4")


@pytest.mark.parametrize(
    "outcome", [status for status in STATUSES if status not in ("graded", "grader-error")]
)
def test_what_could_not_be_graded_is_zero_with_its_reason(outcome):
    """A step with another outcome than graded counts 0 of all its points, and the notes say why."""
    row = cells(
        result(gradings.step_object("01_hello", 0, 3, outcome), gradings.step_object("02_echo", 3, 3))
    )
    assert (row["01_hello"], row["total"], row["possible"]) == ("0", "3", "6")
    assert row["status"] == outcome and f"01_hello: {outcome}: Something happened." in row["notes"]


def test_trouble_of_the_grader_is_blank_and_never_zero():
    """A step that the grader itself could not judge has no points, and then there is no total and no percent."""
    row = cells(
        result(
            gradings.step_object("01_hello", 0, 0, "grader-error", worth=3), gradings.step_object("02_echo")
        )
    )
    assert (row["01_hello"], row["02_echo"], row["total"], row["percent"], row["possible"]) == (
        "",
        "2",
        "",
        "",
        "6",
    )


def test_the_first_status_of_the_list_stands_at_the_top():
    """With several outcomes, the one that comes first in the list of statuses is the student's."""
    steps = [
        gradings.step_object("01_hello", 0, 3, "timeout"),
        gradings.step_object("02_echo", 0, 3, "crashed"),
    ]
    assert result(*steps)["status"] == "crashed"


def test_a_skipped_check_leaves_the_possible_points_and_is_noted():
    """A check that this machine could not try costs nobody a point."""
    step = gradings.step_object("01_hello", 2, 3, worth=2)
    step["checks"][2]["status"] = "skipped"
    row = cells(result(step))
    assert (row["total"], row["possible"], row["percent"]) == ("2", "2", "100")
    assert "01_hello: 1 check could not be tried here" in row["notes"]


def test_what_holds_for_all_steps_is_noted_once():
    """A student who handed nothing in has one note, not one a step."""
    steps = [gradings.step_object(slug, 0, 3, "no-submission") for slug in ("01_hello", "02_echo")]
    assert result(*steps)["notes"] == ["all steps: no-submission: Something happened."]


def test_weights_multiply_points_and_possible_points():
    """A step of weight 1.5 counts one and a half, one of weight 0 nothing."""
    told = Settings(weights={"01_hello": Decimal("1.5"), "02_echo": Decimal(0)})
    row = cells(result(gradings.step_object("01_hello", 1, 3), gradings.step_object("02_echo"), told=told))
    assert (row["01_hello"], row["02_echo"], row["total"], row["possible"]) == ("1.5", "0", "1.5", "4.5")


@given(st.lists(st.tuples(st.integers(0, 9), st.decimals(0, 9, places=3)), min_size=1, max_size=9))
def test_the_columns_add_up_to_the_total(steps):
    """The total is the sum of the rounded cells, so that an instructor can add them up."""
    slugs = [step.slug for step in STEPS]
    told = Settings(weights={slug: weight for slug, (_, weight) in zip(slugs, steps, strict=False)})
    objects = [gradings.step_object(slug, passed, 9) for slug, (passed, _) in zip(slugs, steps, strict=False)]
    row = cells(result(*objects, told=told))
    assert sum(Decimal(row[step["step"]]) for step in objects) == Decimal(row["total"])


def test_an_import_error_can_be_left_for_the_instructor():
    """With the policy "blank" a program that cannot be imported has no points, with "zero" it has 0."""
    step = gradings.step_object("01_hello", 0, 3, "import-error")
    assert cells(result(step, told=Settings(import_error="blank")))["total"] == ""
    assert cells(result(step, told=Settings(import_error="zero")))["total"] == "0"


LATE = Late(DEADLINE, percent_per_day=Decimal(10), floor=Decimal(65), grace_minutes=Decimal(15))


@pytest.mark.parametrize(
    ("time", "total"),
    [
        ("", "20"), ("2030-03-01 23:59", "20"), ("2030-03-02 00:14", "20"), ("2030-03-02 00:15", "18"),
        ("2030-03-02 23:59", "18"), ("2030-03-02T23:59:01", "16"), ("2030-04-01 12:00", "13"),
    ],
)  # fmt: skip
def test_each_day_begun_takes_its_percent_and_the_floor_stays(time, total):
    """Nothing within the grace, then the percent for each day since the deadline, and never below the floor."""
    step = gradings.step_object("01_hello", 20, 20)
    assert cells(result(step, student=submitted(time), told=Settings(late=LATE)))["total"] == total


def test_a_late_hand_in_is_noted():
    """The notes say how late and what it costs."""
    found = result(
        gradings.step_object("01_hello"), student=submitted("2030-03-03 12:00"), told=Settings(late=LATE)
    )
    assert found["notes"] == ["handed in 2 days late: 20 % off"]


def test_times_in_different_zones_are_compared_as_instants():
    """A hand-in with a time zone of its own is late only if its instant is."""
    told = Settings(late=replace(LATE, deadline=datetime.fromisoformat("2030-03-01T23:59:00+01:00")))
    step = gradings.step_object("01_hello", 20, 20)
    assert cells(result(step, student=submitted("2030-03-01T22:59:00Z"), told=told))["total"] == "20"
    assert cells(result(step, student=submitted("2030-03-02 00:30"), told=told))["total"] == "18"


@pytest.mark.parametrize(
    ("student", "words"),
    [
        (ANN, "Add a column 'submitted' to the roster"),
        (submitted("yesterday"), "handed in at 'yesterday'. Write it as 2030-03-01 23:59"),
        (submitted("2030-03-01T23:59:00+01:00"), "the deadline in grading.toml has none"),
    ],
)
def test_a_late_policy_without_times_is_refused(student, words):
    """Nobody's points depend on a time that is not known or cannot be read."""
    with pytest.raises(WorkbookError) as told:
        result(gradings.step_object("01_hello"), student=student, told=Settings(late=LATE))
    assert words in str(told.value)


def test_an_override_replaces_points_whatever_the_outcome():
    """Points set by hand count as they are, also where the grader gave none, and their comment is kept."""
    step = gradings.step_object("01_hello", 0, 0, "grader-error", worth=3)
    by_hand = Override("ann", "01_hello", Decimal("2.5"), "seen in class")
    found = result(step, by_hand=(by_hand,), told=Settings(weights={"01_hello": Decimal(2)}))
    assert cells(found)["total"] == "2.5" and found["steps"][0]["comment"] == "seen in class"
    assert "01_hello: points set by hand; 01_hello: seen in class" in cells(found)["notes"]


def test_a_comment_alone_leaves_the_points():
    """A line with a comment and no points changes no number."""
    found = result(
        gradings.step_object("01_hello"), by_hand=(Override("ann", "01_hello", None, "well done"),)
    )
    assert (found["steps"][0]["points"], found["steps"][0]["override"]) == (2, False)


def test_scoring_again_starts_from_what_was_judged():
    """Points that were once weighted or set by hand leave no trace when the policy goes."""
    first = result(gradings.step_object("01_hello"), by_hand=(Override("ann", "01_hello", Decimal(9), "x"),))
    assert result(*first["steps"]) == result(gradings.step_object("01_hello"))


NASTY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(
    st.lists(st.tuples(NASTY, st.sampled_from(["", "=", "+", "-", "@", "\t", "\r"])), min_size=1, max_size=5)
)
def test_a_spreadsheet_reads_each_name_and_no_formula(names):
    """Whatever a student is called, the row keeps its cells, and no text cell is taken for a formula."""
    rows = []
    for name, sign in names:
        student = replace(ANN, id=sign + name, name=sign + name)
        rows.append(gradebook.row(result(gradings.step_object("01_hello"), student=student)))
    text = gradebook.written(["01_hello"], rows, bom=False).decode()
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == rows
    for (name, sign), row in zip(names, rows, strict=True):
        assert row[1].removeprefix("'") == (sign + name).removeprefix("'") and not row[1].startswith(
            tuple("=+-@\t\r")
        )


def test_the_file_is_what_rfc_4180_and_excel_want():
    """UTF-8 and lines that end with CR LF; a byte order mark where grading.toml asks for one, and only there."""
    rows = [gradebook.row(result(gradings.step_object("01_hello"), student=replace(ANN, name="Ünal")))]
    plain = gradebook.written(["01_hello"], rows, bom=False)
    assert plain.count(b"\r\n") == plain.count(b"\n") == 2 and "Ünal".encode() in plain
    assert gradebook.written(["01_hello"], rows, bom=True) == b"\xef\xbb\xbf" + plain


def test_numbers_stay_numbers():
    """Whole points are whole in the JSON, others have two decimals at most."""
    assert [points.plain(points.rounded(Decimal(text))) for text in ("7", "7.50", "7.005")] == [7, 7.5, 7.01]
