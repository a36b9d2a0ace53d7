"""Runs a learner's program as Flask itself does."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

PORT = 5001


def taken(port: int = PORT) -> bool:
    """Whether somebody answers on a port of this machine already."""
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1", port)) == 0


def serve(folder: Path, port: int = PORT) -> int:
    """Serves the program in a folder until Ctrl-C; gives the exit status of Flask."""
    name = "social_api.app" if (folder / "social_api").is_dir() else "app"
    # localhost by name, so that a page on http://localhost:8080 shares its cookies
    command = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        name,
        "run",
        "--debug",
        "--host",
        "localhost",
        "--port",
        str(port),
    ]
    try:
        return subprocess.run(command, cwd=folder, check=False).returncode
    except KeyboardInterrupt:
        return 0
