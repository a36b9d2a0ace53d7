"""What was handed in is listed by the names that each platform gives, and nothing of it is read."""

import os
import sys
import zipfile
from pathlib import Path

import pytest

from tests.handins import APP, LOGIN, REPO, USERS, lay, zip_of
from workbook.course import WorkbookError
from workbook.grading import intake


def students(source):
    """What the names of entries tell: [(label, student)]."""
    return [(entry.label, entry.student) for entry in intake.entries(source)]


def test_canvas_names_are_read(tmp_path):
    """Name, number, LATE and attempt of Canvas; several files of one student are one entry."""
    names = ["doejane_1234_5678_repo-2.zip", "berganna_LATE_77_80_repo.zip", "berganna_LATE_77_81_more.zip",
             "anon_Ab3_5_repo.zip", "roejo_9_text.html"]  # fmt: skip
    found = intake.entries(lay(tmp_path, dict.fromkeys(names, b"")))
    assert [(entry.label, entry.student, entry.version[0]) for entry in found] == [
        ("anon_Ab3_5_repo.zip", "anon_Ab3", 0),
        ("berganna_LATE_77", "berganna\n#77", 0),
        ("doejane_1234_5678_repo-2.zip", "doejane\n#1234", 2),
        ("roejo_9_text.html", "roejo\n#9", 0),
    ]


@pytest.mark.parametrize("bulk", [True, False], ids=["zip", "folder"])
def test_canvas_files_are_put_together(tmp_path, bulk):
    """One archive a step, and of two attempts the newer, from Canvas's zip and from the folder it was unzipped to."""
    files = {
        "doejane_12_1_03_users.zip": zip_of({"app.py": b"old"}),
        "doejane_12_2_03_users-1.zip": zip_of({"app.py": APP}),
        "doejane_12_3_04_login.zip": zip_of({"04_login/app.py": APP}),
        "zed_13_4_steps.zip": zip_of(REPO),
    }
    source = lay(tmp_path, {"all.zip": zip_of(files)}) / "all.zip" if bulk else lay(tmp_path, files)
    jane, zed = (intake.take(entry, [USERS, LOGIN]) for entry in intake.entries(source))
    assert jane.files == {"03_users": {"app.py": APP}, "04_login": {"app.py": APP}}
    assert zed.files == {"03_users": {"app.py": APP}}


@pytest.mark.parametrize("bulk", [True, False], ids=["zip", "folder"])
def test_loose_files_of_canvas_are_one_program(tmp_path, bulk):
    """name_id_id_app-2.py is app.py again, and of two the newest counts."""
    files = {"doejane_12_1_app.py": b"old", "doejane_12_9_app-2.py": APP, "doejane_12_3_models.py": b"x = 1"}
    source = lay(tmp_path, {"all.zip": zip_of(files)}) / "all.zip" if bulk else lay(tmp_path, files)
    (entry,) = intake.entries(source)
    assert intake.take(entry, [USERS]).files == {"03_users": {"app.py": APP, "models.py": b"x = 1"}}


@pytest.mark.parametrize("bulk", [True, False], ids=["zip", "folder"])
@pytest.mark.parametrize(
    "path", ["_file_/repo.zip", "_file/repo.zip", "_file_repo.zip", "_file_/work/repo.zip"]
)
def test_moodle_names_are_read(tmp_path, path, bulk):
    """Name and number of Moodle, with a folder a student and without, nested archives opened."""
    files = {
        f"Åsa D'Arc_12_assignsubmission{path}": zip_of(REPO),
        "Jo Roe_9_assignsubmission_onlinetext_/a.html": b"",
    }
    source = lay(tmp_path, {"all.zip": zip_of(files)}) / "all.zip" if bulk else lay(tmp_path, files)
    jo, asa = intake.entries(source)
    assert (jo.student, asa.student) == ("Jo Roe\n#9", "Åsa D'Arc\n#12")
    assert intake.take(asa, [USERS]).files == {"03_users": {"app.py": APP}}
    assert intake.take(jo, [USERS]).trouble["*"][0] == "no-submission"


METADATA = """
submission_7:
  :submitters:
  - :name: Jane Doe
    :sid: '100'
    :email: jane@uni.example
  :created_at: 2026-03-08 18:09:45.652000000 Z
submission_8:
  :submitters:
  - {":name": Jo Roe, ":sid": '0200'}
  - {":name": Ann Lee, ":email": ann@uni.example}
"""


@pytest.mark.parametrize("bulk", [True, False], ids=["zip", "folder"])
def test_gradescopes_metadata_names_the_submitters(tmp_path, bulk):
    """Each submitter of a group gets the group's work; the number of the submission orders attempts."""
    files = {f"submission_{number}/repo/03_users/app.py": APP for number in (7, 8)}
    files["submission_metadata.yml"] = METADATA.encode()
    zipped = zip_of({f"assignment_export/{name}": content for name, content in files.items()})
    source = lay(tmp_path, {"all.zip": zipped}) / "all.zip" if bulk else lay(tmp_path, files)
    found = intake.entries(source)
    told = {entry.student: entry.version[0] for entry in found}
    assert told == {"Jane Doe\n100\njane@uni.example": 7, "Jo Roe\n0200": 8, "Ann Lee\nann@uni.example": 8}
    assert [intake.take(entry, [USERS]).files for entry in found] == [{"03_users": {"app.py": APP}}] * 3


