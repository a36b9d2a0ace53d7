#!/usr/bin/env python3
"""Sets the workbook up on first use, then hands over to it.

    python3 learn.py            (on Windows: py learn.py)

Needs Python 3.10 and nothing else. What the workbook needs goes into .venv, next to this file; later uses
find it there and start at once. Standard library only, in syntax that even Python 2.7 parses, so that this
file can say that it is too old: hence no f-strings and no [*lists].
"""
# ruff: noqa: UP031, RUF005

import os
import sys
import time

# Slower modules are imported where the set-up needs them: a use that needs no set-up starts 10 ms sooner.

OLDEST = (3, 10)
WINDOWS = os.name == "nt"
STARTED = time.time()
COMMAND = "py learn.py" if WINDOWS else "python3 learn.py"
ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
# .venv is made from the Python that runs us, or if that is the one of .venv, from the one that it links to.
BASE = getattr(sys, "_base_executable", None) or sys.executable
BASE = os.path.realpath(BASE) if BASE.startswith(VENV) else BASE

# Our notes in .venv begin with "setup." and stay when the rest is made anew.
LOG = os.path.join(VENV, "setup.log")  # all that pip and the others said
LOCK = os.path.join(VENV, "setup.lock")  # held by whoever sets up
MADE = os.path.join(VENV, "setup.made-by-learn")  # .venv is ours, so we may delete what is in it
UNFINISHED = os.path.join(VENV, "setup.unfinished")  # a set-up has begun, so do not trust what is there

TOO_OLD = (
    "The workbook needs Python %d.%d or newer, and this is Python %d.%d. "
    "Install a newer one from https://www.python.org/downloads/ and run learn.py with that."
)
NO_PIP = (
    "This Python has no pip to install with. On Debian and Ubuntu, type\n    sudo apt install python3-venv\n"
    "and then %s again. Elsewhere, install Python from https://www.python.org/downloads/" % COMMAND
)
NO_INTERNET = (
    "The package index did not answer. The set-up needs the internet, this one time: connect and "
    "run %s again. Behind a proxy, first set HTTPS_PROXY to its address. The details are in %s"
    % (COMMAND, LOG)
)
NO_SPACE = "The disk is full. Make room for 400 MB in %s and run %s again." % (ROOT, COMMAND)
NO_WRITING = (
    "The set-up cannot write to %s. If another program uses .venv, close it and run %s again. "
    "If the folder is read-only, copy the workbook to a folder of your own." % (ROOT, COMMAND)
)
NOT_OURS = (
    "%s is in the way: it has no Python that the workbook can use, and learn.py did not make it. "
    "Rename it or delete it, and run %s again." % (VENV, COMMAND)
)
FAILED = "The set-up did not work: %s. Mend that and run %s again. The details are in %s"
# How the system, pip and uv put it (by number, where they speak the user's language), and what we say.
MEANINGS = (
    (("Errno 28]", "os error 28)", "WinError 112]", "quota exceeded"), NO_SPACE),
    (("Errno 1]", "Errno 13]", "Errno 30]", "os error 13)", "WinError 5]", "WinError 32]"), NO_WRITING),
    (
        ("onnection broken", "onnection refused", "onnection error", "onnection reset", "SSLError"),
        NO_INTERNET,
    ),
    (("Failed to fetch", "imed out", "name resolution", "getaddrinfo", "unreachable"), NO_INTERNET),
)


class Trouble(Exception):
    """The set-up cannot go on. Its text is the sentence that the user reads."""


def main(arguments):
    """Run the workbook with `arguments`, after setting it up if need be, and give the exit status."""
    if sys.version_info < OLDEST:
        say(TOO_OLD % (OLDEST + tuple(sys.version_info[:2])))
        return 2
    files = ["requirements.txt"]
    if arguments[:1] in (["test"], ["verify"]):  # these need what is optional, too
        files += sorted(name for name in os.listdir(ROOT) if name.startswith("requirements-"))
    try:
        if not ready(files):
            set_up(files)
        try:
            return hand_over(arguments)
        except OSError:  # where the Python of .venv should be there is a file, but not a program
            note(UNFINISHED)
            set_up(files)
            return hand_over(arguments)
    except Trouble as trouble:
        say(str(trouble))
    except OSError as error:
        say(meaning(str(error)) or FAILED % (error, COMMAND, LOG))
    except KeyboardInterrupt:
        say("Stopped. Run %s again whenever you like: it finishes the set-up." % COMMAND)
        return 130
    return 2


def hand_over(arguments, windows=WINDOWS):
    """Let the Python of .venv run the workbook in our place, or on Windows as a child; give its status."""
    # -I keeps PYTHONPATH and the files of the current folder from getting in the way.
    command = [venv_python(windows), "-I", "-X", "utf8", os.path.join(ROOT, "workbook", "__main__.py")]
    if not windows:
        os.execv(command[0], command + arguments)  # signals and the exit status go straight through
    import subprocess  # for Windows' execv gives the prompt back while the new program still runs

    child = subprocess.Popen(command + arguments)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # Ctrl-C has reached the child too, which knows what to do
            pass


