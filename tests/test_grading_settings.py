"""What an instructor writes into grading.toml and overrides.csv: understood, or refused with a sentence."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from workbook import course
from workbook.course import WorkbookError
from workbook.grading import overrides, settings
from workbook.grading.overrides import Override
from workbook.grading.settings import Late, Settings

STEPS = course.steps()


def written(folder: Path, text: str) -> Path:
    """A file with this text."""
    path = folder / "file"
    path.write_bytes(text.encode())
    return path


def test_what_the_template_shows_is_what_is_understood(tmp_path):
    """grading.toml as it is written for an instructor holds by itself, and so does every line of it without its #."""
    lines = settings.TEMPLATE.splitlines()
    shown = "\n".join(line.removeprefix("# ") for line in lines if "=" in line or line.startswith("# ["))
    assert settings.read(written(tmp_path, settings.TEMPLATE), STEPS) == Settings()
    found = settings.read(written(tmp_path, shown), STEPS)
    late = Late(datetime.fromisoformat("2030-03-01T23:59:00+01:00"), Decimal(10), Decimal(50), Decimal(15))
    assert found == Settings({"03_users": Decimal(2), "08_models": Decimal("1.5")}, late, "blank", True)


def test_there_need_be_no_settings(tmp_path):
    """Without grading.toml each step counts once and nobody is late."""
    assert settings.read(tmp_path / "grading.toml", STEPS) == Settings()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[weights]\n99 = 1", "[weights] names '99', and there is no such step"),
        ("[weights]\n3 = 'a'", "[weights]: 3 must be a number"),
        ("[weights]\n3 = -1", "[weights]: 3 must be a number that is not negative"),
        ("[weights]\n3 = nan", "[weights]: 3 must be a number that is not negative"),
        ("[weights]\n3 = true", "[weights]: 3 must be a number"),
        ("weights = 3", "weights must be a table: write [weights]"),
        ("[wieghts]\n3 = 1", "'wieghts' means nothing here. Known are weights, late, policy, gradebook"),
        ("[late]\npercent_per_day = 10", "[late]: deadline must be a day and a time"),
        ("[late]\ndeadline = 2030-03-01\npercent_per_day = 1", "[late]: deadline must be a day and a time"),
        ("[late]\ndeadline = 2030-03-01T10:00:00", "[late]: percent_per_day must be a number"),
        ("[late]\ndeadline = 2030-03-01T10:00:00\nflor = 1", "[late]: 'flor' means nothing here"),
        ("[policy]\nimport_error = 'half'", "[policy]: import_error must be zero or blank"),
        ("[gradebook]\nbom = 1", "[gradebook]: bom must be false or true"),
        ("[weights\n", "is no TOML file"),
    ],
)
def test_settings_that_cannot_be_meant_are_a_sentence(tmp_path, text, words):
    """The sentence names the file, the place in it and what belongs there."""
    with pytest.raises(WorkbookError) as told:
        settings.read(written(tmp_path, text), STEPS)
    assert words in str(told.value) and str(told.value).startswith(str(tmp_path / "file"))


@pytest.mark.parametrize("text", [
    'id,step,points,comment\r\nann,3,"7,5","good, mostly"\r\n\r\n',
    "\ufeffID;Step;Points;Comment\nann;03_users;7,5;good, mostly\n",
    "id\tstep\tpoints\tcomment\nann\t03\t7.5\tgood, mostly",
])  # fmt: skip
def test_overrides_are_read_as_a_spreadsheet_saves_them(tmp_path, text):
    """Commas, semicolons or tabs, a byte order mark, decimal commas and blank lines are all understood."""
    one = Override("ann", "03_users", Decimal("7.5"), "good, mostly")
    assert overrides.read(written(tmp_path, text), {"ann"}, STEPS) == {("ann", "03_users"): one}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("ann,3,7\nbob,3,7,", "line 3: there is no student with the id 'bob'"),
        ("ann,99,7,", "line 2: there is no step '99'"),
        ("ann,3,7x,", "line 2: '7x' is no number of points"),
        ("ann,3,-1,", "line 2: '-1' is no number of points"),
        ("ann,3,nan,", "line 2: 'nan' is no number of points"),
        ("ann,3,1e99,", "line 2: '1e99' is no number of points"),
        ("ann,3,,", "line 2: there are neither points nor a comment"),
        ("ann,3,7,\n\nann,03_users,8,", "line 4: ann has a line for 03_users already"),
        ("ann,3,7,good, mostly", "line 2: there are more than four cells"),
    ],
)
def test_an_override_that_cannot_be_meant_is_a_sentence_with_its_line(tmp_path, lines, words):
    """An override is never dropped in silence."""
    with pytest.raises(WorkbookError) as told:
        overrides.read(written(tmp_path, "id,step,points,comment\n" + lines), {"ann"}, STEPS)
    assert words in str(told.value)
