"""Frames: four bytes of length, then that many bytes of JSON in UTF-8.

The same frames travel over a socket (where programs are forked) and over pipes
(where each is a process of its own). File descriptors, which only a socket can
carry, ride beside the first byte of a frame.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from typing import Any, Protocol

LENGTH = struct.Struct(">I")
_encode, _decode = (
    json.JSONEncoder().encode,
    json.JSONDecoder().decode,
)  # ours, whatever a program makes of json
MAX_FRAME = 16 * 1024 * 1024  # bytes; an answer may hold 4 MB, which base64 makes 5.6


class Broken(Exception):
    """The other end closed, or sent what is no frame."""


class Transport(Protocol):
    """What a frame needs: bytes out, and exactly so many bytes in."""

    def write(self, data: bytes) -> None: ...
    def read(self, count: int) -> bytes: ...


def pack(message: dict[str, Any]) -> bytes:
    """The bytes of a frame that holds `message`."""
    data = _encode(message).encode()
    return LENGTH.pack(len(data)) + data


def unpack(data: bytes) -> dict[str, Any]:
    """The message in the JSON text `data`; raises Broken for anything but an object."""
    try:
        message = _decode(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Broken(f"not JSON: {error}") from None
    if not isinstance(message, dict):
        raise Broken("a frame holds an object")
    return message


def receive(transport: Transport, limit: int = MAX_FRAME) -> dict[str, Any]:
    """The next message of `transport`; raises Broken at its end or over `limit` bytes."""
    (length,) = LENGTH.unpack(transport.read(LENGTH.size))
    if length > limit:
        raise Broken(f"a frame of {length} bytes")
    return unpack(transport.read(length))


class Stream:
    """Blocking reads and writes on two file descriptors (the same one for a socket)."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self.incoming, self.outgoing = incoming, outgoing

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self.outgoing, view) :]

    def read(self, count: int) -> bytes:
        parts = []
        while count:
            part = os.read(self.incoming, min(count, 1 << 20))
            if not part:
                raise Broken("the other end closed")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def send_with_files(channel: socket.socket, message: dict[str, Any], files: list[int]) -> None:
    """Sends `message` and the open file descriptors `files` over a Unix socket."""
    data = pack(message)
    sent = socket.send_fds(channel, [data], files) if files else 0
    channel.sendall(data[sent:])


def receive_with_files(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """The next message of a Unix socket, and the file descriptors that came with it."""
    head, files, _flags, _address = socket.recv_fds(channel, LENGTH.size, 4)
    if not head:
        raise Broken("the other end closed")
    stream = Stream(channel.fileno(), channel.fileno())
    head += stream.read(LENGTH.size - len(head))
    return unpack(stream.read(LENGTH.unpack(head)[0])), list(files)
