"""Over many classes, Canvas's own importer reads what we graded, for the right student."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import graded, importers
from workbook.grading import canvas, marks
from workbook.grading.pairing import label


@st.composite
def classes(draw):
    """A class with nasty names, how the instructor knows it, and how its Canvas gradebook is written."""
    count = draw(st.integers(1, 6))
    numbers = st.integers(1, 30)
    ids = draw(st.lists(numbers, min_size=count, max_size=count, unique=True))
    sis = draw(st.lists(numbers, min_size=count, max_size=count, unique=True))
    pad = draw(st.sampled_from(["", "00", "s-", "=", "+"]))
    return {
        "ids": ids,
        "sis": [f"{pad}{number}" for number in sis],
        "names": draw(st.lists(st.sampled_from(graded.NAMES), min_size=count, max_size=count)),
        "known_by": draw(st.sampled_from(["sis", "ids", "logins", "nothing"])),
        "points": draw(
            st.lists(st.sampled_from([0, 1, 7.5, 12.25, 19, None]), min_size=count * 2, max_size=count * 2)
        ),
        "old": draw(
            st.lists(st.sampled_from(["", "3.00", "EX", "-"]), min_size=count * 2, max_size=count * 2)
        ),
        "delimiter": draw(st.sampled_from([",", ";"])),
        "comma": draw(st.booleans()),
        "line": draw(st.sampled_from(["\n", "\r\n"])),
        "bom": draw(st.booleans()),
        "quote_all": draw(st.booleans()),
        "parted": draw(st.booleans()),
        "missing": draw(st.integers(0, 2)),
    }


def canvas_of(one) -> tuple[bytes, list[dict], importers.CanvasCourse]:
    """The gradebook that Canvas exports for a class, our results, and what Canvas knows."""
    count = len(one["ids"])
    logins = [f"login{number}" for number in one["sis"]]
    who = {"sis": one["sis"], "ids": [str(id) for id in one["ids"]], "logins": logins}
    ours = who.get(one["known_by"], [f"own {place}" for place in range(count)])
    students, rows, known, scores = [], [], {}, {}
    for place in range(count):
        name = one["names"][place]
        values = one["points"][place * 2 : place * 2 + 2]
        steps = [
            graded.step(slug, value, 19, *(("grader-error", "broke", []) if value is None else ()))
            for slug, value in zip(graded.SLUGS, values, strict=True)
        ]
        students.append(graded.student(ours[place], name, steps))
        shown = f'="{name}"' if name.lstrip().startswith("=") else name
        old = [
            text.replace(".", ",") if one["comma"] else text for text in one["old"][place * 2 : place * 2 + 2]
        ]
        cells = [str(one["ids"][place]), one["sis"][place], logins[place], "A, B; C"]
        rows.append([*([shown, ""] if one["parted"] else [shown]), *cells, old[0], "note", old[1], "5"])
        known[one["ids"][place]] = {
            "name": name,
            "sortable": name,
            "sis": one["sis"][place],
            "login": logins[place],
        }
        for number, text in zip((11, 13), one["old"][place * 2 : place * 2 + 2], strict=True):
            scores[one["ids"][place], number] = text
    start = ["LastName", "FirstName"] if one["parted"] else ["Student"]
    header = [
        *start,
        "ID",
        "SIS User ID",
        "SIS Login ID",
        "Section",
        "03_users (11)",
        "Talk (12)",
        "08 models (13)",
    ]
    most = "19,00" if one["comma"] else "19.00"
    limits = ["    Points Possible", *[""] * (len(start) + 3), most, most, most, "(read only)"]
    blank = ["", *[""] * (len(start) + 3), "Manual Posting", "", "", ""]
    content = graded.sheet(
        [[*header, "Final Score"], blank, limits, *rows[one["missing"] if one["missing"] < count else 0 :]],
        one["delimiter"],
        one["line"],
        one["bom"],
        one["quote_all"],
    )
    titles = {11: "03_users", 12: "Talk", 13: "08 models"}
    scores |= {(id, 12): "note" for id in one["ids"]}
    return content, students, importers.CanvasCourse(known, titles, scores)


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(classes())
def test_canvas_reads_what_we_graded_for_the_right_student(tmp_path_factory, one):
    """Over a thousand classes with nasty names, Canvas reads our score or keeps its own, never another's."""
    content, students, course = canvas_of(one)
    template = tmp_path_factory.getbasetemp() / "canvas.csv"
    template.write_bytes(content)
    found = [marks.mark_of(student, template) for student in students]
    filled, said = canvas.fill(template, found)
    offered = course.read(filled)
    told = " ".join(said)
    for place, (student, mark) in enumerate(zip(students, found, strict=True)):
        there = place >= one["missing"] or one["missing"] >= len(students)
        for column, step in ((11, 0), (13, 1)):
            key = (one["ids"][place], column)
            points, before = student["steps"][step]["points"], course.scores[key]
            score = offered.pop(key, before)
            right = points is not None and before != "EX" and importers.unchanged(score, str(points))
            alone = importers.unchanged(score, before)
            listed = label(mark) in told
            assert right or (alone and (listed or points is None or before == "EX" or not there)), (
                key,
                score,
                said,
            )
    assert offered == {}
