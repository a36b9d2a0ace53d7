"""The processes of the untrusted side.

    fork server     has imported Flask, but no learner's code; forks a
     └─ program     process that loads one program; forks for each check a
         └─ copy    of it, which answers requests and is thrown away

A copy starts as fresh as a newly loaded program, because the files that the program
wrote are put back between two checks. While one answers, the next one stands by. A
program that cannot be copied (it started a thread, or keeps a file open) answers
itself and is loaded anew for each check.

Where there is no fork, `plain` is a process that loads one program and answers itself.
"""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import gc
import importlib
import os
import select
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from typing import Any

from workbook.candidate import databases, hashing, limits, loading, warming, wire, workspace
from workbook.candidate.answering import Answering
from workbook.candidate.processes import dump_traceback, kill, leave, redirect, wait_for

KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "SYSTEMDRIVE")
TEMPORARY = ".tmp"  # the folder in the program's own for its temporary files
GRACE = 2.0  # seconds in which killed processes must be gone


def warm_up(modules: list[str]) -> None:
    """Imports what programs need, so that each copy of this process has it already."""
    hashing.cheapen()
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # the program will say so itself if it needs it
    warming.web()
    if "flask_sqlalchemy" in sys.modules:
        warming.database()
        databases.listen()


def fork_server(control: socket.socket) -> None:
    """Starts and stops programs as told over `control`, until the other end closes.

    {"do": "another"} brings a further socket to be told over; what was started over one is ended with it.
    """
    limits.adopt_orphans()
    limits.die_with_parent()
    running: dict[socket.socket, set[int]] = {control: set()}
    try:
        while True:
            for asked in select.select(list(running), [], [])[0]:
                others = [process for one in running if one is not asked for process in running[one]]
                try:
                    message, files = wire.receive_with_files(asked)
                except (wire.Broken, OSError):
                    if asked is control:
                        raise
                    for process in running.pop(asked):
                        stop({"process": process, "spared": others})
                    asked.close()
                    continue
                reply: dict[str, Any] = {}
                if message["do"] == "start":
                    reply = start(message, files, list(running))
                    running[asked].add(reply["process"])
                elif message["do"] == "another":
                    running[socket.socket(fileno=files[0])] = set()
                elif message["do"] == "databases":
                    reply = {"databases": workspace.databases(message["folder"])}
                else:
                    reply = stop({**message, "spared": [*message["spared"], *others]})
                    running[asked].discard(message["process"])
                asked.sendall(wire.pack(reply))
    except (wire.Broken, OSError):  # OSError: whoever asked was interrupted and waits for no reply
        for process in limits.descendants(os.getpid()):
            kill(process)


def start(message: dict[str, Any], files: list[int], controls: Iterable[socket.socket]) -> dict[str, Any]:
    """Forks a process that loads a program and speaks over the first of `files`, printing to the second."""
    channel, output = files
    if message.get("files") is not None:
        workspace.write(message["folder"], message["files"])
    process = os.fork()
    if process == 0:
        try:
            for control in controls:
                control.close()
            os.setsid()
            limits.die_with_parent()
            redirect(output)
            Program(socket.socket(fileno=channel), message).run()
        finally:
            os._exit(70)
    os.close(channel)
    os.close(output)
    return {"process": process}


def stop(message: dict[str, Any]) -> dict[str, Any]:
    """Ends a program and all that it started, and removes its folder; tells its exit status where it had ended
    by itself, how many processes there were, and how many would not end.

    The status of a process that a signal ended is the signal's number, negative.
    """
    process, spared = message["process"], frozenset(message.get("spared", ()))
    if message.get("hung"):
        dump_traceback(process)
    status = wait_for(process, GRACE if message.get("ended") else 0)
    crowd, left = 0, [process]
    deadline = time.monotonic() + GRACE
    while left and time.monotonic() < deadline:  # again, since a dying process may still start others
        victims = limits.descendants(os.getpid(), spared) or [process]
        crowd = max(crowd, len(victims))
        for victim in victims:
            kill(victim)
        left = [victim for victim in victims if wait_for(victim, 0.01) is None and limits.alive(victim)]
    if message.get("folder"):
        workspace.clear(message["folder"])
    return {"status": status, "crowd": crowd, "left": len(left)}


