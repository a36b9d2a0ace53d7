"""Staying on one step: its verdict at each save, and what the keys do meanwhile."""

from __future__ import annotations

import time

from workbook.checking.results import StepResult
from workbook.checking.run import Exam
from workbook.course import Step, WorkbookError
from workbook.learner import saves, watch_words
from workbook.learner.events import Events
from workbook.learner.pages import Pages
from workbook.learner.saves import Saved

HOLD = 0.15  # seconds in which a file that does not load may still be half-written
SLOW = 0.1  # seconds after which the first failure is shown before the other checks have ended
PATIENCE = 3  # runs that a save breaks off before one is brought to its end


class Stay:
    """One step while its checks are collected."""

    def __init__(self, step: Step, exam: Exam, events: Events, pages: Pages) -> None:
        self.step, self.exam, self.events, self.pages = step, exam, events, pages
        self.saved: Saved | None = None
        self.result: StepResult | None = None
        self.began = self.looked = 0.0
        self.overtaken = self.early = False
        self.broken_off = 0

    def run(self) -> Step | None:
        """Judges at each save; gives the step to go on with, or None for the list."""
        self.judge()
        while True:
            event = self.events.wait()
            if event in (None, saves.SAVED, "r"):
                if self.changed() or event == "r":
                    self.judge()
            elif event == "l":
                return None
            elif self.result is None:
                continue
            elif event == "h":
                self.pages.hint(self.step, self.result)
            elif event == "n":
                following = watch_words.following(self.step)
                if following and self.result.status != "failed":
                    return following
                self.pages.stays(self.step, self.result)
            elif event in ("\n", "\r"):
                self.pages.verdict(self.step, self.result)

    def changed(self) -> bool:
        """Whether the files are others than those that were judged last."""
        self.looked = time.monotonic()
        try:
            return saves.look(self.step.folder) != self.saved
        except WorkbookError:
            return self.saved is not None

    def judge(self) -> None:
        """Shows the verdict on the newest files."""
        self.broken_off = 0
        while True:
            self.began = self.looked = time.monotonic()
            self.overtaken = self.early = False
            try:
                self.saved = saves.look(self.step.folder)
            except WorkbookError as trouble:
                self.saved = self.result = None
                self.pages.trouble(str(trouble))
                return
            self.pages.checking(self.step, self.result)
            result = self.exam.check(self.step, self.saved.files, each=self._each)
            if not self.overtaken and not (_says_nothing_yet(result) and self._saved_again()):
                break
            self.broken_off += 1
        self.result = result
        self.pages.verdict(self.step, result)

    def _each(self, result: StepResult) -> bool:
        """Between two checks: breaks the run off where a save has made it old."""
        told = self.events.saved()
        if told or time.monotonic() - self.looked > self.events.pause:
            self.overtaken = self.broken_off < PATIENCE and self.changed()
        if not self.early and not self.overtaken and time.monotonic() - self.began > SLOW:
            self.early = self.pages.early(self.step, result)
        return self.overtaken

    def _saved_again(self) -> bool:
        """Waits a moment for the rest of a file that does not load yet."""
        while (left := self.began + HOLD - time.monotonic()) > 0 and self.broken_off < PATIENCE:
            event = self.events.wait(min(left, saves.POLL / 2))
            if event not in (None, saves.SAVED):
                self.events.keep(str(event))
                return False
            if self.changed():
                return True
        return False


def _says_nothing_yet(result: StepResult) -> bool:
    """Whether the program does not load, as a half-written file does not."""
    first, *rest = result.checks
    return first.status == "failed" and all(check.status == "waiting" for check in rest)
