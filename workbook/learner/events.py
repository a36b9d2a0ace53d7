"""What happens while a step is watched: keys, saves, a resized terminal; one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue

from workbook.learner import keys, saves


class Events:
    """A queue that other threads and signals put names into, and one thread takes them out of."""

    def __init__(self, resized: Callable[[], None], unwatched: Callable[[], None]) -> None:
        self._resized, self._unwatched = resized, unwatched
        self._queue: SimpleQueue[str] = SimpleQueue()
        self._kept: deque[str] = deque()
        self.pause = saves.LOOK_ANYWAY  # seconds after which one looks at the files, told or not
        self.tell = self._queue.put  # may be called in a signal handler

    def wait(self, seconds: float | None = None) -> str | None:
        """The next key, or SAVED; None where none comes in `seconds` (else in `pause`) and one had better look."""
        if self._kept:
            return self._kept.popleft()
        try:
            event = self._queue.get(timeout=self.pause if seconds is None else max(seconds, 0.001))
        except Empty:
            return None
        if event == saves.UNWATCHED:
            self.pause = saves.POLL
            self._unwatched()
        elif event == keys.RESIZED:
            self._resized()
        else:
            return event
        return None

    def keep(self, event: str) -> None:
        """Puts an event back, for later."""
        self._kept.append(event)

    def saved(self) -> bool:
        """Whether a save was told; keeps all other events for later."""
        kept, told = list(self._kept), False
        self._kept.clear()
        while not self._queue.empty():
            event = self.wait(0)
            told = told or event == saves.SAVED
            if event not in (None, saves.SAVED):
                kept.append(str(event))
        self._kept.extend(kept)
        return told
