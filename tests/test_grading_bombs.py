"""What is too large, too many or too deep is refused before it costs memory."""

import gzip
import io
import struct
import tarfile
import tracemalloc
import zipfile

import pytest

from tests.handins import (
    APP,
    LOGIN,
    USERS,
    entry_of,
    take,
    tar_of,
    zip_of,
)
from workbook.grading import archives, intake, nodes

BOMB = bytes(60 * 1024 * 1024)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ana.zip", zip_of({"03_users/app.py": BOMB})),
        ("ana.zip", zip_of({"03_users/app.py": APP, "big.bin": BOMB})),
        ("ana.tgz", tar_of({"03_users/app.py": APP, "big.bin": BOMB})),
        ("ana.zip", zip_of({"repo.zip": zip_of({"03_users/app.py": BOMB})})),
        ("ana.zip", zip_of({"repo.tgz": tar_of({"03_users/app.py": BOMB})})),
    ],
    ids=["zip", "beside", "tar", "zip-in-zip", "tar-in-zip"],
)
def test_a_bomb_is_unreadable(tmp_path, name, content):
    """An archive that would expand beyond 50 MB is refused, in archives too."""
    taken = take(tmp_path, name, content)
    assert taken.files == {} and taken.trouble["*"][0] == "unreadable"
    assert "expands beyond 50 MB" in taken.trouble["*"][1]


def test_a_zip_that_lies_about_a_size_is_unreadable(tmp_path):
    """A member that expands beyond what the list declares is damaged, and is not read on."""
    content = bytearray(zip_of({"03_users/app.py": BOMB}))
    struct.pack_into("<L", content, content.index(b"PK\x01\x02") + 24, 10)
    taken = take(tmp_path, "ana.zip", bytes(content))
    assert taken.files == {} and taken.trouble["03_users"][0] == "unreadable"
    assert "damaged" in taken.trouble["03_users"][1]


def test_a_compression_that_cannot_be_metered_is_unreadable(tmp_path):
    """A few bytes of bzip2 make gigabytes in one step, so such a member is not read."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("03_users/app.py", APP)
    assert "ordinary zip" in take(tmp_path, "ana.zip", content.getvalue()).trouble["03_users"][1]


def endless_header():
    """The header of a tar's member, which a reader would take whole into memory."""
    info = tarfile.TarInfo("x")
    info.pax_headers = {"comment": "x" * len(BOMB) * 3}
    return info.tobuf(tarfile.PAX_FORMAT)


@pytest.mark.parametrize(
    ("name", "content", "megabytes"),
    [
        ("ana.zip", lambda: zip_of({"03_users/app.py": BOMB * 3}), 5),
        ("ana.tgz", lambda: gzip.compress(endless_header(), 1), 120),
        ("ana.tgz", lambda: gzip.compress(tarfile.TarInfo(".venv/x").tobuf() * 20_000, 1), 5),
    ],
    ids=["zip", "tar-header", "tar-members"],
)
def test_a_bomb_takes_no_memory(tmp_path, name, content, megabytes):
    """What would expand to 180 MB, or to endless members, costs a fraction of that."""
    entry = entry_of(tmp_path, name, content())
    tracemalloc.start()
    taken = intake.take(entry, [USERS])
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken.files == {} and taken.trouble["*"]
    assert peak < megabytes * 1024**2


@pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
def test_more_files_than_a_hand_in_may_hold_are_unreadable(tmp_path, monkeypatch, kind):
    """One file more than the limit is refused with a sentence, whatever they come in; the limit itself is not."""
    monkeypatch.setattr(nodes, "MAX_FILES", 300)
    for count in (300, 301):
        files = {f"03_users/{number}.txt": b"" for number in range(count - 1)} | {"03_users/app.py": APP}
        handed_in = {
            "folder": ("ana", files),
            "zip": ("ana.zip", zip_of(files)),
            "tar": ("ana.tgz", tar_of(files)),
        }
        taken = take(tmp_path / str(count), *handed_in[kind])
        assert bool(taken.files) == (count == 300)
    assert taken.trouble["*"][0] == "unreadable" and "more than 20,000 files" in taken.trouble["*"][1]


def test_a_step_with_too_many_files_spoils_only_itself(tmp_path):
    """501 Python files are no step's program; the other step is graded."""
    many = {f"03_users/m{number}.py": b"" for number in range(501)}
    taken = take(tmp_path, "ana", many | {"04_login/app.py": APP}, (USERS, LOGIN))
    assert list(taken.files) == ["04_login"] and "500 files" in taken.trouble["03_users"][1]


def test_archives_in_archives_are_opened_to_a_limit(tmp_path):
    """A zip in a zip is read; one in many is left closed, and the sentence says so."""
    content = zip_of({"03_users/app.py": APP})
    for depth in range(6):
        content = zip_of({f"{depth}.zip": content})
        taken = take(tmp_path / str(depth), "ana.zip", content)
        assert ("03_users" in taken.files) == (depth < 3)
    assert taken.trouble["*"][0] == "unreadable" and "is not opened" in taken.trouble["*"][1]


def test_one_archive_a_step_is_read(tmp_path):
    """03_users.zip with app.py at its top stands for the folder 03_users, and so does one with the folder in it."""
    files = {"03_users.zip": zip_of({"app.py": APP}), "04_login.zip": zip_of({"04_login/app.py": APP})}
    taken = take(tmp_path, "ana.zip", zip_of(files), (USERS, LOGIN))
    assert taken.files == {"03_users": {"app.py": APP}, "04_login": {"app.py": APP}} and taken.notes == ()


def test_a_zip_with_too_long_a_list_is_not_opened(tmp_path, monkeypatch):
    """zipfile would read the list of members at once; a small size in one record hides no large one in another."""
    monkeypatch.setattr(archives, "_DIRECTORY", 1_000)
    content = zip_of({f"{number}/03_users/app.py": APP for number in range(30)})
    end = content.rindex(b"PK\x05\x06")
    size, begin = struct.unpack_from("<LL", content, end + 12)
    large = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 30, 30, size, begin)
    large += struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    small = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 30, 30, 10, begin, 0)
    for at, broken in enumerate((content, content[:end] + large + small)):
        assert len(zipfile.ZipFile(io.BytesIO(broken)).infolist()) == 30
        status, reason = take(tmp_path / str(at), "ana.zip", broken).trouble["*"]
        assert status == "unreadable" and "more than 20,000 files" in reason


def test_more_archives_than_steps_and_some_are_not_opened(tmp_path):
    """Of 41 archives in a hand-in the last stays closed, and a note says so."""
    inner = {f"{number:02}.zip": zip_of({"04_login/app.py": APP}) for number in range(41)}
    taken = take(tmp_path, "ana.zip", zip_of(inner), (USERS, LOGIN))
    assert list(taken.files) == ["04_login"]
    assert taken.notes[-1] == "40.zip is not opened, because it is one of more than 40 archives."
