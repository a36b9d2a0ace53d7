"""Small attacks on this machine, run at a level of isolation as a submission would be.

Each is a few lines of Python that set `through` where they got what they wanted. They harm nothing: what they
reach for is a file, a port and a process that the doctor made for them.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook.candidate import processes
from workbook.program import isolation
from workbook.program.channel import Trouble
from workbook.program.hosts import Spec

SECONDS = 20.0  # for one attack; what takes longer was stopped


@dataclass(frozen=True)
class Attack:
    """What a submission tries, in plain words, and the Python that tries it.

    `systems` know it (as in sys.platform), and the levels `stopped_by` promise to stop it.
    """

    tries: str
    code: str
    systems: tuple[str, ...] = ("linux", "darwin")
    stopped_by: tuple[str, ...] = ("sandbox",)


@dataclass(frozen=True)
class Bait:
    """What the attacks reach for."""

    file: str
    port: int
    process: int
    mark: str  # an argument of the program that is to stay


EVERYWHERE = ("linux", "darwin", "win32")
ATTACKS = (
    Attack("read a file of yours", "through = open({file!r}).read() == 'bait'", EVERYWHERE),
    Attack("change a file of yours", "open({file!r}, 'a').close(); through = True", EVERYWHERE),
    Attack("read a program's settings", "through = open('/proc/{process}/environ', 'rb').read()", ("linux",)),
    Attack(
        "reach the network", "socket.create_connection(('127.0.0.1', {port}), 2); through = True", EVERYWHERE
    ),
    Attack("end a program of yours", "os.kill({process}, 0); through = True"),
    Attack(
        "go on after its end",
        """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv({python!r}, [{python!r}, '-c', 'import time; time.sleep(60)', {mark!r}])
            os._exit(0)
        os.wait()
        """,
        stopped_by=("sandbox", "limits"),
    ),
    Attack("take 4 GB of memory", "bytes(4 * 1024**3); through = True", ("linux",), ("sandbox", "limits")),
    Attack(
        "run 400 programs at once",
        """
        for n in range(400):
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
        through = True
        """,
        ("linux",),
    ),
    Attack(
        "write 120 MB to the disk",
        """
        for n in range(4):
            open(str(n), 'wb').write(bytes(30 * 1024**2))
        through = True
        """,
        EVERYWHERE,
    ),
)
_PROGRAM = """
import os, socket, time
through = False
try:
{code}
except (Exception, MemoryError):
    pass
print("through" if through else "stopped")
from flask import Flask
app = Flask(__name__)
"""


def run(level: str) -> Iterator[tuple[Attack, bool]]:
    """Each attack that this system knows, and whether it got through at this level."""
    with _bait() as bait:
        for attack in ATTACKS:
            if sys.platform in attack.systems:
                yield attack, gets_through(attack, level, bait)


def gets_through(attack: Attack, level: str, bait: Bait) -> bool:
    """Runs an attack as a submission of its own."""
    code = textwrap.dedent(attack.code).strip().format(**vars(bait), python=sys.executable)
    program = _PROGRAM.format(code=textwrap.indent(code, "    ")).encode()
    with contextlib.closing(isolation.host(level, ["flask"])) as host:
        process = host.start(Spec({"app.py": program}))
        try:
            process.channel.receive(SECONDS)
            printed = process.channel.output.take()
        except Trouble:
            printed = ""
        host.stop(process)
    return "through" in printed or _still_there(bait.mark)


def _still_there(mark: str) -> bool:
    """Whether a program with this argument runs; ends it."""
    if os.name != "posix":
        return False
    listed = subprocess.run(["ps", "-axo", "pid=,args="], capture_output=True, text=True, check=False).stdout
    found = [int(line.split()[0]) for line in listed.splitlines() if mark in line]
    for process in found:
        processes.kill(process)
    return bool(found)


@contextlib.contextmanager
def _bait() -> Iterator[Bait]:
    """A file that all may read, a port and a process for the attacks, which are gone after."""
    with tempfile.TemporaryDirectory(prefix="workbook-doctor-") as folder:
        os.chmod(folder, 0o755)
        file = Path(folder, "bait.txt")
        file.write_text("bait", "utf-8")
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        try:
            with socket.create_server(("127.0.0.1", 0)) as server_of_yours:
                yield Bait(str(file), server_of_yours.getsockname()[1], process.pid, f"bait-{process.pid}")
        finally:
            process.kill()
            process.wait()
