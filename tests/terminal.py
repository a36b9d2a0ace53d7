"""A command on a terminal of its own, as a learner sees it: what is on the screen, and keys to press."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\]8;;[^\x1b]*\x1b\\")
PATIENCE = 60.0  # seconds that a text may take to come, on a slow and busy machine


class Terminal:
    """A pseudo-terminal with a command on it."""

    def __init__(self, command, folder, columns=80, rows=40, **environment):
        self.ours, self.theirs = pty.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(self.theirs)
        surroundings = {name: value for name, value in os.environ.items() if name not in HIDDEN}
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=self.theirs, stdout=self.theirs, stderr=self.theirs,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**surroundings, "TERM": "xterm-256color", **environment},
        )  # fmt: skip
        self.text = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        os.close(self.theirs)
        os.close(self.ours)

    def resize(self, columns, rows):
        """Gives the terminal another size; its process is told by SIGWINCH."""
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys):
        """Types some keys."""
        os.write(self.ours, keys.encode())

    def read(self, seconds):
        """Takes what comes next, if anything does in so many seconds."""
        if select.select([self.ours], [], [], seconds)[0]:
            self.text += os.read(self.ours, 65536).decode("utf-8", "replace")

    def page(self):
        """The text of the page that was drawn last; empty while one is being drawn."""
        last = self.text.rpartition("\x1b[H")[2]
        if not re.search(r"\x1b\[J", last):
            return ""
        return ESCAPES.sub("", last).replace("\r\n", "\n")

    def shows(self, *texts):
        """Waits until one page holds all of these texts, and gives it."""
        deadline = time.monotonic() + PATIENCE
        while not all(text in self.page() for text in texts):
            assert time.monotonic() < deadline, f"{texts} never came; the last page:\n{self.page()}"
            self.read(0.2)
        return self.page()

    def wait(self):
        """Waits for the command to end, and gives its exit status."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "the command never ended"
            self.read(0.05)
        self.read(0)
        return self.process.returncode

    def as_before(self):
        """Whether the terminal is in the modes in which it was given."""
        return termios.tcgetattr(self.theirs) == self.before


# what would make a test's terminal another one than it says
HIDDEN = {"NO_COLOR", "COLUMNS", "LINES", "TMUX", "SSH_CONNECTION", "VTE_VERSION", "FORCE_HYPERLINK"}


class Lines:
    """A command whose output goes into a pipe."""

    def __init__(self, command, folder, **environment):
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
        )  # fmt: skip
        self.text = ""

    __enter__ = Terminal.__enter__

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)

    def has(self, pattern, times=1):
        """Waits until a pattern has been printed so many times; gives all that was printed."""
        deadline = time.monotonic() + PATIENCE
        output = self.process.stdout.fileno()
        while len(re.findall(pattern, self.text)) < times:
            assert time.monotonic() < deadline, f"{pattern!r} never came {times} times:\n{self.text}"
            if select.select([output], [], [], 0.2)[0]:
                self.text += os.read(output, 65536).decode("utf-8", "replace")
        return self.text
