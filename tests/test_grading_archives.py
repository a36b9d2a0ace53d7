"""Every hostile, broken and odd archive or folder is survived; nothing is followed, and nothing leads out."""

import contextlib
import io
import os
import stat
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.handins import (
    APP,
    LOGIN,
    REPO,
    USERS,
    lay,
    take,
    tar_entry,
    tar_of,
    zip_entry,
    zip_of,
)
from workbook.grading import archives, intake, nodes, paths


@pytest.mark.parametrize(
    "name", ["../03_users/evil.py", "/03_users/evil.py", "C:\\03_users\\evil.py", "03_users/../../evil.py"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_names_that_lead_out_are_ignored_and_noted(tmp_path, name, kind):
    """Two dots, an absolute path or a drive letter: the member is not taken, the rest is."""
    files = {"03_users/app.py": APP, name: b"evil"}
    taken = take(tmp_path, *{"zip": ("ana.zip", zip_of(files)), "tar": ("ana.tgz", tar_of(files))}[kind])
    assert taken.files == {"03_users": {"app.py": APP}}
    assert len(taken.notes) == 1 and "would lead out of the folder" in taken.notes[0]


def test_backslashes_are_separators(tmp_path):
    """Zips of some Windows programs name their members with backslashes."""
    assert take(tmp_path, "ana.zip", zip_of({"steps\\03_users\\app.py": APP})).files == {
        "03_users": {"app.py": APP}
    }


@pytest.mark.parametrize(
    "name", ["CON.py", "nul.py", "com1.x.py", "a:b.py", "trailing. /x.py", "x" * 300 + ".py", "a\x01.py"]
)
def test_names_that_some_system_cannot_store_are_ignored_and_noted(tmp_path, name):
    """Device names of Windows, control letters and paths beyond its length are left out."""
    taken = take(tmp_path, "ana.zip", zip_of({"03_users/app.py": APP, f"03_users/{name}": b"x"}))
    assert taken.files == {"03_users": {"app.py": APP}}
    assert len(taken.notes) == 1 and "not every system can store" in taken.notes[0]


def test_of_names_that_differ_in_case_the_small_one_counts(tmp_path):
    """app.py and APP.py are one file on Windows and macOS: app.py is taken in whatever order they stand."""
    both = [("03_users/APP.py", b"no"), ("03_users/app.py", APP)]
    for at, files in enumerate((dict(both), dict(reversed(both)))):
        taken = take(tmp_path / str(at), "ana.zip", zip_of(files))
        assert taken.files == {"03_users": {"app.py": APP}} and "APP.py" in taken.notes[0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_members_with_one_name_the_last_counts(tmp_path):
    """As for the programs that extract; a note says that there were two."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("03_users/app.py", "first")
        archive.writestr("03_users/app.py", "second")
    taken = take(tmp_path, "ana.zip", buffer.getvalue())
    assert taken.files == {"03_users": {"app.py": b"second"}} and "more than once" in taken.notes[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ana.zip", zip_of({zip_entry("03_users/app.py", stat.S_IFLNK | 0o777): b"/etc/passwd"})),
        ("ana.zip", zip_of({zip_entry("03_users/app.py", stat.S_IFIFO | 0o666): b""})),
        ("ana.tgz", tar_of({"a": tar_entry("03_users/app.py", tarfile.SYMTYPE)})),
        ("ana.tgz", tar_of({"a": tar_entry("03_users/app.py", tarfile.LNKTYPE, "other.py")})),
        ("ana.tgz", tar_of({"a": tar_entry("03_users/app.py", tarfile.CHRTYPE)})),
        ("ana.tgz", tar_of({"a": tar_entry("03_users", tarfile.SYMTYPE)})),
    ],
    ids=["zip-link", "zip-pipe", "tar-link", "tar-hard-link", "tar-device", "tar-linked-folder"],
)
def test_a_program_that_is_no_ordinary_file_is_unreadable(tmp_path, name, content):
    """Links, pipes and devices in an archive are not followed: the step is unreadable, and the sentence names it."""
    taken = take(tmp_path, name, content)
    assert taken.files == {} and taken.trouble["03_users"][0] == "unreadable"
    assert "03_users" in taken.trouble["03_users"][1]


@pytest.mark.parametrize("link", ["03_users/app.py", "03_users", "."])
def test_links_on_disk_are_not_followed(tmp_path, link):
    """app.py, the step's folder or the whole entry as a link to another student's work: unreadable."""
    lay(tmp_path / "bob", {"03_users/app.py": APP})
    target = tmp_path / "class" / "ana" / link
    target.parent.mkdir(parents=True)
    target.symlink_to(tmp_path / "bob" / link)
    (entry,) = intake.entries(tmp_path / "class")
    taken = intake.take(entry, [USERS])
    ((status, reason),) = taken.trouble.values()
    assert (taken.files, status) == ({}, "unreadable") and "is a link" in reason


def test_a_file_that_becomes_a_link_is_not_followed(tmp_path):
    """Between listing and reading nothing can be slipped in."""
    lay(tmp_path, {"ana/app.py": APP, "secret": b"secret"})
    (node,) = archives.folder(tmp_path / "ana").nodes
    (tmp_path / "ana/app.py").unlink()
    (tmp_path / "ana/app.py").symlink_to(tmp_path / "secret")
    with pytest.raises(nodes.Unreadable):
        node.load()


def test_a_pipe_on_disk_is_not_opened(tmp_path):
    """A named pipe would let a reader wait for ever."""
    lay(tmp_path / "class", {"ana/03_users/other.py": b""})
    os.mkfifo(tmp_path / "class/ana/03_users/app.py")
    os.mkfifo(tmp_path / "class/bob.zip")
    for entry in intake.entries(tmp_path / "class"):
        ((status, reason),) = intake.take(entry, [USERS]).trouble.values()
        assert status == "unreadable" and "no ordinary file" in reason


def test_an_encrypted_archive_is_unreadable(tmp_path):
    """The flag that a member is encrypted is enough; no password is asked for."""
    content = bytearray(zip_of({"03_users/app.py": APP}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    status, reason = take(tmp_path, "ana.zip", bytes(content)).trouble["03_users"]
    assert status == "unreadable" and "encrypted" in reason and "password" in reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty, 0 bytes"),
        (b"Rar!\x1a\x07\x00", "neither a zip nor a .tar.gz"),
        (b"<html>Log in</html>", "neither a zip nor a .tar.gz"),
        (zip_of(REPO)[:-40], "no zip, or half of one"),
        (zip_of(REPO)[40:], "neither a zip"),
        (tar_of(REPO)[:-40], "damaged"),
        (b"\x1f\x8b" + bytes(100), "damaged"),
        (b"PK\x05\x06" + b"\xff" * 18, "damaged"),
    ],
)
def test_a_broken_archive_is_unreadable_with_the_mend(tmp_path, content, words):
    """The sentence names the archive, what is wrong and what to do."""
    taken = take(tmp_path, "ana.zip", content)
    status, reason = taken.trouble["*"]
    assert (taken.files, status) == ({}, "unreadable")
    assert reason.startswith("ana.zip ") and words in reason and "ask for" in reason.lower()


def test_a_damaged_member_spoils_only_its_step(tmp_path):
    """One flipped byte in a step's program: that step is unreadable, the other is graded."""
    files = {"03_users/app.py": bytes(range(256)), "04_login/app.py": APP}
    content = bytearray(zip_of(files))
    content[60] ^= 0xFF
    taken = take(tmp_path, "ana.zip", bytes(content), (USERS, LOGIN))
    assert list(taken.files) == ["04_login"] and taken.trouble["03_users"][0] == "unreadable"


@contextlib.contextmanager
def without_rights():
    """Root may read everything, so a root takes another user's place for a while."""
    me = os.geteuid()
    os.seteuid(me or 65534)
    try:
        yield
    finally:
        os.seteuid(me)


def test_what_may_not_be_read_is_unreadable():
    """A folder and a file without rights give a sentence with the mend."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        lay(Path(folder), {"ana/03_users/app.py": APP, "bob/03_users/app.py": APP})
        found = intake.entries(Path(folder))
        assert [list(intake.take(entry, [USERS]).files) for entry in found] == [["03_users"]] * 2
        (Path(folder) / "ana").chmod(0)
        (Path(folder) / "bob/03_users/app.py").chmod(0)
        with without_rights():
            ana, bob = (intake.take(entry, [USERS]).trouble for entry in found)
    assert ana["*"][0] == bob["03_users"][0] == "unreadable"
    assert "Permission denied" in ana["*"][1] and "Permission denied" in bob["03_users"][1]


NAMES = st.one_of(
    st.sampled_from(
        ["03_users", "app.py", "steps", "..", ".", "", "C:", "con", "APP.PY", "repo.zip", "x.py", "/", "\\"]
    ),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8),
)
TREES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=5).map("/".join), st.binary(max_size=30), max_size=12
)


@given(TREES, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_zip_gives_safe_files_whatever_its_order(tmp_path_factory, tree, random):
    """Every path that is taken stays in its folder on every system, and no order of members changes it."""
    names = sorted(tree)
    taken = []
    for _again in range(2):
        folder = tmp_path_factory.mktemp("class")
        unique = {paths.tidy(name) or name: name for name in sorted(names)}
        members = [name for name in names if name in unique.values()]
        taken.append(take(folder, "ana.zip", zip_of({zipfile.ZipInfo(name): tree[name] for name in members})))
        random.shuffle(names)
    assert taken[0] == taken[1]
    for files in taken[0].files.values():
        for name in files:
            assert paths.portable(name) and paths.tidy(name) == name
        assert len({name.casefold() for name in files}) == len(files)


@given(st.binary(max_size=300), st.sampled_from(["zip", "tar"]), st.integers(0, 400), st.binary(max_size=8))
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_survived(tmp_path_factory, content, kind, at, garbage):
    """Random bytes, and a good archive with some bytes replaced, give a verdict each and never an exception."""
    good = zip_of(REPO) if kind == "zip" else tar_of(REPO)
    for handed_in in (content, good[:at] + garbage + good[at + len(garbage) :]):
        taken = take(tmp_path_factory.mktemp("class"), "ana.zip", handed_in)
        assert taken.files or taken.trouble
