"""What `watch` takes for a save, for a key, and for a terminal that opens links."""

import pytest

from workbook.learner import keys, saves, watch_words


@pytest.mark.parametrize(
    "name", [".app.py.swp", ".app.py.swx", "app.py~", "4913", ".#app.py", "#app.py#", "app.py.tmp",
             "app.py___jb_tmp___",
             "social_api/.app.py.swp", "app.py.tmp.1234", ".goutputstream-A1B2C3"],
)  # fmt: skip
def test_files_of_editors_are_no_saves(name):
    """What editors leave beside a file while they save it is not part of the program."""
    assert saves.by_an_editor(name)


@pytest.mark.parametrize(
    "name", ["app.py", "social_api/routes/posts.py", "frontend/probe.html", ".env", "a_4913.py"]
)
def test_files_of_the_program_are(name):
    """What a learner writes is."""
    assert not saves.by_an_editor(name)


def test_arrow_keys_are_no_letters():
    """Of escape sequences nothing is taken for a key."""
    assert keys.letters("\x1b[A\x1bOq\x1b[15~Hé\x1b") == ["h", "é"]


@pytest.mark.parametrize(
    ("environment", "linked"),
    [({}, False), ({"VTE_VERSION": "7000"}, True), ({"VTE_VERSION": "7000", "SSH_CONNECTION": "x"}, False),
     ({"TERM_PROGRAM": "vscode"}, False), ({"TERM_PROGRAM": "WezTerm"}, True), ({"FORCE_HYPERLINK": "0"}, False)],
)  # fmt: skip
def test_links_are_for_terminals_that_open_them(environment, linked):
    """A link is written where a terminal is known to open it, and not over ssh."""
    assert watch_words.links(environment) is linked
