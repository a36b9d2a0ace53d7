"""The pages that grading makes: the instructor's report and each student's feedback."""

import re

import pytest
from markupsafe import Markup

from tests.made_results import Page, a_class, check, result, step
from workbook import course
from workbook.checking.results import Check, StepResult
from workbook.grading.feedback import ADVICE, feedback
from workbook.grading.model import STATUSES
from workbook.grading.outcome import outcome
from workbook.grading.page import percent
from workbook.grading.paths import safe_name
from workbook.grading.report import report
from workbook.grading.unseen import visible

STEPS = [course.find("01_hello"), course.find("03_users")]
HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(1)> & \"'"


def shown(results, steps=STEPS, **more) -> Page:
    """The report of a class."""
    return Page(report(iter(results), steps, **more))


def given(*steps, **more) -> Page:
    """The feedback of a student with these steps."""
    return Page(feedback(result("ada", list(steps), **more), STEPS))


def hostile() -> dict:
    """A student all of whose texts attack the page."""
    bad = check(1, "failed", title=HOSTILE, message=HOSTILE, hint=HOSTILE)
    late = step("03_users", [], "import-error", HOSTILE, comment=HOSTILE)
    return result(HOSTILE, [step("01_hello", [bad, check(0, "waiting")]), late], HOSTILE, notes=[HOSTILE])


@pytest.mark.parametrize("page", ["report", "feedback"])
def test_no_text_of_a_student_becomes_markup(page):
    """A name, an answer, a reason, a note, a comment: all are shown as the text they are."""
    text = report([hostile()] * 3, STEPS, notes=[HOSTILE]) if page == "report" else feedback(hostile(), STEPS)
    found = Page(text)
    assert not found.open and HOSTILE in found.words
    assert not {"script", "img"} & {tag for tag, _ in found.elements}


@pytest.mark.parametrize("page", ["report", "feedback"])
def test_a_page_loads_nothing_and_runs_nothing(page):
    """It works offline: no script, no address elsewhere, and a policy that forbids both."""
    results = a_class(12)
    found = shown(results) if page == "report" else Page(feedback(results[0], STEPS))
    policy = [
        one["content"] for one in found.named("meta") if one.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    for tag, attributes in found.elements:
        assert tag not in ("script", "link", "iframe", "img") and "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#").startswith(("#", "feedback/"))


@pytest.mark.parametrize("size", [0, 1, 3, 30, 300])
def test_the_report_is_well_formed_for_any_class(size):
    """Every element is closed in order, each student has a row and a link, and no NaN is shown."""
    found = shown(a_class(size))
    links = [one["href"] for one in found.named("a") if one["href"].startswith("feedback/")]
    assert not found.open and len(links) >= size
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", found.text)


def test_the_report_reads_the_results_once():
    """An iterator is enough, so a class of any size need not be held at once."""
    students = iter(a_class(5))
    assert "5 students" in report(students, STEPS) and next(students, None) is None


def test_the_same_results_give_the_same_bytes():
    """Nothing of the clock or of chance is in a page."""
    assert report(a_class(40), STEPS) == report(a_class(40), STEPS)
    assert feedback(a_class(1)[0], STEPS) == feedback(a_class(1)[0], STEPS)


def test_a_link_leads_to_the_file_that_holds_the_feedback():
    """The link of an id that is no file name is the name under which the page is kept."""
    links = [
        one["href"] for one in shown([result("a b/ü", [step("01_hello", [check(0)])])], STEPS[:1]).named("a")
    ]
    assert any(link.startswith("feedback/a_b_") and link.endswith(".html") for link in links)
    assert safe_name("a b/ü") != "a b/ü"


def test_what_was_not_graded_comes_first():
    """Each status other than graded stands above the class picture, with student, step and reason."""
    students = [
        result(
            f"id-{status}",
            [step("01_hello", [], status, f"Because of {status} it is."), step("03_users", [check(0)])],
        )
        for status in STATUSES[1:]
    ]
    text = shown(students).text
    first = text[: text.index("Class picture all points")]
    for status in STATUSES[1:]:
        assert f"{status} Because of {status} it is. 1 student: Id-{status.title()} 01 hello" in first
    assert first.index("Because of grader-error") < first.index("Because of no-submission")


def test_students_of_the_same_trouble_stand_together():
    """A whole class that handed nothing in is one entry; steps in a row are a span."""
    nothing = [step(one.slug, [], "no-submission", "Nothing was handed in.") for one in STEPS]
    text = shown([result("ada", nothing), result("bo", nothing)]).text
    assert "no-submission Nothing was handed in. 2 students: Ada all steps; Bo all steps" in text


