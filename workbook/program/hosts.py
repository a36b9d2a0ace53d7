"""Where candidate processes come from: a fork server, or a plain process each.

Both start the same program from the same files with the same verdict; the fork server
takes milliseconds where a plain process takes half a second.
"""

from __future__ import annotations

import os
import socket
import sys

from workbook.program.forking import ForkHost
from workbook.program.plain import PlainHost
from workbook.program.starting import MODULES, WEB_MODULES, Host, Process, Spec

FORKS = hasattr(os, "fork") and hasattr(socket, "send_fds") and sys.platform != "win32"


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
    return ForkHost(modules) if FORKS and kind != "plain" else PlainHost(modules)


__all__ = ["FORKS", "MODULES", "ForkHost", "Host", "PlainHost", "Process", "Spec", "modules_for", "new_host"]