# --- Is all in place? A few small files tell; nothing is started.


def ready(files):
    """Tell whether .venv holds what the requirements `files` ask for."""
    path, text = stamp(files)
    return python_is_there() and not os.path.exists(UNFINISHED) and read(path) == text


def venv_python(windows=WINDOWS):
    """Give the path of the Python of .venv."""
    return os.path.join(VENV, "Scripts", "python.exe") if windows else os.path.join(VENV, "bin", "python")


def python_is_there(windows=WINDOWS):
    """Tell whether the Python of .venv, and the one that it was made from, still exist."""
    lines = read(os.path.join(VENV, "pyvenv.cfg")).decode("utf-8", "replace").splitlines()
    homes = [line.partition("=")[2].strip() for line in lines if line.partition("=")[0].strip() == "home"]
    if windows and homes:  # where .venv has only a small program that starts the Python in the folder `home`
        homes = [home for home in homes if os.path.exists(os.path.join(home, "python.exe"))]
    return bool(homes) and os.access(venv_python(windows), os.X_OK)  # elsewhere that follows a link to it


def stamp(files):
    """Give the path and the text of the note that .venv holds `files`, for this Python."""
    # The link ends at python3.11 or the like, and elsewhere once the system has moved on to another version.
    python = os.path.basename(os.path.realpath(venv_python())).encode("utf-8")
    requirements = [read(os.path.join(ROOT, name)) for name in files]
    text = b"\n".join([read(os.path.join(VENV, "pyvenv.cfg")), python] + requirements)
    return os.path.join(VENV, files[-1] + ".stamp"), text


def read(path):
    """Give the bytes of a file, none if it cannot be read."""
    try:
        with open(path, "rb") as handle:
            return handle.read()
    except OSError:
        return b""


def note(path, content=b""):
    """Write one of our files in .venv."""
    with open(path, "wb") as handle:
        handle.write(content)


# --- The set-up. If it is broken off, at whatever moment, the next use finds UNFINISHED and makes .venv anew.


def set_up(files):
    """Make .venv hold what `files` ask for; raise Trouble or OSError if that cannot be."""
    if os.path.lexists(VENV) and not is_ours() and not python_is_there():
        raise Trouble(NOT_OURS)
    os.makedirs(VENV, exist_ok=True)
    with open(LOCK, "ab") as lock:
        if not locked(lock):
            say("Another learn.py is setting up this folder. Waiting until it has finished.")
            while not locked(lock):
                time.sleep(0.1)
        if ready(files):
            return  # the other one has done it
        # pip and uv share the lock, so that nobody touches .venv under their hands if we alone are killed.
        os.set_inheritable(lock.fileno(), True)
        note(LOG)
        if python_works():
            say("Bringing .venv up to date with %s:" % ", ".join(files))
            note(UNFINISHED)
        else:
            make()
        install(files)
        for count in range(1, len(files) + 1):
            note(*stamp(files[:count]))
        os.remove(UNFINISHED)
    say("Ready after %d s." % (time.time() - STARTED))


def locked(lock, windows=WINDOWS):
    """Lock the open file `lock`; give False if another holds it. It is free once that one has ended."""
    import errno

    try:
        if windows:
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:  # some network drives know no locks: better a set-up without one than none
        return error.errno not in (errno.EACCES, errno.EAGAIN)
    return True


def is_ours():
    """Tell whether learn.py made .venv, or was about to."""
    nothing_else = os.path.isdir(VENV) and all(name.startswith("setup.") for name in os.listdir(VENV))
    return nothing_else or os.path.exists(MADE)


def python_works():
    """Tell whether .venv can be added to: it is whole, and its Python starts and finds its packages."""
    if os.path.exists(UNFINISHED) and is_ours():
        return False  # while what somebody else made cannot be made anew, and is worth another try
    question = "import os, sys, sysconfig; place = sysconfig.get_path('purelib'); "
    question += "sys.exit(sys.version_info < %r or not os.path.isdir(place))" % (OLDEST,)
    try:
        return python_is_there() and run([venv_python(), "-I", "-c", question], "trying .venv")[0] == 0
    except OSError:  # no program at all
        return False


def make():
    """Make .venv, without pip as yet, in place of whatever is left of an earlier one."""
    import shutil

    if not is_ours():
        raise Trouble(NOT_OURS)
    left = [os.path.join(VENV, name) for name in os.listdir(VENV) if not name.startswith("setup.")]
    if left:
        say("Making .venv anew, because it was left unfinished or its Python is gone:")
    else:
        say("Setting up the workbook in .venv. This is done once and takes about a minute:")
    note(MADE)
    note(UNFINISHED)
    for path in left:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)
    status, said = run([BASE, "-I", "-m", "venv", "--without-pip", VENV], "making .venv")
    if status != 0:
        raise Trouble(meaning(said) or NO_PIP)


