"""Which submissions resemble each other: fingerprints, and comparing them."""

import json
import os
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from workbook import course
from workbook.grading.fingerprint import Baseline, baseline
from workbook.grading.similarity import ALIKE, ENOUGH, Similarity, _pairs, _Print, _unpacked
from workbook.learner import starters
from workbook.program import intake

ROOT = Path(__file__).resolve().parent.parent
POSTS = course.find("05_posts")
RIGHT = {
    slug: sorted((ROOT / "tests/programs" / slug).glob("right_*"))
    for slug in ("03_users", "05_posts", "07_pages", "09_relations")
}


def program(name: str) -> dict[str, bytes]:
    """A right program of step 05, in a style of its own."""
    return intake.read(ROOT / "tests/programs/05_posts" / name)


def disguised(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same program with every learner's name changed, comments added and its functions' order reversed."""
    text = files["app.py"].decode()
    names = set(re.findall(r"\b(?:def|for|as)\s+(\w+)|^\s*(\w+)\s*=[^=]", text, flags=re.MULTILINE))
    for name in sorted({one for pair in names for one in pair if len(one) > 3 and not one.startswith("_")}):
        text = re.sub(rf"\b{name}\b", f"my_{name}_2", text)
    head, *parts = re.split(r"\n\n\n(?=@|def )", text)
    return {"app.py": "\n\n\n# mine\n".join([head, *reversed(parts)]).encode()}


def findings(submissions: dict[str, dict[str, bytes]], step=POSTS):
    """What comparing these submissions of a step gives."""
    similarity = Similarity()
    for student, files in submissions.items():
        similarity.add(student, step.slug, baseline(step).fingerprint(files))
    return similarity.findings()


def test_a_disguised_copy_is_found():
    """Renaming, comments and another order of functions hide no copy, and no innocent is named."""
    original = program("right_counted_lists")
    found = findings(
        {
            "ada": original,
            "bo": disguised(original),
            "cy": program("right_golf"),
            "di": program("right_json_folder"),
        }
    )
    assert [(group.students, group.steps[0].identical) for group in found.groups] == [(("ada", "bo"), False)]


def test_other_comments_and_blanks_are_the_same_text():
    """A copy that changes comments, docstrings, blank lines and the file's name alone is called identical."""
    original = program("right_golf")["app.py"].decode()
    copy = '"""All mine."""\n\n' + original.replace("\n", "  # mine\n", 1) + "\n\n# the end\n"
    found = findings({"ada": {"app.py": original.encode()}, "bo": {"social.py": copy.encode()}})
    assert [(group.students, group.steps[0].identical) for group in found.groups] == [(("ada", "bo"), True)]


def test_a_copy_of_the_reference_is_named_as_such():
    """Who hands in the reference stands in a list of their own, not among those who copied each other."""
    reference = intake.read(POSTS.solution)
    found = findings({"ada": reference, "bo": reference, "cy": program("right_golf")})
    assert found.reference == (("05_posts", ("ada", "bo")),) and found.groups == ()


def test_nobody_is_alike_through_the_starter_or_the_reference():
    """The untouched starter and small changes to the reference leave nothing of one's own to judge by."""
    reference = intake.read(POSTS.solution)
    changed = {"app.py": reference["app.py"] + b"\n\nEXTRA = [1, 2, 3]\n"}
    starter = starters.delivered(POSTS)
    found = findings({"ada": changed, "bo": changed, "cy": starter, "di": starter})
    names = {student for group in found.groups for student in group.students}
    assert names == {"ada", "bo"} and found.groups[0].steps[0].identical  # told apart from mere likeness
    assert found.compared == (("05_posts", 0, 4),)


def test_a_short_step_is_not_judged():
    """Step 01 asks for so little that equal programs say nothing, not even the reference's text."""
    hello = course.find("01_hello")
    reference = intake.read(hello.solution)
    found = findings({"ada": reference, "bo": reference}, hello)
    assert (found.groups, found.reference, found.compared) == ((), (), (("01_hello", 0, 2),))


@pytest.mark.parametrize("slug", RIGHT)
def test_programs_in_other_styles_stay_below_30_percent(slug):
    """No two right programs of a step, each in a style of its own, come near the share that is named."""
    step = course.find(slug)
    prints = [baseline(step).fingerprint(intake.read(path))["prints"] for path in RIGHT[slug]]
    own = [_unpacked(bytes.fromhex(one)) for one in prints]
    pairs = [(a, b) for a, b in combinations(own, 2) if min(len(a), len(b)) >= ENOUGH]
    assert len(pairs) > 30 and max(len(a & b) / min(len(a), len(b)) for a, b in pairs) < 0.3 < ALIKE


def test_a_fingerprint_is_the_same_in_every_process():
    """Workers whose hashes are seeded otherwise make the same fingerprint, and JSON keeps it."""
    code = (
        "import json, sys; sys.path.insert(0, '.');"
        "from workbook import course; from workbook.grading.fingerprint import baseline;"
        "from workbook.program import intake; step = course.find('05_posts');"
        "print(json.dumps(baseline(step).fingerprint(intake.read(step.solution.parent / '04_login'))))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    here = baseline(POSTS).fingerprint(intake.read(POSTS.solution.parent / "04_login"))
    assert [json.loads(one) for one in told] == [here, here]


def test_the_order_of_the_students_changes_nothing():
    """Workers finish in any order; the findings are the same."""
    original = program("right_counted_lists")
    submissions = {"ada": original, "bo": disguised(original), "cy": original, "di": program("right_golf")}
    assert findings(submissions) == findings(dict(reversed(submissions.items())))


def test_what_a_crowd_shares_is_common_knowledge():
    """Prints that more than ten have make no pair; those that ten have do."""
    shared = frozenset(range(100))
    for size, linked in ((10, True), (11, False)):
        own = [
            _Print(f"s{n}", f"d{n}", 200, shared | frozenset(range(1000 * n, 1000 * n + 50)))
            for n in range(1, size + 1)
        ]
        assert bool(_pairs(own)) is linked


def test_a_group_runs_over_its_steps():
    """Two who are alike in two steps are one group with two steps."""
    similarity = Similarity()
    for slug in ("04_login", "05_posts"):
        step = course.find(slug)
        copy = intake.read(RIGHT["03_users"][0])
        for student in ("ada", "bo"):
            similarity.add(student, slug, baseline(step).fingerprint(copy))
    (group,) = similarity.findings().groups
    assert [one.slug for one in group.steps] == ["04_login", "05_posts"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\xff\xfe",
        b"def (",
        b"'''never ends",
        b"x = '" + b"\\'" * 30_000,
        b"a\n" * 30_000,
        b"x" * 9_000_000,
    ],
    ids=["empty", "no text", "no syntax", "no end", "one hostile line", "many lines", "nine megabytes"],
)
@pytest.mark.parametrize("name", ["app.py", "app.js"])
def test_any_bytes_have_a_fingerprint(name, content):
    """Whatever was handed in, a fingerprint comes out and is small."""
    told = Baseline({}, {}).fingerprint({name: content})
    assert set(told) == {"digest", "reference", "length", "prints"} and len(json.dumps(told)) < 500


def test_javascript_is_compared_too():
    """A renamed copy of a script shares its prints; its comments count for nothing."""
    lines = [
        f"function show{n}(post) {{ const box = document.querySelector('#b{n}'); box.append(post.t{n}); }}"
        for n in range(9)
    ]
    script = "\n".join(lines)
    renamed = "// mine\n" + script.replace("post", "entry").replace("box", "place")
    first, second = (Baseline({}, {}).fingerprint({"app.js": text.encode()}) for text in (script, renamed))
    assert first["prints"] == second["prints"] != "" and first["digest"] != second["digest"]


def test_migrations_are_nobodys_own():
    """What Alembic generates is not compared."""
    files = {"migrations/env.py": intake.read(POSTS.solution)["app.py"]}
    assert Baseline({}, {}).fingerprint(files)["prints"] == ""
