"""Where candidate processes come from: a fork server, or a plain process each.

Both start the same program from the same files with the same verdict; the fork server
takes milliseconds where a plain process takes half a second.
"""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from workbook.candidate import wire, workspace
from workbook.program.channel import Channel, Output, PipeChannel, SocketChannel, Trouble

ROOT = Path(__file__).resolve().parents[2]
WEB_MODULES = ["flask", "flask.json.tag", "werkzeug.security", "werkzeug.test"]
MODULES = [*WEB_MODULES, "flask_cors", "flask_sqlalchemy", "sqlalchemy.dialects.sqlite"]
START_SECONDS = 20.0  # until a fork server has imported everything, on a slow machine
STOP_SECONDS = 5.0

_LAUNCH = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
    "from workbook.candidate.server import main; main(sys.argv[1:])"
)


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
        """A new empty folder."""
        self.count += 1
        folder = os.path.join(self.root, str(self.count))
        os.mkdir(folder)
        return folder

    def remove(self) -> None:
        """Removes all of them."""
        if os.path.isdir(self.root):
            workspace.clear(self.root)


def _encoded(files: dict[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


class ForkHost:
    """A fork server of our own, started once and used for one program after the other."""

    def __init__(self, modules: list[str] = MODULES) -> None:
        self.modules = modules
        self.folders = Folders()
        self._launch()

    def _launch(self) -> None:
        ours, theirs = socket.socketpair()
        self.server = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", _LAUNCH, "fork", str(theirs.fileno()), *self.modules],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        self.control = ours

    def _ask(
        self, message: dict[str, Any], files: list[int] | None = None, seconds: float = STOP_SECONDS
    ) -> Any:
        """One question to the fork server. It holds no learner's code, yet a program may have killed it."""
        self.control.settimeout(seconds)
        try:
            wire.send_with_files(self.control, message, files or [])
            return wire.receive_with_files(self.control)[0]
        except (OSError, wire.Broken):
            self._end_server()
            raise Trouble("ended", "the fork server ended") from None

    def start(self, spec: Spec, folder: str | None = None, spared: Process | None = None) -> Process:
        """Starts a program; its first message says how loading went.

        With `folder` the program starts on what another run of it left there.
        """
        if self.server.poll() is not None:
            self._end_server()
            self._launch()
        files = None if folder else _encoded(spec.files)
        folder = folder or self.folders.new()
        ours, theirs = socket.socketpair()
        printed, printing = os.pipe()
        message = {
            "do": "start",
            "folder": folder,
            "files": files,
            "target": spec.target,
            "config": spec.config,
        }
        try:
            reply = self._ask(message, [theirs.fileno(), printing], START_SECONDS)
        finally:
            theirs.close()
            os.close(printing)
        return Process(SocketChannel(ours, printed, Output()), folder, reply["process"])

    def copy(self, process: Process) -> Channel:
        """A copy of a loaded program, ready to answer; the next one is made meanwhile."""
        copy = process.standby or self._new_copy(process)
        process.standby = self._new_copy(process)
        return copy

    def _new_copy(self, process: Process) -> Channel:
        ours, theirs = socket.socketpair()
        channel = process.channel
        assert isinstance(channel, SocketChannel)
        try:
            channel.send({"do": "copy"}, [theirs.fileno()])
        finally:
            theirs.close()
        return SocketChannel(ours, channel.printed, channel.output)

    def stop(
        self, process: Process, *, hung: bool = False, ended: bool = False, spared: Process | None = None
    ) -> None:
        """Ends a program and everything that it started."""
        message = {"do": "stop", "process": process.handle, "hung": hung, "ended": ended}
        message["spared"] = [spared.handle] if spared else []
        try:
            process.exit_status = self._ask(message)["status"]
        except Trouble:
            process.exit_status = None
        channel = process.channel
        assert isinstance(channel, SocketChannel)
        channel.drain()
        channel.close()
        os.close(channel.printed)
        if process.standby:
            process.standby.close()

    def databases(self, process: Process) -> list[dict[str, Any]]:
        """The SQLite files in the program's folder; see workspace.databases."""
        return workspace.databases(process.folder)

    def _end_server(self) -> None:
        self.control.close()
        try:
            self.server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()

    def close(self) -> None:
        """Ends the fork server, with all that it started, and removes the folders."""
        self._end_server()
        self.folders.remove()


class PlainHost:
    """A new process for each start, for systems without fork; one waits with its imports done."""

    def __init__(self, modules: list[str] = MODULES) -> None:
        self.modules = modules
        self.folders = Folders()
        self.spare = self._launch()

    def _launch(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", _LAUNCH, "plain", *self.modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=os.name == "posix",
        )

    def start(self, spec: Spec, folder: str | None = None, spared: Process | None = None) -> Process:
        """Starts a program; its first message says how loading went."""
        if folder is None:
            folder = self.folders.new()
            workspace.write(folder, _encoded(spec.files))
        launched, self.spare = self.spare, self._launch()
        channel = PipeChannel(launched, Output())
        message = {"do": "start", "folder": folder, "target": spec.target, "config": spec.config}
        process = Process(channel, folder, launched)
        try:
            channel.send(message)
        except Trouble:
            pass  # the first receive says so
        return process

    def stop(
        self, process: Process, *, hung: bool = False, ended: bool = False, spared: Process | None = None
    ) -> None:
        """Ends a program and, as far as the system lets us know them, the processes it started."""
        from workbook.candidate import limits, server

        launched = process.handle
        with contextlib.suppress(subprocess.TimeoutExpired):
            launched.wait(STOP_SECONDS if ended else 0)
        process.exit_status = launched.poll()
        channel = process.channel
        assert isinstance(channel, PipeChannel)
        if os.name == "posix":
            if hung:
                server.dump_traceback(launched.pid)
            for victim in [*limits.descendants(launched.pid), launched.pid]:
                server.kill(victim)
        else:
            subprocess.run(
                ["taskkill", "/F", "/T", "/PID", str(launched.pid)], capture_output=True, check=False
            )
        launched.wait()
        channel.drain()
        for pipe in (launched.stdin, launched.stdout, launched.stderr):
            try:
                pipe.close()
            except OSError:
                continue

    def databases(self, process: Process) -> list[dict[str, Any]]:
        """The SQLite files in the program's folder; see workspace.databases."""
        return workspace.databases(process.folder)

    def close(self) -> None:
        """Ends the spare process and removes the folders."""
        self.spare.kill()
        self.spare.wait()
        for pipe in (self.spare.stdin, self.spare.stdout, self.spare.stderr):
            pipe.close()  # type: ignore[union-attr]
        self.folders.remove()


def modules_for(files: dict[str, bytes]) -> list[str]:
    """What a program will probably import, so that its host can do so first. A guess: only time depends on it."""
    sources = [content for name, content in files.items() if name.endswith(".py")]
    return (
        MODULES
        if any(b"sqlalchemy" in source or b"flask_cors" in source for source in sources)
        else WEB_MODULES
    )


def new_host(kind: str = "auto", modules: list[str] = MODULES) -> Host:
    """The fastest host of this system: "fork" where there is one, else "plain"."""
    forks = hasattr(os, "fork") and hasattr(socket, "send_fds") and sys.platform != "win32"
    if kind == "plain" or not forks:
        return PlainHost(modules)
    return ForkHost(modules)


__all__ = ["ForkHost", "Host", "PlainHost", "Process", "Spec", "modules_for", "new_host"]