def test_broken_metadata_is_no_reason_to_stop(tmp_path):
    """Without a readable submission_metadata.yml the folders' own names count."""
    lay(tmp_path, {"submission_7/03_users/app.py": APP, "submission_metadata.yml": b"submission_7: [*x"})
    assert students(tmp_path) == [("submission_7", "submission_7")]


def test_plain_names_are_read(tmp_path):
    """Folders and archives are entries by their names; a roster, notes and hidden files are not."""
    names = ["week1-octocat/03_users/app.py", "Jane Doe.zip", "ana.tar.gz", "ana (2).tgz", "bo.rar", "roster.csv",
             ".DS_Store", "Thumbs.db", "__MACOSX/x.py", "grading.toml"]  # fmt: skip
    found = students(lay(tmp_path, dict.fromkeys(names, b"")))
    assert found == [("Jane Doe.zip", "Jane Doe"), ("ana (2).tgz", "ana (2)"), ("ana.tar.gz", "ana"),
                     ("bo.rar", "bo"), ("week1-octocat", "week1-octocat")]  # fmt: skip


def test_a_class_zipped_again_by_hand_is_read(tmp_path):
    """One folder around all entries of a zip is looked through."""
    files = {"class/ana/steps/03_users/app.py": APP, "class/bob.zip": zip_of(REPO)}
    found = intake.entries(lay(tmp_path, {"all.zip": zip_of(files)}) / "all.zip")
    assert [entry.student for entry in found] == ["ana", "bob"]
    assert [list(intake.take(entry, [USERS]).files) for entry in found] == [["03_users"]] * 2


def test_of_two_uploads_to_canvas_the_newer_counts(tmp_path):
    """Attachments are counted up: the higher number is the newer hand-in, whatever the archives are called."""
    files = {
        "doejane_12_30_a.zip": zip_of(REPO),
        "doejane_12_9_b.zip": zip_of({"steps/03_users/app.py": b"old"}),
    }
    (entry,) = intake.entries(lay(tmp_path, files))
    taken = intake.take(entry, [USERS])
    assert taken.files == {"03_users": {"app.py": APP}} and "b/steps/03_users does not" in taken.notes[0]


def test_one_repository_as_a_zip_is_one_entry(tmp_path):
    """GitHub's zip of one student's repository is not taken for a class whose students are its folders."""
    lay(tmp_path, {"all.zip": zip_of(REPO)})
    assert students(tmp_path / "all.zip") == [("repo-main", "repo-main")]


@pytest.mark.parametrize("name", ["nothing", "notes.txt", "broken.zip", "copy", "copy.zip"])
def test_what_is_no_class_is_one_sentence(tmp_path, name):
    """A missing folder, a file that is no zip, and one student's copy of the workbook are told by a sentence."""
    lay(tmp_path, {"notes.txt": b"hello", "broken.zip": b"PK", "copy/steps/03_users/app.py": APP})
    lay(tmp_path, {"copy.zip": zip_of({"steps/03_users/app.py": APP})})
    with pytest.raises(WorkbookError) as caught:
        intake.entries(tmp_path / name)
    assert name in str(caught.value) and str(caught.value).endswith(".")


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS stores no name that is not UTF-8")
def test_names_of_any_letters_are_one_entry_each(tmp_path):
    """Commas, quotes, newlines, formulas, RTL, emoji and undecodable bytes: an entry each, that can be written."""
    names = [
        "a,b",
        'say "hi"',
        "two\nlines",
        "=cmd|' /C calc'!A0",
        "\u202eevil",
        "👩‍🚀",
        os.fsdecode(b"caf\xe9"),
        "-rf",
    ]
    for name in names:
        lay(tmp_path / name, {"03_users/app.py": APP})
    found = intake.entries(tmp_path)
    assert len(found) == len(names)
    for entry in found:
        (entry.label + entry.student).encode("utf-8")
        assert intake.take(entry, [USERS]).files == {"03_users": {"app.py": APP}}


def test_the_newest_file_dates_an_entry(tmp_path):
    """Seconds since the epoch of the newest file of a folder, and of a zip's members as their archive tells."""
    lay(tmp_path / "class", {"ana/a.py": b"", "ana/b.py": b""})
    os.utime(tmp_path / "class/ana/a.py", (0, 1_000_000))
    os.utime(tmp_path / "class/ana/b.py", (0, 2_000_000))
    assert intake.entries(tmp_path / "class")[0].version == (0, 2_000_000.0)
    member = zipfile.ZipInfo("ana/a.py", (2026, 1, 2, 3, 4, 6))
    lay(tmp_path, {"all.zip": zip_of({member: b"", zipfile.ZipInfo("bob/a.py"): b""})})
    assert intake.entries(tmp_path / "all.zip")[0].version == (0, 1767323046.0)


def test_entries_do_not_read_what_was_handed_in(tmp_path, monkeypatch):
    """Listing a class opens none of its archives."""
    lay(tmp_path, {f"s{number}.zip": zip_of(REPO) for number in range(300)})
    monkeypatch.setattr(zipfile, "ZipFile", None)
    monkeypatch.setattr(Path, "read_bytes", None)
    assert len(intake.entries(tmp_path)) == 300
