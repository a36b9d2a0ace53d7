"""A plain process for each program, on systems without fork."""

from __future__ import annotations

import contextlib
import os
import subprocess
from typing import Any

from workbook.candidate import workspace
from workbook.program.channel import Output, PipeChannel, Trouble
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


class PlainHost:
    """A new process for each start, for systems without fork; one waits with its imports done."""

    def __init__(self, modules: list[str] = MODULES) -> None:
        self.modules = modules
        self.folders = Folders()
        self.spare = self._launch()

    def _launch(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            launch("plain", *self.modules),
            env=surroundings(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=os.name == "posix",
        )

    def start(self, spec: Spec, folder: str | None = None, spared: Process | None = None) -> Process:
        """Starts a program; its first message says how loading went."""
        if folder is None:
            folder = self.folders.new()
            workspace.write(folder, encoded(spec.files))
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
        from workbook.candidate import limits, processes

        launched = process.handle
        with contextlib.suppress(subprocess.TimeoutExpired):
            launched.wait(STOP_SECONDS if ended else 0)
        process.exit_status = launched.poll()
        channel = process.channel
        assert isinstance(channel, PipeChannel)
        if os.name == "posix":
            if hung:
                processes.dump_traceback(launched.pid)
            for victim in [*limits.descendants(launched.pid), launched.pid]:
                processes.kill(victim)
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