def test_a_check_that_nobody_passes_is_told_before_all():
    """It is likely the checker's fault, says the report, and how to try the reference."""
    students = [result(f"s{n}", [step("03_users", [check(0), check(1, "failed")])]) for n in range(3)]
    text = shown(students, STEPS[1:]).text
    assert text.index("Nobody passes 1 check.") < text.index("Not graded: 0 of 3")
    assert "likely the checker's fault or the lesson's" in text
    assert "A name is trimmed. 3 tried. python3 learn.py check 3 --program solutions/03_users" in text
    assert "1 check that everybody passes" in text


def test_what_all_wait_for_is_not_called_anybodys_fault():
    """Checks behind one that fails for all are told apart: nobody gets as far."""
    students = [
        result(f"s{n}", [step("03_users", [check(0, "failed"), check(1, "waiting")])]) for n in range(3)
    ]
    text = shown(students, STEPS[1:]).text
    assert "Nobody passes 1 check." in text and "Nobody gets as far as these" in text


@pytest.mark.parametrize("size, said", [(9, True), (40, False)])
def test_a_small_class_is_too_few_to_tell(size, said):
    """A discrimination of a handful of students is not shown as a number."""
    assert ("too few to tell" in shown(a_class(size)).text.partition("How to read this Isolation")[0]) is said


def test_a_check_that_works_backwards_is_named():
    """A check that the strong fail and the weak pass is pointed out."""
    students = []
    for number in range(20):
        others = ["passed" if number % 2 else "failed"] * 5
        checks = [check(0, "failed" if number % 2 else "passed", title="Upside down.")]
        students.append(
            result(f"s{number}", [step("01_hello", checks + [check(k, s) for k, s in enumerate(others, 1)])])
        )
    text = shown(students, STEPS[:1]).text
    assert (
        text.index("Strong students fail these more") < text.index("Upside down.")
        and "−1.00 backwards" in text
    )


@pytest.mark.parametrize(
    "level, said", [("sandbox", "could not read"), ("limits", "NOT protected"), ("none", "WSL")]
)
def test_the_isolation_says_what_it_promises(level, said):
    """The level is named with its promise; where something is not protected, that is an alarm at the top."""
    text = shown([{**one, "isolation": level} for one in a_class(3)]).text
    assert said in text and (f"Isolation: {level}." in text) is (level != "sandbox")


def test_the_class_picture_can_be_read_without_colour():
    """Each cell says its number or status; each strip has a text for those who do not see it."""
    students = [
        result(
            "ada",
            [step("01_hello", [check(0), check(1, "failed")]), step("03_users", [], "timeout", "It hangs.")],
        ),
        result("bo", [step("01_hello", [check(0), check(1)], override=True), step("03_users", [check(0)])]),
    ]
    found = shown(students)
    assert "Ada ada 50 time" in found.text and "Bo bo 100 ✎ 100" in found.text
    assert "time is timeout" in found.text
    strips = [one["aria-label"] for one in found.named("svg") if one.get("role") == "img"]
    assert strips[0] == "01 hello: 1 with all points, 1 with 50 % or more"
    assert strips[1] == "03 users: 1 with all points, 1 not graded"
    assert all("scope" in one for one in found.named("th"))


@pytest.mark.parametrize("size", [3, 100])
def test_the_best_student_stands_at_the_left_of_each_strip(size):
    """The slices of a strip go from the best total to the worst, whatever the order of the gradebook."""
    passed = [number % 2 for number in range(size)]
    students = [
        result(f"s{at}", [step("01_hello", [check(0, "passed" if good else "failed")])])
        for at, good in enumerate(passed)
    ]
    slices = [one["class"] for one in shown(students, STEPS[:1]).named("rect") if one.get("height") == "20"]
    assert list(dict.fromkeys(slices)) == ["full", "zero"] and slices == sorted(slices)


def test_similar_submissions_are_named_with_their_steps():
    """A group is shown with its share, and as no proof; who copied the reference stands apart."""
    same = {"digest": "d", "reference": False, "length": 60, "prints": "".join(f"{n:08x}" for n in range(60))}
    copied = {"digest": "r", "reference": True, "length": 60, "prints": ""}
    prints = {"ada": {**same, "digest": "e"}, "bo": same, "cy": copied}
    students = [result(one, [step("01_hello", [check(0)], fingerprint=each)]) for one, each in prints.items()]
    text = shown(students, STEPS[:1]).text
    assert "Ada, Bo 01 hello: 100 %" in text and "Identical to the reference 01 hello: Cy" in text
    assert "never a proof" in text


