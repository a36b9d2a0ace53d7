"""The host of Linux and macOS: a fork server of our own, on this machine as it is or walled in."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import Any

from workbook.candidate import limits, processes, wire
from workbook.program.channel import Channel, Output, SocketChannel, Trouble
from workbook.program.starting import (
    MODULES,
    STOP_SECONDS,
    Folders,
    Process,
    Spec,
    encoded,
    launch,
    surroundings,
)

START_SECONDS = 20.0  # until a fork server has imported everything, on a slow machine
PATH = "/usr/bin:/bin"
_SERVERS: set[int] = set()  # the fork servers of this process that are running
CROWD = 16  # a step's program runs with two copies of itself; one with more processes than this is a bomb


@dataclass(frozen=True)
class Walls:
    """What stands around a fork server; see `workbook.program.isolation`, which builds them."""

    user: int | None = None  # whom it becomes, where it is started by root
    tasks: int | None = None  # processes and threads that its user may have
    command: tuple[str, ...] = ()  # what starts it: bwrap and its options
    root: str | None = None  # the temporary folder, where that is inside the walls


class _Control:
    """Our end of the talk with the fork server, which a program may have turned: every wait and size is bounded.

    `recv` takes no file descriptors, so none can be smuggled in.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection, self.deadline = connection, 0.0

    def write(self, data: bytes) -> None:
        self.connection.sendall(data)

    def read(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            self.connection.settimeout(max(self.deadline - time.monotonic(), 0.001))
            part = self.connection.recv(min(count - len(data), 1 << 18))
            if not part:
                raise wire.Broken("the other end closed")
            data += part
        return bytes(data)


class ForkHost:
    """A fork server, started once and used for one program after the other."""

    def __init__(self, modules: list[str] = MODULES, walls: Walls | None = None) -> None:
        self.modules, self.walls = modules, walls
        inside = walls.root if walls else None
        self.folders = Folders(inside) if inside else Folders()
        if walls and walls.user is not None and not inside:
            os.chown(self.folders.root, walls.user, walls.user)
        self._launch()

    def _launch(self) -> None:
        ours, theirs = socket.socketpair()
        before: tuple[str, ...] = ()
        first, options = "", {"env": surroundings(os.environ)}  # type: str, dict[str, Any]
        if self.walls:
            before = self.walls.command
            environment = {"PATH": PATH, **surroundings(("LANG", "LC_ALL", "TZ"))}
            options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "env": environment}
            first = f"from workbook.candidate import limits; limits.wall_in({self.walls.user}, {self.walls.tasks}); "
        self.server = subprocess.Popen(
            [*before, *launch("fork", str(theirs.fileno()), *self.modules, first=first)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **options,
        )
        _SERVERS.add(self.server.pid)
        theirs.close()
        self.control = _Control(ours)

    def _ask(
        self, message: dict[str, Any], files: list[int] | None = None, seconds: float = STOP_SECONDS
    ) -> dict[str, Any]:
        """One question to the fork server. It holds no learner's code, yet a program may have killed it."""
        self.control.deadline = time.monotonic() + seconds
        self.control.connection.settimeout(seconds)
        try:
            wire.send_with_files(self.control.connection, message, files or [])
            return wire.receive(self.control)
        except (OSError, wire.Broken):
            self._end_server(0)
            raise Trouble("ended", "the fork server ended") from None

    def start(self, spec: Spec, folder: str | None = None, spared: Process | None = None) -> Process:
        """Starts a program; its first message says how loading went.

        With `folder` the program starts on what another run of it left there. Raises Trouble.
        """
        again = folder is not None
        if self._has_ended():
            self._end_server(0)
            self._launch()
        message = {
            "do": "start",
            "folder": folder or self.folders.new(),
            "files": None if again else encoded(spec.files),
            "target": spec.target,
            "config": spec.config,
        }
        try:
            process = self._start(message)
        except Trouble:
            if again:
                raise
            self._launch()  # what the program before did to the fork server is no fault of this one
            process = self._start(message)
        process.owns_folder = not again
        return process

    def _has_ended(self) -> bool:
        return self.server.poll() is not None

    def _start(self, message: dict[str, Any]) -> Process:
        ours, theirs = socket.socketpair()
        printed, printing = os.pipe()
        try:
            reply = self._ask(message, [theirs.fileno(), printing], START_SECONDS)
        except Trouble:
            ours.close()
            os.close(printed)
            raise
        finally:
            theirs.close()
            os.close(printing)
        return Process(SocketChannel(ours, printed, Output()), message["folder"], reply.get("process"))

    def copy(self, process: Process) -> Channel:
        """A copy of a loaded program, ready to answer; the next one is made meanwhile. Raises Trouble."""
        if self._has_ended():
            raise Trouble("ended", "the fork server ended")
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
        """Ends a program and everything that it started; `process.attack` says what it did to its surroundings."""
        message = {
            "do": "stop",
            "process": process.handle,
            "hung": hung,
            "ended": ended,
            "spared": [spared.handle] if spared else [],
            "folder": process.folder if process.owns_folder else None,
        }
        try:
            reply = self._ask(message)
        except Trouble:
            reply = {}
            process.attack = "attacked the process that had started it"
        status, crowd = reply.get("status"), reply.get("crowd")
        process.exit_status = status if isinstance(status, int) else None
        if isinstance(crowd, int) and crowd > CROWD:
            process.attack = f"started more than {CROWD} processes"
        if reply.get("left"):
            self._end_server(0)  # in a sandbox this ends whatever is left
        channel = process.channel
        assert isinstance(channel, SocketChannel)
        channel.drain()
        channel.close()
        os.close(channel.printed)
        if process.standby:
            process.standby.close()

    def databases(self, process: Process) -> list[dict[str, Any]]:
        """The SQLite files in the program's folder (see workspace.databases), read where the program ran.

        Nothing that a program wrote is opened here. Raises Trouble.
        """
        found = self._ask({"do": "databases", "folder": process.folder}).get("databases")
        if not isinstance(found, list):
            raise Trouble("protocol", "no list of databases")
        return found

    def _end_server(self, seconds: float) -> None:
        """Ends the fork server, at the latest after so many seconds, and what it may leave behind."""
        self.control.connection.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.server.wait(seconds)
        killed = self.server.returncode != 0
        if self.walls and self.walls.command:
            first = limits.children(self.server.pid)  # in the sandbox: all end with it, and then bwrap
            for child in first:
                processes.kill(child)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.server.wait(STOP_SECONDS if first else 0)
        self.server.kill()
        self.server.wait()
        _SERVERS.discard(self.server.pid)
        if self.server.stderr:
            self.server.stderr.close()
        if killed and self.walls and not self.walls.command:
            self._end_orphans()

    def _end_orphans(self) -> None:
        """Ends what a killed fork server left: children of ours now (see `isolation.host`), in other sessions."""
        for child in set(limits.children(os.getpid())) - _SERVERS:
            try:
                strange = os.getsid(child) != os.getsid(0)
            except OSError:
                continue
            if strange:
                for victim in [*limits.descendants(child), child]:
                    processes.kill(victim)
                processes.wait_for(child, 1)

    def another(self) -> ForkHost:
        """A host of the same fork server with folders of its own, for another process that judges meanwhile."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._ask({"do": "another"}, [theirs.fileno()])
        return _Guest(ours)

    def close(self) -> None:
        """Ends the fork server, with all that it started, and removes the folders."""
        self._end_server(0 if self.walls and self.walls.command else STOP_SECONDS)
        if not (self.walls and self.walls.root):
            self.folders.remove()


class _Guest(ForkHost):
    """Speaks to the fork server of another host, which alone can launch it anew."""

    def __init__(self, connection: socket.socket) -> None:
        self.folders, self.control = Folders(), _Control(connection)

    def _has_ended(self) -> bool:
        return False

    def _launch(self) -> None:
        raise Trouble("ended", "the fork server ended")

    def _end_server(self, seconds: float) -> None:
        self.control.connection.close()

    def close(self) -> None:
        """Lets the fork server end what was started here, waits for that, and removes the folders."""
        self.control.connection.shutdown(socket.SHUT_WR)
        self.control.connection.settimeout(STOP_SECONDS)
        with contextlib.suppress(OSError):
            self.control.connection.recv(1)
        self.control.connection.close()
        self.folders.remove()
