"""The keys that a learner presses, and the signals of the terminal: the part that differs between systems."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

Tell = Callable[[str], None]

RESIZED = "resized"
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)  # arrow keys and the like


def letters(typed: str) -> list[str]:
    """The keys in what was typed, in lower case; arrow keys and other escape sequences are none."""
    return list(_ESCAPES.sub("", typed).lower())


@contextmanager
def quiet_signals(tell: Tell) -> Iterator[None]:
    """Ctrl-C, and whatever else asks the process to end, is one KeyboardInterrupt; a resize is told."""
    before: dict[int, object] = {}

    def end(number: int, frame: FrameType | None) -> None:
        # once is enough: a second Ctrl-C must not break off the cleaning up
        for other in ending:
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    ending = [getattr(signal, name) for name in names if hasattr(signal, name)]
    for number in ending:
        before[number] = signal.signal(number, end)
    for name in ("SIGWINCH", "SIGCONT"):
        if hasattr(signal, name):
            number = getattr(signal, name)
            before[number] = signal.signal(number, lambda *_: tell(RESIZED))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]


def interrupt() -> None:
    """Does to the main thread what Ctrl-C does, also while it waits for a program that hangs."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        import _thread

        _thread.interrupt_main()


if sys.platform == "win32":
    import msvcrt
    import time

    @contextmanager
    def pressed(tell: Tell) -> Iterator[Callable[[], None]]:
        """Tells each key that is pressed; q interrupts. Gives what to call after a pause of the process."""
        stop = threading.Event()
        os.system("")  # lets the console understand escape sequences

        def read() -> None:
            while not stop.is_set():
                if not msvcrt.kbhit():
                    time.sleep(0.05)
                    continue
                key = msvcrt.getwch()
                if key in "\x00\xe0":
                    msvcrt.getwch()  # the second half of an arrow key
                elif key.lower() == "q":
                    interrupt()
                else:
                    tell(key.lower())

        threading.Thread(target=read, daemon=True).start()
        try:
            yield lambda: None
        finally:
            stop.set()

else:
    import select
    import termios
    import tty

    @contextmanager
    def pressed(tell: Tell) -> Iterator[Callable[[], None]]:
        """Tells each key that is pressed; q interrupts. Gives what to call after a pause of the process."""
        keyboard = sys.stdin.fileno()
        before = termios.tcgetattr(keyboard)
        ended, end = os.pipe()

        def one_key_at_a_time() -> None:
            tty.setcbreak(keyboard, termios.TCSADRAIN)

        def read() -> None:
            while True:
                if ended in select.select([keyboard, ended], [], [])[0]:
                    return
                try:
                    typed = os.read(keyboard, 1024)
                except OSError:
                    typed = b""
                keys = letters(typed.decode("utf-8", "replace"))
                if not typed or "q" in keys:  # no more keys come where the terminal is gone
                    interrupt()
                    return
                for key in keys:
                    tell(key)

        one_key_at_a_time()
        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        try:
            yield one_key_at_a_time
        finally:
            os.write(end, b".")
            reader.join()
            os.close(ended)
            os.close(end)
            try:
                termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)  # what was typed ahead is dropped
            except termios.error:
                pass  # the terminal is gone
