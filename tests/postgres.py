"""A PostgreSQL server for as long as a test needs one: its own files, its own socket, nothing left behind."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ADMIN = "workbook"

# a server of a minute needs no protection from power cuts
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class NoPostgres(Exception):
    """There is no PostgreSQL to be had here; the text says what is missing."""


@dataclass(frozen=True)
class Server:
    """A running server; `folder` holds its socket."""

    folder: Path
    command: Path
    user: str | None

    def new_database(self, name):
        """Create an empty database, and return its URL as SQLAlchemy wants it."""
        run(self.command / "createdb", "-h", self.folder, "-U", ADMIN, name, user=self.user)
        return f"postgresql+psycopg://{ADMIN}@/{name}?host={self.folder}"


@contextlib.contextmanager
def postgres():
    """Start a server in a temporary folder, give it as a Server, and stop it. Raises NoPostgres."""
    command, user = programs(), unprivileged_user()
    with tempfile.TemporaryDirectory(prefix="pg-") as temporary:
        if user:
            shutil.chown(temporary, user)
        folder = Path(temporary)
        data = folder / "data"
        # no address: whoever else is on this machine or net can not connect
        options = f"-c listen_addresses= -c unix_socket_directories={folder} {FAST}"

        initdb = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        run(command / "initdb", "-D", data, "-U", ADMIN, *initdb, user=user)
        log = folder / "log"
        try:
            run(command / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options, user=user)
            yield Server(folder, command, user)
        finally:
            run(command / "pg_ctl", "stop", "-w", "-D", data, "-m", "immediate", user=user)


def programs():
    """Return the folder with PostgreSQL's programs, also where Debian hides them. Raises NoPostgres."""
    if os.name == "nt":
        raise NoPostgres("PostgreSQL is tried through a Unix socket, which Windows does not have")

    def version(folder):
        return float(folder.parent.name) if folder.parent.name.replace(".", "", 1).isdigit() else 0

    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    on_path = shutil.which("initdb")
    for folder in [*([Path(on_path).resolve().parent] if on_path else []), *debian]:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "createdb")):
            return folder
    raise NoPostgres("there is no PostgreSQL here: initdb is neither on the PATH nor in /usr/lib/postgresql")


def unprivileged_user():
    """Return the user to run the server as, or None for the one we are: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None

    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise NoPostgres("root may not run PostgreSQL, and there is neither a user postgres nor nobody")


def run(*command, user):
    """Run one of PostgreSQL's programs; raises RuntimeError with what it wrote."""
    with tempfile.TemporaryFile() as written:
        # to a file, because the server that pg_ctl leaves running would hold a pipe open
        done = subprocess.run(
            command, cwd="/", user=user, stdin=subprocess.DEVNULL, stdout=written, stderr=written, timeout=60
        )
        written.seek(0)
        if done.returncode:
            text = written.read().decode(errors="replace")
            raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{text}")
