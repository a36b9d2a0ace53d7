"""Which program a verdict is on, when saves and runs overlap: played without a clock and without processes."""

import pytest

from workbook.checking.results import Check, StepResult
from workbook.course import Step
from workbook.learner import saves, stay
from workbook.learner.events import Events


class Exam:
    """Judges by one word of the file; `meanwhile` happens while the first runs go on."""

    def __init__(self, app, *meanwhile):
        self.app, self.meanwhile = app, list(meanwhile)
        self.ran = []

    def check(self, step, files, each):
        text = files["app.py"].decode()
        self.ran.append(text)
        if self.meanwhile:
            self.app.write_text(self.meanwhile.pop(0))
        result = StepResult(step.slug, seconds=0.1)
        for number in range(3):
            status = "passed" if "right" in text else "waiting" if number and "half" in text else "failed"
            result.checks.append(Check(f"test_{number}", f"Check {number}.", status=status))
            if "half" not in text and each(result):
                break
        return result


class Pages:
    """Notes the verdicts that were shown."""

    def __init__(self):
        self.verdicts = []

    def verdict(self, step, result):
        self.verdicts.append(result.status)

    def checking(self, step, result):
        """Shows nothing."""

    def early(self, step, result):
        """Shows nothing."""
        return False


@pytest.fixture
def play(tmp_path, monkeypatch):
    """Judges a program once while other texts are saved; gives what ran and which verdicts were shown."""
    app = tmp_path / "steps/01_hello/app.py"
    app.parent.mkdir(parents=True)
    monkeypatch.setattr(stay, "HOLD", 30)
    monkeypatch.setattr(saves, "POLL", 0.02)

    def play(first, *meanwhile):
        app.write_text(first)
        exam, pages = Exam(app, *meanwhile), Pages()
        events = Events(lambda: None, lambda: None)
        events.pause = -1  # looks at the files after each check
        stay.Stay(Step("01_hello", tmp_path), exam, events, pages).judge()
        return exam.ran, pages.verdicts

    return play


def test_a_save_during_a_run_breaks_it_off(play):
    """A program that was saved while another ran is the only one with a verdict."""
    assert play("wrong", "right") == (["wrong", "right"], ["passed"])


def test_a_half_written_file_is_waited_for(play):
    """A program that does not load has no verdict while the rest of it is still being written."""
    assert play("half", "right") == (["half", "right"], ["passed"])


def test_a_file_that_stays_half_written_has_its_verdict(play, monkeypatch):
    """When nothing more is written, that it does not load is the verdict."""
    monkeypatch.setattr(stay, "HOLD", 0.05)
    assert play("half") == (["half"], ["failed"])


def test_saves_without_end_do_not_keep_the_verdict_back(play):
    """After three runs that were broken off, one is brought to its end."""
    ran, verdicts = play("wrong 0", *(f"wrong {number}" for number in range(1, 9)))
    assert (len(ran), verdicts) == (stay.PATIENCE + 1, ["failed"])
