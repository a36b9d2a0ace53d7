"""What is taken of a hand-in: the learner's own program of each step, and nothing else."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.handins import APP, BLUEPRINTS, LOGIN, REPO, USERS, lay, take, tar_of, zip_of
from workbook.course import ROOT, find, steps
from workbook.grading import finding, intake, nodes, paths
from workbook.learner import starters


@pytest.mark.parametrize(
    "path",
    ["steps/03_users", "03_users", "repo-main/steps/03_users", "a/b/c/03_users", "repo/Steps/03_Users"],
)
@pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
def test_a_steps_folder_is_found_at_any_depth(tmp_path, path, kind):
    """A folder, a zip and a .tar.gz give the same files, however deep the step's folder lies in them."""
    files = {
        f"{path}/app.py": APP,
        f"{path}/README.md": b"no",
        f"__MACOSX/{path}/._app.py": b"no",
        ".DS_Store": b"no",
    }
    handed_in = {
        "folder": ("ana", files),
        "zip": ("ana.zip", zip_of(files)),
        "tar": ("ana.tar.gz", tar_of(files)),
    }
    taken = take(tmp_path, *handed_in[kind])
    assert taken.files == {"03_users": {"app.py": APP}}
    assert taken.trouble == {} and taken.notes == ()


def test_a_missing_step_has_no_key(tmp_path):
    """A step whose folder is not there has neither files nor trouble; the others are taken."""
    taken = take(tmp_path, "ana.zip", zip_of(REPO), (USERS, LOGIN))
    assert (list(taken.files), taken.trouble) == (["03_users"], {})


def test_a_package_is_taken_whole_and_what_the_step_gives_is_not(tmp_path):
    """Of a package all Python files are taken, and pyproject.toml, which the step gives, without a note."""
    names = ["pyproject.toml", "hints.md", "social_api/__init__.py", "social_api/routes/users.py", "app.py"]
    taken = take(tmp_path, "ana", {f"steps/10_blueprints/{name}": b"x = 1" for name in names}, [BLUEPRINTS])
    assert sorted(taken.files["10_blueprints"]) == [
        "app.py",
        "social_api/__init__.py",
        "social_api/routes/users.py",
    ]
    assert taken.notes == ()


@pytest.mark.parametrize("step", steps(), ids=lambda step: step.slug)
def test_every_starter_handed_in_as_it_is_comes_back_whole(tmp_path, step):
    """What a step delivers to a learner is taken byte for byte, so that no edit of a learner is lost."""
    delivered = starters.delivered(step)
    taken = take(
        tmp_path, "ana", {f"steps/{step.slug}/{name}": text for name, text in delivered.items()}, [step]
    )
    assert taken.files == {step.slug: delivered}


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("steps/[0-9]*/README.md")), ids=lambda path: path.parent.name
)
def test_every_readme_names_what_a_learner_edits(path):
    """The files behind "Files you edit:" stand in the step's folder; a folder's name ends in a slash."""
    named = finding.declared(find(path.parent.name))
    assert named
    for name in named:
        assert (path.parent / name).is_dir() if name.endswith("/") else (path.parent / name).is_file()


def a_step(tmp_path, readme):
    """A workbook with the one step 13_page, whose README this is."""
    root = lay(tmp_path / "book", {"steps/13_page/README.md": readme.encode(), "checks/test_13_page.py": b""})
    return find("13", root)


def test_what_the_readme_names_is_taken_beside_python(tmp_path):
    """A file named behind "Files you edit:", and all of a folder named there, are taken; others are not."""
    step = a_step(
        tmp_path, "# 13\n\nFiles you edit: `page/app.js` and\n`migrations/`. Given: `page/index.html`.\n"
    )
    names = [
        "page/app.js",
        "page/index.html",
        "migrations/versions/1.py",
        "migrations/alembic.ini",
        "notes.txt",
    ]
    taken = take(tmp_path, "ana", {f"13_page/{name}": b"x" for name in names}, [step])
    assert sorted(taken.files["13_page"]) == [
        "migrations/alembic.ini",
        "migrations/versions/1.py",
        "page/app.js",
    ]


