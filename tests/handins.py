"""What students hand in: folders and archives, made for a test."""

import io
import tarfile
import zipfile

from workbook.course import find
from workbook.grading import intake

APP = b"from flask import Flask\napp = Flask(__name__)\n"
USERS, LOGIN, BLUEPRINTS = find("03_users"), find("04_login"), find("10_blueprints")
REPO = {"repo-main/steps/03_users/app.py": APP, "repo-main/README.md": b"hello"}


def lay(folder, files):
    """Writes {path: content} below a folder, which it gives."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def zip_of(files):
    """The bytes of a zip with {path: content}; a path may also be a ZipInfo."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def tar_of(files):
    """The bytes of a .tar.gz with {path: content}; a content may also be a TarInfo."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as archive:
        for name, content in files.items():
            info = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            if info is content:
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def tar_entry(name, kind, target="/etc/passwd"):
    """A member of a tar that is no file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def zip_entry(name, mode=0o100644):
    """A member of a zip with a Unix mode."""
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def entry_of(tmp_path, name, content):
    """The one entry of a class in which one thing with this name was handed in."""
    if isinstance(content, dict):
        lay(tmp_path / "class" / name, content)
    else:
        lay(tmp_path / "class", {name: content})
    (entry,) = intake.entries(tmp_path / "class")
    return entry


def take(tmp_path, name, content, wanted=(USERS,)):
    """What is taken of one thing handed in under this name: the bytes of a file, or a folder's {path: content}."""
    return intake.take(entry_of(tmp_path, name, content), list(wanted))
