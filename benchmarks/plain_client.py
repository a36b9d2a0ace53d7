"""A pytest plugin for comparison: the same checks on Flask's own test client, in one process, without a judge.

The program is imported anew for each check from the folder in the environment variable PROGRAM. What only the
workbook's own fixtures can tell (restarts, statements, memory) is skipped.
"""

import importlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from workbook.checking.vary import Vary


def pytest_configure(config):
    """Names the marks that checks carry."""
    for mark in ("todo(number)", "points(number)", "waits_for(name)", "target(name, config)"):
        config.addinivalue_line("markers", mark)


@pytest.fixture
def new_client(request):
    """Makes clients of a freshly imported app in a fresh folder."""
    mark = request.node.get_closest_marker("target")
    module, _, factory = (mark.args[0] if mark else "app").partition(":")
    config = mark.kwargs.get("config") if mark else None
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(os.environ["PROGRAM"], folder, dirs_exist_ok=True)
        os.chdir(folder)
        sys.path.insert(0, folder)
        try:
            loaded = importlib.import_module(module)
            app = getattr(loaded, factory)(config) if factory else loaded.app
            yield app.test_client
        finally:
            sys.path.remove(folder)
            os.chdir(here)
            for name in [name for name in sys.modules if name.partition(".")[0] in ("app", "social_api")]:
                del sys.modules[name]


@pytest.fixture
def client(new_client):
    """One client."""
    return new_client()


@pytest.fixture
def vary(request):
    """The inputs of the workbook."""
    return Vary(request.node.name)


@pytest.fixture
def program():
    """What only the workbook's own fixture can tell."""
    pytest.skip("asks more than HTTP")


@pytest.fixture
def files():
    """The files of the program."""
    folder = Path(os.environ["PROGRAM"])
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.py")}
