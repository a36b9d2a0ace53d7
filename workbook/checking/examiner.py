"""`Examiner`: which program each step's checks judge, and what came of them."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from workbook.checking.results import Check, StepResult
from workbook.checking.subject import Subject
from workbook.course import ROOT
from workbook.program import intake
from workbook.program.channel import Trouble
from workbook.program.hosts import ForkHost, Host, Spec, modules_for, new_host

Files = dict[str, bytes]


class Examiner:
    """Holds a host, the programs that are judged with it, and the results, by the step's slug."""

    def __init__(self, host: Host | None = None, folder: Path | None = None) -> None:
        self.folder = folder
        self.results: dict[str, StepResult] = {}
        self.current: Check | None = None
        self._host = host
        self._files: dict[str, Files] = {}
        self._subjects: dict[str, dict[str, Subject]] = {}

    def judge(self, slug: str, files: Files) -> None:
        """Takes a step's program; results of an earlier one are dropped."""
        self._files[slug] = files
        self._close_subjects(slug)
        self.results[slug] = StepResult(slug, intake.digest(files))

    def use(self, host: Host | None) -> Host | None:
        """Judges with this host from now on and gives the one before; what was started is ended first."""
        for slug in list(self._subjects):
            self._close_subjects(slug)
        before, self._host = self._host, host
        return before

    def further_hosts(self, number: int) -> list[Host]:
        """Hosts for forks of this process that judge beside it; fewer where no fork server is there to share."""
        hosts: list[Host] = []
        if isinstance(self._host, ForkHost):
            with contextlib.suppress(
                Trouble
            ):  # a program has ended the server: it is started anew when needed
                for _ in range(number):
                    hosts.append(self._host.another())
        return hosts

    def move_to(self, host: Host) -> None:
        """Judges with another host from now on, in a fork of the process that goes on with the first one."""
        self._subjects.clear()
        self._host = host

    def files(self, slug: str) -> Files:
        """The program of a step: what `judge` was given, else a folder's: --program or the learner's."""
        if slug not in self._files:
            self.judge(slug, intake.read(self.folder or ROOT / "steps" / slug))
        return self._files[slug]

    def result(self, slug: str) -> StepResult:
        """The result that a step's checks are noted in."""
        self.files(slug)
        return self.results[slug]

    def subject(self, slug: str, target: str, config: dict[str, Any] | None) -> Subject:
        """A step's program, started at `target` with this configuration."""
        files = self.files(slug)
        if self._host is None:
            self._host = new_host(os.environ.get("WORKBOOK_HOST", "auto"), modules_for(files))
        subjects = self._subjects.setdefault(slug, {})
        key = json.dumps([target, config], sort_keys=True)
        if key not in subjects:
            subjects[key] = Subject(self._host, Spec(files, target, config))
        return subjects[key]

    def _close_subjects(self, slug: str) -> None:
        for subject in self._subjects.pop(slug, {}).values():
            subject.program.close()

    def close(self) -> None:
        """Ends every program and process."""
        for slug in list(self._subjects):
            self._close_subjects(slug)
        if self._host:
            self._host.close()
            self._host = None
