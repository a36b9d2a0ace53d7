"""What a stranger's program may do: three levels, each found by trying it.

    sandbox   a fork server inside bubblewrap: sees nothing of this machine but Python, no network, limits
    limits    a fork server with limits: files and network of whoever grades are open to the program
    none      a process of its own, with deadlines

One host judges one submission and is closed after it. It is started in the background, so the
next one can be got ready while one works. Hosts are to be made in a process's main thread: Linux ends
them with the thread that made them.
"""

from __future__ import annotations

import functools
import itertools
import os
import platform
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from workbook.candidate import limits
from workbook.course import WorkbookError
from workbook.program.channel import Trouble
from workbook.program.forking import PATH, ForkHost, Walls
from workbook.program.hosts import FORKS, MODULES, Host, Spec, new_host
from workbook.program.starting import ROOT

LEVELS = ("sandbox", "limits", "none")
TASKS = 64  # processes and threads of one submission
MARGIN = 256  # the same where all processes of a user count together
DISK = 64 * 1024**2  # bytes of a sandbox's temporary folder, which lies in memory
INSIDE = "/tmp/workbook-sandbox"  # where programs lie in it

# users that no account has, for services made on the fly: https://systemd.io/UIDS-GIDS/
_USERS = range(61184, 65520)
_SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/nix/store", "/etc/ld.so.cache", "/etc/localtime")
_HELLO = b"from flask import Flask\napp = Flask(__name__)\n"
_count = itertools.count(os.getpid())


def best() -> str:
    """The safest level that works here."""
    return next(level for level in LEVELS if trouble(level) is None)


def require(level: str) -> None:
    """Raises WorkbookError, with the reason and the mend, where a level does not work here."""
    reason = trouble(level)
    if reason:
        raise WorkbookError(f"The isolation {level!r} does not work here: {reason}")


def host(level: str, modules: list[str] = MODULES) -> Host:
    """A started host of this level for one submission; whoever asked closes it. Raises WorkbookError."""
    if level == "none":
        return new_host(modules=modules)
    if level == "sandbox" and not shutil.which("bwrap"):
        raise WorkbookError(f"The isolation 'sandbox' does not work here: {_NO_BWRAP}")
    user = _USERS[next(_count) % len(_USERS)] if _root() else None
    if level == "limits":
        limits.hide()
        limits.adopt_orphans()
        return ForkHost(modules, Walls(user, TASKS if _root() else _shared_tasks()))
    tasks = TASKS if _root() or _counts_alone() else _shared_tasks()
    return ForkHost(modules, Walls(user, tasks, tuple(bubblewrap()), INSIDE))


@functools.cache
def trouble(level: str) -> str | None:
    """Why a level does not work on this machine and what to do about it, or None where it does."""
    if level not in LEVELS:
        return f"the levels are {', '.join(LEVELS)}."
    if level == "none":
        return None
    if not FORKS:
        return "this system has no fork. On Windows, run the workbook in WSL (https://aka.ms/wsl)."
    if level == "sandbox":
        if sys.platform != "linux":
            return "only Linux has the namespaces that it needs."
        if not shutil.which("bwrap"):
            return _NO_BWRAP
    closed = _closed_to_others() if _root() and level == "limits" else None
    if closed:
        return (
            f"you are root, and programs run as another user, who may not read {closed}. "
            "Run as an ordinary user, or let Python and TMPDIR lie where all may read."
        )
    return _try(level)


def _try(level: str) -> str | None:
    """Lets a program load at a level; gives what went wrong."""
    tried = host(level, ["flask"])
    assert isinstance(tried, ForkHost)
    try:
        process = tried.start(Spec({"app.py": _HELLO}))
        report = process.channel.receive(10)
        tried.stop(process)
        return None if "loaded" in report else "a program with nothing but Flask does not load in it."
    except Trouble:
        said = _last_words(tried)
        return _mend(said) if level == "sandbox" else said
    finally:
        tried.close()


def _last_words(tried: ForkHost) -> str:
    """Starts the same command once more, for what it says on standard error."""
    walls = tried.walls
    assert walls
    command = [*walls.command, sys.executable, "-I", "-c", "import flask"]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", check=False, env={"PATH": PATH}
    )
    said = done.stderr.strip().rpartition("\n")[2]
    return said or "its first program did not answer."