def install(files):
    """Install `files` into .venv with the first of uv and pip that succeeds."""
    requirements = [word for name in files for word in ("-r", name)]
    said = ""
    for installer in installers():
        before = packages()
        status, said = run(installer + requirements, "installing")
        if status == 0:
            # All processors at once, where pip uses one. Left to the first use of a module, it would be done
            # at every use of a workbook that has become read-only.
            compiling = [venv_python(), "-I", "-m", "compileall", "-q", "-j", "0", os.path.join(VENV, "lib")]
            run(compiling, "compiling, for quick starts")
            return
        if packages() != before:
            break  # half installed, which the next installer would take for installed
    else:
        os.remove(UNFINISHED)  # nothing was touched, so what worked before still works
    if not said:
        raise Trouble(NO_PIP)
    errors = [line.strip(" .") for line in said.splitlines() if line.lower().startswith("error")]
    reason = errors[-1] if errors else "pip did not say why"
    raise Trouble(meaning(said) or FAILED % (reason, COMMAND, LOG))


def installers():
    """Yield the commands that install into .venv, the best first, each prepared once the others failed."""
    import shutil

    python, uv = venv_python(), shutil.which("uv")
    if uv:
        yield [uv, "pip", "install", "--python", python]
    pip = [python, "-I", "-m", "pip"]
    ensurepip = [python, "-I", "-m", "ensurepip", "--default-pip"]
    if run(pip + ["--version"], "looking for pip")[0] != 0 and run(ensurepip, "preparing pip")[0] != 0:
        pip = [BASE, "-I", "-m", "pip", "--python", python]  # Debian has ensurepip in a package of its own
        if run(pip + ["--version"], "looking for the system's pip")[0] != 0:
            return
    yield pip + ["install", "--no-user", "--no-input", "--no-compile", "--disable-pip-version-check"]


def packages():
    """Give the names of what is installed in .venv, each with its version."""
    import glob

    places = [os.path.join(glob.escape(VENV), lib, "site-packages") for lib in ("Lib", "lib/python*")]
    return set(name for place in places for folder in glob.glob(place) for name in os.listdir(folder))


def run(command, what):
    """Run `command`, its output going to the log, and show what it is at; give its exit status and output."""
    import signal
    import subprocess

    with open(LOG, "ab") as log, open(LOG, encoding="utf-8", errors="replace") as output:
        log.write(("$ %s\n" % " ".join(command)).encode("utf-8", "replace"))
        log.flush()
        output.seek(0, os.SEEK_END)
        channels = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
        child = subprocess.Popen(command, cwd=ROOT, close_fds=False, **channels)
        said, ended, told, before = "", False, time.time(), packages()
        try:
            while not ended:
                time.sleep(0.05)
                ended = child.poll() is not None
                said += output.read()
                progress = "%3d s  %s" % (time.time() - STARTED, doing(said, before) or what)
                if width():
                    sys.stderr.write("\r" + progress[: width()].ljust(width()))
                    sys.stderr.flush()
                elif time.time() - told > 10:
                    told = time.time()
                    say(progress)
        finally:
            if not ended:
                child.send_signal(signal.SIGTERM if WINDOWS else signal.SIGINT)
                child.wait()
    return child.returncode, said


# --- What the user reads, on standard error: standard output is the workbook's.


def doing(said, before):
    """Give in a few words what pip or uv is at, from the last line of its output that tells, or nothing."""
    import re

    for line in reversed(said.splitlines()):
        if line.startswith("Installing collected packages: "):
            names = line.partition(": ")[2].split(", ")
            done = sum(name.endswith(".dist-info") for name in packages() - before)
            done = min(done, len(names) - 1)
            return "installing %s (%d of %d)" % (names[done], done + 1, len(names))
        if "Retrying (" in line:
            return "no answer, trying again"
        verbs = r"\s*(?:Collecting|Downloading|Using cached|Processing) "
        found = re.match(verbs + r"(?:\S*[/\\])?([\w.-]+?)(-\d|[^\w.-]|$)", line)
        if found:
            return "getting %s" % found.group(1)
    return ""


def meaning(text):
    """Give the sentence for what the system, pip or uv said in `text`, nothing if that is not known."""
    sentences = [sentence for signs, sentence in MEANINGS if any(sign in text for sign in signs)]
    return sentences[0] if sentences else ""


def say(text):
    """Print `text`, in a terminal between its edges."""
    if width():
        import textwrap

        fill = textwrap.TextWrapper(width(), break_long_words=False, break_on_hyphens=False).fill
        text = "\r" + " " * width() + "\r" + "\n".join(fill(line) for line in text.split("\n"))
    sys.stderr.write(text + "\n")


def width():
    """Give how many characters fit on a line of the terminal, 0 if there is none."""
    try:
        return max(0, os.get_terminal_size(sys.stderr.fileno()).columns - 1)
    except (AttributeError, OSError, ValueError):  # an old Python, a file or pipe, a stand-in for a file
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