class Program:
    """One loaded program: reports how loading went, then answers or makes copies that answer."""

    def __init__(
        self, channel: socket.socket | None, message: dict[str, Any], stream: wire.Stream | None = None
    ):
        self.channel = channel
        self.stream = stream or wire.Stream(channel.fileno(), channel.fileno())  # type: ignore[union-attr]
        self.folder, self.target, self.config = message["folder"], message["target"], message.get("config")
        self.copies: list[int] = []  # the one that answers, then the one that stands by
        self.snapshot: workspace.Snapshot | None = None

    def run(self) -> None:
        """Loads, reports, and answers until the other end closes; never returns."""
        self.restrict()
        notes = loading.Notes(self.folder)
        loading.disarm(notes)
        loading.prepare(self.folder)
        try:
            app = loading.load(self.target, self.folder, self.config)
        except BaseException as error:
            fact = loading.explain(error, self.folder)
            self.stream.write(wire.pack({"problem": fact, "notes": notes.take()}))
            leave()
        answering = Answering(app, self.folder, notes)
        if self.channel is not None:
            self.snapshot = self.copyable()
        loaded = {"copies": self.snapshot is not None, "debug": bool(app.debug), "notes": notes.take()}
        self.stream.write(wire.pack({"loaded": loaded}))
        try:
            self.serve(answering)
        except wire.Broken:
            leave()

    def restrict(self) -> None:
        """Leaves of the surroundings what a program may see."""
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        os.environ.clear()
        os.environ.update(kept, HOME=self.folder, USERPROFILE=self.folder, PYTHONUTF8="1")
        # what a program keeps in temporary files is put back between two checks like its other files
        temporary = os.path.join(self.folder, TEMPORARY)
        with contextlib.suppress(OSError):
            os.makedirs(temporary, exist_ok=True)
            os.environ.update(TMPDIR=temporary, TEMP=temporary, TMP=temporary)
            tempfile.tempdir = None
        if hasattr(signal, "SIGUSR1"):
            faulthandler.register(signal.SIGUSR1, file=sys.__stderr__ or 2, all_threads=True)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        limits.restrict()

    def copyable(self) -> workspace.Snapshot | None:
        """The files to put back between copies, or None where a copy would not be like a fresh program."""
        if "sqlalchemy" in sys.modules:
            databases.dispose()
        if threading.active_count() > 1 or workspace.holds_open_files(self.folder):
            return None
        gc.collect()
        gc.freeze()
        try:
            return workspace.snapshot(self.folder)
        except RecursionError:  # folders thousands deep
            return None

    def serve(self, answering: Answering) -> None:
        """Answers messages in order: those about copies, and those for the app."""
        while True:
            files: list[int] = []
            if self.channel is not None:
                message, files = wire.receive_with_files(self.channel)
            else:
                message = wire.receive(self.stream)
            if message["do"] == "copy":
                self.make_copy(files[0], answering)
            elif message["do"] == "end":
                self.stream.write(wire.pack({"status": self.end_copy(**message.get("how", {}))}))
            else:
                respond(self.stream, answering, message)

    def make_copy(self, channel: int, answering: Answering) -> None:
        """Forks a copy of this process, which answers over `channel`."""
        assert self.channel is not None
        copy = os.fork()
        if copy:
            self.copies.append(copy)
            os.close(channel)
            return
        try:
            limits.die_with_parent()
            self.channel.close()
            stream = wire.Stream(channel, channel)
            while True:
                respond(stream, answering, wire.receive(stream))
        except wire.Broken:
            leave()
        finally:
            os._exit(70)

    def end_copy(self, hung: bool = False, ended: bool = False) -> int | None:
        """Ends the oldest copy, puts the files back, and tells its exit status where it had ended by itself."""
        status = None
        if self.copies:
            copy = self.copies.pop(0)
            if hung:
                dump_traceback(copy)
            status = wait_for(copy, GRACE if ended else 0.02 if hung else 0)
            if status is None:
                os.kill(copy, signal.SIGKILL)
                os.waitpid(copy, 0)
        if self.snapshot is not None:
            workspace.restore(self.folder, self.snapshot)
        return status


def respond(stream: wire.Stream, answering: Answering, message: dict[str, Any]) -> None:
    """Answers one message, with its id; {"do": "leave"} ends this process as Ctrl-C would."""
    if message["do"] == "leave":
        atexit._run_exitfuncs()
        stream.write(wire.pack({"id": message["id"]}))
        leave()
    stream.write(wire.pack({**answering.answer(message), "id": message["id"]}))


def plain() -> None:
    """A process of its own: its frames come and go over what were standard input and output."""
    stream = wire.Stream(os.dup(0), os.dup(1))
    redirect(os.dup(2))
    message = wire.receive(stream)
    if message["do"] != "start":
        return
    Program(None, message, stream).run()


def main(arguments: list[str]) -> None:
    """`fork FD MODULE...` or `plain MODULE...`."""
    mode, *rest = arguments
    sys.path.remove(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    if mode == "fork":
        control = socket.socket(fileno=int(rest.pop(0)))
        warm_up(rest)
        gc.collect()
        gc.freeze()
        fork_server(control)
    else:
        warm_up(rest)
        plain()