_NO_BWRAP = (
    "the program bwrap is not there. Install it: sudo apt install bubblewrap "
    "(Debian, Ubuntu), sudo dnf install bubblewrap (Fedora)."
)


def _mend(said: str) -> str:
    """What to do about words of bwrap's, as far as it is known."""
    if "Unknown option" in said:
        return f"{said}: bubblewrap 0.8 or newer is needed."
    if _setting("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return (
            f"{said}: AppArmor keeps bwrap from making namespaces. Allow it: sudo apt install apparmor-profiles; "
            "sudo ln -s /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/; "
            "sudo systemctl reload apparmor"
        )
    if _setting("kernel/unprivileged_userns_clone") == "0":
        return f"{said}: user namespaces are off. Allow them: sudo sysctl kernel.unprivileged_userns_clone=1"
    if _setting("user/max_user_namespaces") == "0":
        return f"{said}: user namespaces are off. Allow them: sudo sysctl user.max_user_namespaces=10000"
    return f"{said}: a container may forbid it; grade outside of it, or allow it to make namespaces."


def _setting(name: str) -> str | None:
    """A setting of the kernel, or None where there is no such one."""
    try:
        return Path("/proc/sys", name).read_text().strip()
    except OSError:
        return None


def bubblewrap() -> list[str]:
    """The command that starts another one in a sandbox. See bwrap(1)."""
    command = ["bwrap", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if _root():  # root needs no user namespace; the fork server becomes another user and cannot go back
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534"]
    command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-cgroup-try"]
    command += ["--unshare-uts", "--hostname", "workbook", "--chdir", "/"]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--perms", "1777", "--size", str(DISK), "--tmpfs", "/tmp"]
    made: set[Path] = {Path("/"), Path("/tmp")}
    for path in _visible():
        for parent in reversed(path.parents):
            if parent not in made:
                command += ["--perms", "0755", "--dir", str(parent)]
                made.add(parent)
        if path.is_symlink():
            command += ["--symlink", os.readlink(path), str(path)]
        else:
            command += ["--ro-bind", str(path), str(path)]
        made.add(path)
    return [*command, "--remount-ro", "/", "--remount-ro", "/dev", "--"]


def _visible() -> list[Path]:
    """What of this machine a program may see: the system's libraries, Python, and the candidate's own modules."""
    package = ROOT / "workbook"
    wanted = [*map(Path, _SYSTEM), package / "__init__.py", package / "candidate"]
    for prefix in (sys.base_prefix, sys.base_exec_prefix, sys.prefix, sys.exec_prefix):
        wanted += [Path(prefix), Path(os.path.realpath(prefix))]
    found: list[Path] = []
    for path in wanted:
        inside = any(path.is_relative_to(other) for other in found if not other.is_symlink())
        if not inside and os.path.lexists(path):
            found.append(path)
    return found


def _root() -> bool:
    return os.getuid() == 0


def _counts_alone() -> bool:
    """Whether the kernel counts the processes of a user namespace by themselves (Linux 5.14 and later)."""
    major, minor = platform.release().split(".")[:2]
    return (int(major), int("".join(filter(str.isdigit, minor)) or 0)) >= (5, 14)


def _shared_tasks() -> int | None:
    """What a user's processes and threads may come to where all count together; None where nobody tells."""
    if sys.platform != "linux":
        return None
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if folder.stat().st_uid == os.getuid():
                count += len(os.listdir(folder / "task"))
        except OSError:  # it has ended
            continue
    return count + MARGIN


def _closed_to_others() -> Path | None:
    """The first folder on the way to what a program needs that only its owner may enter."""
    ends = [Path(os.__file__), Path(sys.prefix), Path(sys.executable).resolve(), ROOT / "workbook/candidate"]
    ends.append(Path(tempfile.gettempdir()))
    for end in ends:
        for path in [*reversed(end.parents), end]:
            needed = stat.S_IXOTH if path.is_dir() else stat.S_IROTH
            if not path.stat().st_mode & needed:
                return path
    return None
