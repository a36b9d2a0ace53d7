"""Updates: a pull leaves a learner's work as it is, and the overview tells what changed."""

import json
import os
import subprocess

import pytest

from tests.desk import Desk
from workbook.course import ROOT
from workbook.learner import news

LINE = "steps/** merge=binary"
APP = "steps/03_users/app.py"


@pytest.fixture
def git(tmp_path):
    """Runs git, with no settings but its own, in one of two repositories."""
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(tmp_path),
        "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "e@example.org",
        "GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "e@example.org",
    }  # fmt: skip

    def run(where, *arguments):
        return subprocess.run(
            ["git", "-c", "init.defaultBranch=main", *arguments],
            cwd=tmp_path / where, env={**os.environ, **settings}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def learner(git, tmp_path):
    """A learner's clone of a workbook; the update that waits for it changes the starter and the README."""
    origin = tmp_path / "origin"
    (origin / APP).parent.mkdir(parents=True)
    (origin / ".gitattributes").write_text(f"{LINE}\n")
    (origin / APP).write_text("one\ntwo\nthree\n")
    (origin / "README.md").write_text("old\n")
    git("origin", "init")
    git("origin", "add", "-A")
    assert git("origin", "commit", "-m", "first").returncode == 0
    assert git(".", "clone", "origin", "learner").returncode == 0
    (origin / APP).write_text("one\nTWO, changed by an update\nthree\nfour\n")
    (origin / "README.md").write_text("new\n")
    git("origin", "commit", "-am", "update")
    return tmp_path / "learner"


MINE = b"one\r\ntwo, my work\nthree\nlast line without end"


def test_work_that_is_not_committed_stays(git, learner):
    """With uncommitted work in a changed starter, git refuses to pull, and no byte of the work differs."""
    (learner / APP).write_bytes(MINE)
    assert git("learner", "pull", "--no-rebase").returncode != 0
    assert (learner / APP).read_bytes() == MINE


def test_work_that_is_committed_stays(git, learner):
    """With committed work, the pull stops at the starter, keeps the work in it, and can be finished."""
    (learner / APP).write_bytes(MINE)
    git("learner", "commit", "-am", "my work")
    assert git("learner", "pull", "--no-rebase", "--no-edit").returncode != 0
    assert (learner / APP).read_bytes() == MINE
    assert git("learner", "add", "steps").returncode == 0
    assert git("learner", "commit", "--no-edit").returncode == 0
    assert (learner / APP).read_bytes() == MINE and (learner / "README.md").read_text() == "new\n"


def test_changes_to_other_lines_are_not_mixed_in(git, learner):
    """Where git could merge line by line, it still leaves the learner's file alone."""
    text = "zero, my work\none\ntwo\nthree\n"
    (learner / APP).write_text(text)
    git("learner", "commit", "-am", "my work")
    git("learner", "pull", "--no-rebase", "--no-edit")
    assert (learner / APP).read_text() == text


def test_without_the_line_git_would_write_into_the_work(git, learner, tmp_path):
    """The line in .gitattributes is needed: without it the pull writes its marks into the file."""
    (learner / ".git/info/attributes").write_text("steps/** merge\n")
    (learner / APP).write_bytes(MINE)
    git("learner", "commit", "-am", "my work")
    git("learner", "pull", "--no-rebase", "--no-edit")
    assert b"<<<<<<<" in (learner / APP).read_bytes()


def test_an_untouched_starter_is_updated(git, learner):
    """A step that the learner has not begun gets the new starter, whatever is committed in others."""
    (learner / "steps/04_login").mkdir()
    (learner / "steps/04_login/app.py").write_text("mine\n")
    git("learner", "add", "-A")
    git("learner", "commit", "-m", "my work")
    assert git("learner", "pull", "--no-rebase", "--no-edit").returncode == 0
    assert (learner / APP).read_text().endswith("four\n")


def test_the_workbook_has_the_line():
    """.gitattributes of the workbook keeps git from merging into steps/."""
    assert LINE in (ROOT / ".gitattributes").read_text("utf-8").splitlines(), f"add: {LINE}"


LOG = """# Changelog

## 0.2.0, 2026-02-01

- 03_users: the check of TODO 3 also tries blanks,
  because many names came with them.
- Everything is faster.
- `04_login`: a hint more.

## 0.1.0, 2026-01-01

- 01_hello: the first step.
"""


def test_lines_that_name_a_step_are_news():
    """The log's points that begin with a step are read, over several lines, and no others."""
    assert news.changes(LOG) == [
        ("03_users", "the check of TODO 3 also tries blanks, because many names came with them."),
        ("04_login", "a hint more."),
        ("01_hello", "the first step."),
    ]


def test_the_overview_tells_changes_once(tmp_path):
    """The first look tells nothing; after an update the overview says what changed and why, once."""
    desk = Desk(tmp_path)
    desk.keep("03_users")
    log = desk.root / "CHANGELOG.md"
    log.write_text("# Changelog\n\n## 0.1.0\n\n- 03_users: the first.\n")
    assert "Changed since" not in desk.learn().stdout
    log.write_text(LOG)
    shown = desk.learn().stdout
    assert "Changed since you last looked; your own files stay as they are:\n  03_users: the check" in shown
    assert "04_login" not in shown
    assert "Changed since" not in desk.learn().stdout
    assert len(json.loads((desk.root / ".workbook/news.json").read_text())["seen"]) == 3


def test_news_need_no_log_and_no_right_to_write(tmp_path):
    """Without a log, or where nothing can be remembered, the overview is as usual."""
    desk = Desk(tmp_path)
    desk.keep("03_users")
    (desk.root / ".workbook").write_text("a file in the place of the folder")
    (desk.root / "CHANGELOG.md").write_text(LOG)
    assert desk.learn().returncode == 0
    (desk.root / "CHANGELOG.md").unlink()
    done = desk.learn()
    assert done.returncode == 0 and "Changed since" not in done.stdout


def test_read_says_when_there_is_no_notebook(tmp_path):
    """Without a notebook for the step: a sentence that names the README instead, and exit 2."""
    desk = Desk(tmp_path)
    desk.keep("03_users")
    for path in (desk.root / "notebooks").glob("*"):
        path.unlink()
    done = desk.learn("read", "3")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no notebook yet" in done.stderr and "steps/03_users/README.md" in done.stderr
