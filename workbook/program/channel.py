"""The examiner's end of a channel: every answer has a deadline, every byte a limit."""

from __future__ import annotations

import os
import queue
import select
import socket
import subprocess
import threading
import time
from typing import Any, Protocol

from workbook.candidate import wire

KEPT_OUTPUT = 64 * 1024  # bytes of what a program prints that are kept
MAX_OUTPUT = 1024 * 1024  # bytes that it may print until it has answered


class Trouble(Exception):
    """The program gave no answer. `kind`: timeout, ended, output-limit or protocol."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(detail or kind)
        self.kind, self.detail = kind, detail


class Output:
    """What a program prints: the first 64 kB kept, the rest counted."""

    def __init__(self) -> None:
        self.kept = b""
        self.size = 0

    def add(self, data: bytes) -> None:
        """Takes a piece of output; raises Trouble when there is too much of it."""
        self.kept += data[: KEPT_OUTPUT - len(self.kept)]
        self.size += len(data)
        if self.size > MAX_OUTPUT:
            raise Trouble("output-limit")

    def take(self) -> str:
        """The text kept so far; begins anew."""
        text = self.kept.decode("utf-8", "replace")
        self.kept, self.size = b"", 0
        return text


class Channel(Protocol):
    """One process that answers messages."""

    output: Output

    def send(self, message: dict[str, Any], files: list[int] | None = None) -> None: ...
    def receive(self, seconds: float) -> dict[str, Any]: ...
    def close(self) -> None: ...


class SocketChannel:
    """A Unix socket to the process, and the pipe that it prints to (shared by a program and its copies)."""

    def __init__(self, connection: socket.socket, printed: int, output: Output) -> None:
        self.connection, self.printed, self.output = connection, printed, output
        self.poll = select.poll()
        self.poll.register(connection, select.POLLIN)
        self.poll.register(printed, select.POLLIN)
        self.deadline = 0.0
        self.buffer = bytearray()

    def send(self, message: dict[str, Any], files: list[int] | None = None) -> None:
        """Sends a message; the other end reads it before it does anything else."""
        self.output.size = 0
        self.connection.settimeout(5)
        try:
            wire.send_with_files(self.connection, message, files or [])
        except OSError as error:
            self.drain()
            raise Trouble("ended", str(error)) from None

    def receive(self, seconds: float) -> dict[str, Any]:
        """The next message; raises Trouble when none comes in time, or what comes is none."""
        self.deadline = time.monotonic() + seconds
        try:
            return wire.receive(self)
        except wire.Broken as error:
            raise Trouble("protocol", str(error)) from None

    def write(self, data: bytes) -> None:
        self.connection.sendall(data)

    def read(self, count: int) -> bytes:
        while len(self.buffer) < count:
            ready = self.poll.poll(max(self.deadline - time.monotonic(), 0) * 1000)
            if not ready:
                raise Trouble("timeout")
            numbers = [number for number, _event in ready]
            if self.printed in numbers and not self._drain_once():
                self.poll.unregister(self.printed)
            if self.connection.fileno() in numbers:
                self.buffer += self._receive_bytes()
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    def _receive_bytes(self) -> bytes:
        try:
            part = self.connection.recv(1 << 18)
        except OSError:
            part = b""
        if not part:
            self.drain()
            raise Trouble("ended")
        return part

    def _drain_once(self) -> bool:
        data = os.read(self.printed, 1 << 16)
        self.output.add(data)
        return bool(data)

    def drain(self) -> None:
        """Reads what is left of the output without waiting for more."""
        try:
            while select.select([self.printed], [], [], 0)[0] and self._drain_once():
                pass
        except Trouble:
            pass  # too much of it matters no more

    def close(self) -> None:
        self.connection.close()


class PipeChannel:
    """The pipes of a plain process, each read by a thread, since no system can wait for all kinds of pipe."""

    def __init__(self, process: subprocess.Popen[bytes], output: Output) -> None:
        self.process, self.output = process, output
        self.messages: queue.Queue[dict[str, Any] | Trouble] = queue.Queue()
        assert process.stdout and process.stderr
        self.threads = [
            threading.Thread(target=self._read_messages, args=[process.stdout.fileno()], daemon=True),
            threading.Thread(target=self._read_output, args=[process.stderr.fileno()], daemon=True),
        ]
        for thread in self.threads:
            thread.start()

    def send(self, message: dict[str, Any], files: list[int] | None = None) -> None:
        """Sends a message; raises Trouble where nobody is left to read it."""
        self.output.size = 0
        assert self.process.stdin and not files
        try:
            self.process.stdin.write(wire.pack(message))
            self.process.stdin.flush()
        except OSError as error:
            raise Trouble("ended", str(error)) from None

    def receive(self, seconds: float) -> dict[str, Any]:
        """The next message; raises Trouble when none comes in time, or what comes is none."""
        try:
            message = self.messages.get(timeout=seconds)
        except queue.Empty:
            raise Trouble("timeout") from None
        if isinstance(message, Trouble):
            self.messages.put(message)  # it stays ended
            raise message
        return message

    def drain(self) -> None:
        """Waits a moment for the rest of the output of a process that has ended."""
        self.threads[1].join(0.2)

    def close(self) -> None:
        """Closes the way in; the threads end with the process."""
        try:
            self.process.stdin.close()  # type: ignore[union-attr]
        except OSError:
            pass

    def _read_messages(self, number: int) -> None:
        stream = wire.Stream(number, number)
        try:
            while True:
                self.messages.put(wire.receive(stream))
        except wire.Broken as error:
            kind = "ended" if "closed" in str(error) else "protocol"
            self.messages.put(Trouble(kind, str(error)))
        except OSError as error:
            self.messages.put(Trouble("ended", str(error)))

    def _read_output(self, number: int) -> None:
        try:
            while data := os.read(number, 1 << 16):
                self.output.add(data)
        except Trouble as error:
            self.messages.put(error)
            self.process.kill()
        except OSError:
            pass
