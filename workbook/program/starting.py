"""What every kind of host shares: what to start, what was started, and the folders it runs in."""

from __future__ import annotations

import base64
import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from workbook.candidate import workspace
from workbook.program.channel import Channel

ROOT = Path(__file__).resolve().parents[2]
WEB_MODULES = ["flask", "flask.json.tag", "werkzeug.security", "werkzeug.test"]
MODULES = [*WEB_MODULES, "flask_cors", "flask_sqlalchemy", "sqlalchemy.dialects.sqlite"]
STOP_SECONDS = 5.0


def launch(*arguments: str, first: str = "") -> list[str]:
    """The command that starts a process of the untrusted side; `first` runs in it before anything is loaded.

    Neither the folder that one stands in nor the user's own packages play a part; see `surroundings`.
    """
    code = (
        f"import sys; sys.path[:] = [{str(ROOT)!r}, *filter(None, sys.path)]; {first}"
        "from workbook.candidate.server import main; main(sys.argv[1:])"
    )
    return [sys.executable, "-s", "-X", "utf8", "-c", code, *arguments]


def surroundings(names: Iterable[str]) -> dict[str, str]:
    """The environment variables of these names, without Python's own; sets have the same order in every run.

    https://docs.python.org/3/using/cmdline.html#envvar-PYTHONHASHSEED
    """
    kept = {name: os.environ[name] for name in names if name in os.environ and not name.startswith("PYTHON")}
    return {**kept, "PYTHONHASHSEED": "0"}


@dataclass(frozen=True)
class Spec:
    """What to start: the files ({relative path: content}), the module or factory, its configuration."""

    files: dict[str, bytes]
    target: str = "app"
    config: dict[str, Any] | None = None


@dataclass
class Process:
    """A started program: its channel, its folder, and what its host knows it by."""

    channel: Channel
    folder: str
    handle: Any
    exit_status: int | None = None
    copies: bool = False
    standby: Channel | None = None  # a copy made ahead of its use
    owns_folder: bool = True  # it is no second run in the folder of another
    attack: str = ""  # what it did to the processes around it, as the end of a sentence


class Host(Protocol):
    """Starts programs in fresh folders and ends them without leaving anything behind."""

    def start(self, spec: Spec, folder: str | None = None, spared: Process | None = None) -> Process: ...
    def stop(
        self, process: Process, *, hung: bool = False, ended: bool = False, spared: Process | None = None
    ) -> None: ...
    def databases(self, process: Process) -> list[dict[str, Any]]: ...
    def close(self) -> None: ...


@dataclass
class Folders:
    """Temporary folders, one a start, that go when the host does."""

    root: str = field(default_factory=lambda: os.path.realpath(tempfile.mkdtemp(prefix="workbook-")))
    count: int = 0

    def new(self) -> str:
        """The path of a new folder, which is not there yet."""
        self.count += 1
        return os.path.join(self.root, str(self.count))

    def remove(self) -> None:
        """Removes all of them."""
        workspace.clear(self.root)


def encoded(files: dict[str, bytes]) -> dict[str, str]:
    """The files as JSON can carry them: content in base64."""
    return {name: base64.b64encode(content).decode() for name, content in files.items()}