def test_tests_are_taken_where_the_step_is_about_them(tmp_path):
    """conftest.py and test files that the README names are the learner's work, not settings."""
    step = a_step(tmp_path, "Files you edit: `tests/`\n")
    taken = take(
        tmp_path, "ana", {"13_page/tests/conftest.py": b"a", "13_page/tests/test_users.py": b"b"}, [step]
    )
    assert sorted(taken.files["13_page"]) == ["tests/conftest.py", "tests/test_users.py"]


@pytest.mark.parametrize(
    "name",
    ["conftest.py", "pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini", "sitecustomize.py", "x.pth",
     "test_app.py", "app.cpython-311-x86_64-linux-gnu.so", "app.pyc", "app/__init__.py", "app/routes.py"],
)  # fmt: skip
def test_what_could_steer_a_grader_is_ignored_and_noted(tmp_path, name):
    """Settings, tests, compiled files and a package named app beside app.py are left out, and a note says so."""
    taken = take(tmp_path, "ana", {"03_users/app.py": APP, f"03_users/{name}": b"x"})
    assert taken.files == {"03_users": {"app.py": APP}}
    assert [note for note in taken.notes if name in note and "ignored" in note]


def test_settings_above_the_steps_are_noted_unless_the_workbook_has_them(tmp_path):
    """A pytest.ini at the top of a repository is noted once, the workbook's own files are not."""
    own = {
        "pyproject.toml": b"x",
        "steps/conftest.py": b"x",
        "steps/03_users/app.py": APP,
        "steps/04_login/app.py": APP,
    }
    taken = take(tmp_path, "ana", own | {"pytest.ini": b"x"}, (USERS, LOGIN))
    assert taken.notes == ("Ignored pytest.ini: only the program's own Python source is run.",)


def test_a_test_file_that_the_program_imports_is_taken(tmp_path):
    """A module with a name like a test's stays where the program names it, as on the student's machine."""
    taken = take(tmp_path, "ana", {"03_users/app.py": b"import test_data", "03_users/test_data.py": b"x = 1"})
    assert sorted(taken.files["03_users"]) == ["app.py", "test_data.py"]


def test_a_file_that_hides_a_package_is_taken_and_noted(tmp_path):
    """flask.py is part of the program, and a note says what it hides."""
    taken = take(tmp_path, "ana", {"03_users/app.py": APP, "03_users/flask.py": b""})
    assert sorted(taken.files["03_users"]) == ["app.py", "flask.py"]
    assert taken.notes == ("03_users: a file named flask.py hides the package flask.",)


def test_of_two_folders_of_a_step_the_rule_decides_and_a_note_says_so(tmp_path):
    """The one in `steps` counts before one that lies nearer to the top, and both are named."""
    taken = take(tmp_path, "ana", {"03_users/app.py": b"old", "repo/steps/03_users/app.py": b"new"})
    assert taken.files["03_users"] == {"app.py": b"new"}
    assert "repo/steps/03_users counts, 03_users does not" in taken.notes[0]


@pytest.mark.parametrize("wanted", [(USERS,), (USERS, LOGIN)], ids=["one step", "two steps"])
def test_the_workbooks_own_copies_of_a_step_are_never_a_program(tmp_path, wanted):
    """The reference, the kept starters and the tests' programs have the steps' names and do not count."""
    folders = ["solutions/03_users", "workbook/starters/03_users", "tests/programs/03_users", "steps/02_echo"]
    taken = take(tmp_path, "ana", {f"{folder}/app.py": APP for folder in folders}, wanted)
    assert taken.files == {} and taken.trouble["*"][0] == "no-submission"


def test_environments_caches_and_hidden_folders_are_not_looked_into(tmp_path, monkeypatch):
    """A folder .venv with more files than a hand-in may hold costs nothing and stops nothing."""
    monkeypatch.setattr(nodes, "MAX_FILES", 300)
    big = {f"repo/.venv/lib/{number}.py": b"" for number in range(301)}
    taken = take(
        tmp_path, "ana.zip", zip_of(REPO | big | {"repo/venv/03_users/app.py": b"no", ".git/config": b"no"})
    )
    assert taken.files == {"03_users": {"app.py": APP}} and not taken.notes


def test_a_program_without_its_folder_is_taken_where_one_step_is_graded(tmp_path):
    """With one step it is plain what a lone app.py is; a note says what was done."""
    taken = take(tmp_path, "ana.zip", zip_of({"my work/app.py": APP, "my work/other.py": b"x"}))
    assert sorted(taken.files["03_users"]) == ["app.py", "other.py"]
    assert taken.notes == ("03_users: there is no folder of this name; my work was taken for it.",)