def test_without_fingerprints_the_report_says_that_nothing_was_compared():
    """Results of a grader that made none are no claim that nobody copied."""
    text = shown(a_class(3)).text
    assert "Nothing was compared." in text and "No two submissions resemble" not in text


def test_notes_of_the_class_and_of_students_are_shown():
    """What was noted on a hand-in is there to read."""
    text = shown([result("ada", [], notes=["ignored conftest.py"])], [], notes=["zoe.zip: on no roster"]).text
    assert "zoe.zip: on no roster" in text and "Ada ignored conftest.py" in text


def test_notes_repeat_no_status():
    """What stands in the list of what was not graded is not told again among the notes."""
    lost = step("01_hello", [], "timeout", "It hangs.")
    text = shown(
        [result("ada", [lost], notes=["01_hello: timeout: It hangs.", "handed in late"])], STEPS[:1]
    ).text
    assert text.count("It hangs.") == 1 and "handed in late" in text


def test_feedback_says_what_fails_in_the_whole_words_of_the_check():
    """The message stands there as the learner's own checker prints it, and what passes, waits or was not tried."""
    checks = [
        check(0),
        check(1, "failed", hint="Use strip()."),
        check(2, "waiting", message="waiting for: x"),
        check(3, "skipped"),
    ]
    found = given(step("03_users", checks))
    assert "A name is trimmed.\n  expected: 200\n  got:      failed" in found.words
    assert "What to do next: step 03 users. Use strip()." in found.text
    assert "python3 learn.py check 3" in found.text and "waiting for: x" in found.text
    assert "1 of 3 points" in found.text and "What was not tried" in found.text


@pytest.mark.parametrize("status", STATUSES[1:])
def test_feedback_on_a_step_that_was_not_graded_gives_reason_and_advice(status):
    """Each status comes with its reason and with what to do."""
    found = given(step("01_hello", [], status, "This is why."))
    assert f"{status} This is why. {ADVICE[status].format(folder='steps/01_hello')}" in found.text


def test_trouble_of_the_grader_is_not_blamed_on_the_student():
    """A step with a grader-error has no points and asks nothing of the student."""
    found = given(step("01_hello", [], "grader-error", "The checker itself failed."))
    assert "This is no fault of yours" in found.text and "What to do next" not in found.text
    assert "– of 4 points" in found.text and "0 of 4" not in found.text


def test_points_set_by_hand_come_with_the_comment():
    """An override is told as such, with what the instructor wrote."""
    found = given(step("01_hello", [check(0)], override=True, comment="By mail."))
    assert "Your instructor says: By mail." in found.text and "set these points by hand" in found.text


def test_feedback_for_a_perfect_student_asks_for_nothing():
    """Who passes everything reads so."""
    assert "Nothing is left to do." in given(step("01_hello", [check(0)])).text


def test_control_characters_are_pictures():
    """A terminal escape or half a surrogate pair in an answer is shown and can be stored."""
    page = feedback(
        result("ada", [step("01_hello", [check(0, "failed", message="\x1b[31mred\x00\ud800")])]), STEPS
    )
    assert "␛[31mred␀\N{REPLACEMENT CHARACTER}" in page and page.encode("utf-8")


@pytest.mark.parametrize(
    "share, said", [(0, "0"), (0.001, "1"), (0.5, "50"), (0.999, "99"), (1, "100"), (1.2, "120"), (None, "–")]
)
def test_only_what_is_whole_is_100_percent(share, said):
    """Rounding neither makes almost all to all nor a little to nothing."""
    assert percent(share) == said


def test_feedback_shows_the_remark_of_a_check_that_passed():
    """What would be better stands beside the check, which keeps its points; nothing stands beside the others."""
    checks = [check(1, message="a <b>join</b> would do"), check(2)]
    page = feedback(result("ada", [step("01_hello", checks)]), STEPS)
    assert page.count("Better still:") == 1
    assert "Better still: a &lt;b&gt;join&lt;/b&gt; would do" in page


def test_what_turns_a_line_round_is_shown_as_a_sign():
    """Controls for the direction of a line and for a terminal work nowhere; markup stays markup."""
    assert visible("a\u202eb\x1b[31m") == "a\ufffdb␛[31m"
    assert visible(Markup("<b>x</b>")) == Markup("<b>x</b>")
    failed = Check("a", "A.", status="failed", kind="crashed", got="\x1b[31mred\u2066.")
    _, reason = outcome(StepResult("01_hello", checks=[failed]))
    assert "␛[31mred\ufffd" in reason