def test_a_program_without_its_folder_is_no_submission_where_several_are_graded(tmp_path):
    """The sentence says what is there instead and what to ask for."""
    taken = take(tmp_path, "ana.zip", zip_of({"app.py": APP}), (USERS, LOGIN))
    status, reason = taken.trouble["*"]
    assert (taken.files, status) == ({}, "no-submission")
    assert "there is app.py" in reason and "steps/03_users" in reason


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_an_empty_hand_in_is_no_submission(tmp_path, kind):
    """An empty folder and an empty zip are told apart from a broken one."""
    if kind == "folder":
        (tmp_path / "class" / "ana").mkdir(parents=True)
    else:
        lay(tmp_path / "class", {"ana.zip": zip_of({})})
    (entry,) = intake.entries(tmp_path / "class")
    assert intake.take(entry, [USERS]).trouble == {"*": ("no-submission", "It is empty.")}


def test_a_step_without_python_is_no_submission_of_that_step(tmp_path):
    """A step's folder in which there is only a README is told from one that is not there."""
    taken = take(tmp_path, "ana", REPO | {"repo-main/steps/04_login/README.md": b""}, (USERS, LOGIN))
    assert taken.trouble["04_login"][0] == "no-submission" and "04_login" in taken.trouble["04_login"][1]


def test_an_empty_program_is_taken(tmp_path):
    """A file of 0 bytes is a program, on which the checker has the word."""
    assert take(tmp_path, "ana", {"03_users/app.py": b""}).files == {"03_users": {"app.py": b""}}


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60), max_size=20))
@settings(deadline=None)
def test_file_names_of_ids_are_safe_and_different(ids):
    """Any ids have different names, also where letter case does not count, and each can be stored everywhere."""
    names = paths.safe_names(ids)
    assert set(names) == set(ids)
    assert len({paths.same_place(name) for name in names.values()}) == len(names)
    assert all(paths.portable(f"{name}.json") and "/" not in name for name in names.values())


@pytest.mark.parametrize("id", ["s1001", "S1001", "jane.doe", "doejane_1234", "李雷", "0042"])
def test_a_plain_id_is_its_own_file_name(id):
    """Letters, digits and "-_." need no change, so that results/ID.json is what it says."""
    assert intake.safe_name(id) == id


def test_ids_that_differ_in_case_have_different_file_names():
    """On Windows and macOS "ab" and "AB" are one file: the one with capitals is marked."""
    names = intake.safe_names(["ab", "AB", "c"])
    assert (names["ab"], names["c"]) == ("ab", "c")
    assert names["AB"].startswith("AB~")


def test_the_order_in_which_a_disk_lists_files_changes_nothing(tmp_path, monkeypatch):
    """Two folders of a step and names that differ in case: the same is taken when all is listed backwards."""
    lay(tmp_path, {"ana/a/03_users/app.py": b"1", "ana/b/03_users/app.py": b"2", "ana/a/03_users/x.py": b"3"})
    lay(tmp_path, {"ana/a/03_users/X.py": b"4", "bob.zip": zip_of(REPO), "ana/a/03_users/flask.py": b""})
    scandir = os.scandir

    class Backwards:
        def __init__(self, path):
            with scandir(path) as found:
                self.found = sorted(found, key=lambda entry: entry.name)

        def __iter__(self):
            return self

        def __next__(self):
            if not self.found:
                raise StopIteration
            return self.found.pop()

        def __enter__(self):
            return self

        def __exit__(self, *_error):
            return None

    one = [(entry, intake.take(entry, [USERS])) for entry in intake.entries(tmp_path)]
    monkeypatch.setattr(os, "scandir", Backwards)
    assert [(entry, intake.take(entry, [USERS])) for entry in intake.entries(tmp_path)] == one
    assert one[0][1].notes


def test_an_archive_in_a_steps_folder_stays_closed(tmp_path):
    """A learner's backup in a step is no hand-in of another step."""
    files = {"03_users/app.py": APP, "03_users/backup.zip": zip_of({"04_login/app.py": APP})}
    assert list(take(tmp_path, "ana", files, (USERS, LOGIN)).files) == ["03_users"]
