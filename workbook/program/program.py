"""`Program`: what the checks talk to. One at a time, each check gets a fresh one."""

from __future__ import annotations

import base64
import sqlite3
from typing import Any

from workbook.program import reading
from workbook.program.answers import Answer, DoesNotLoad, NoAnswer, dicts
from workbook.program.channel import Channel, Trouble
from workbook.program.hosts import ForkHost, Host, Process, Spec

LOAD_SECONDS = 5.0
REQUEST_SECONDS = 3.0
IMPATIENT_SECONDS = 0.3  # for a program that has already let a request wait in vain


class Program:
    """One learner's program in one configuration; `begin` and `finish` stand around each check."""

    def __init__(self, host: Host, spec: Spec) -> None:
        self.host, self.spec = host, spec
        self.request_seconds = REQUEST_SECONDS
        self.loaded: dict[str, Any] = {}
        self.problem: DoesNotLoad | NoAnswer | None = None
        self._process: Process | None = None  # the loaded program
        self._again: Process | None = None  # the same program after a restart
        self._channel: Channel | None = None  # whoever answers now
        self._number = 0
        self._fresh = False  # a check has begun and has asked nothing yet
        self._ending = False  # the last copy was told to end and has not yet said that it did
        self._statements: list[str] = []
        self._attack = ""  # what the last program that was ended did to what runs it

    def begin(self) -> None:
        """Makes a fresh program ready to answer; raises DoesNotLoad or NoAnswer."""
        if self.problem:
            raise self.problem
        if self._process is None:
            try:
                self._process = self._load(self.host.start(self.spec))
            except (DoesNotLoad, NoAnswer) as problem:
                self.problem = problem
                raise
        self._fresh = True

    def _answering(self) -> Channel:
        """Whoever answers in this check: a copy, made when it is first asked something, or the program itself."""
        if self._fresh:
            self._channel = self._new_channel() or self._new_channel()
            self._fresh = False
        if self._channel is None:
            raise NoAnswer("blocked" if self._attack else "ended", None, "", self._attack)
        return self._channel

    def _new_channel(self) -> Channel | None:
        """A channel to a fresh program; None where the loaded one ended behind our back."""
        self.begin()
        assert self._process is not None
        if not self._process.copies:
            return self._process.channel
        assert isinstance(self.host, ForkHost)
        try:
            self._await_end()
            return self.host.copy(self._process)
        except Trouble:
            self._drop()
            return None

    def _load(self, process: Process) -> Process:
        """Waits for a started program's report on how loading went."""
        try:
            report = process.channel.receive(LOAD_SECONDS)
        except Trouble as trouble:
            hung, ended = trouble.kind == "timeout", trouble.kind == "ended"
            self.host.stop(process, hung=hung, ended=ended, spared=self._process)
            raise self._no_answer(trouble, process, process.exit_status) from None
        loaded = report.get("loaded")
        if not isinstance(loaded, dict):
            self.host.stop(process, spared=self._process)
            problem = report.get("problem")
            if not isinstance(problem, dict) or not isinstance(problem.get("kind"), str):
                raise NoAnswer("protocol", None, process.channel.output.take())
            raise DoesNotLoad(problem, dicts(report.get("notes")), process.channel.output.take())
        self.loaded = {
            "notes": dicts(loaded.get("notes")),
            "debug": loaded.get("debug") is True,
            "printed": process.channel.output.take(),
        }
        process.copies = loaded.get("copies") is True and isinstance(self.host, ForkHost)
        return process

    def finish(self) -> None:
        """Ends what answered; what it wrote is gone."""
        channel, self._channel = self._channel, None
        self._fresh = False
        if self._again:
            self.host.stop(self._again, spared=self._process)
            self._again = None
        if self._process is None or channel is None:
            return
        if not self._process.copies:
            self._drop()
            return
        try:
            self._end_copy()
        except Trouble:
            self._drop()
        channel.close()

    def _end_copy(self, **how: bool) -> None:
        """Tells that the copy is to end, `hung` or `ended` by itself; it does so while the checks go on."""
        assert self._process is not None
        self._process.channel.send({"do": "end", "how": how})
        self._ending = True

    def _await_end(self) -> int | None:
        """Waits until the last copy has ended and its files are put back; gives its exit status."""
        while self._ending:
            assert self._process is not None
            reply = self._process.channel.receive(LOAD_SECONDS)
            if "status" in reply:
                self._ending = False
                status = reply["status"]
                return status if isinstance(status, int) else None
        return None

    def _drop(self) -> None:
        """Ends the loaded program itself; the next `begin` loads it anew."""
        self._ending = False
        if self._process:
            self.host.stop(self._process)
            self._attack = self._process.attack
            self._process = None

    def close(self) -> None:
        """Ends everything of this program."""
        self.finish()
        self._drop()

    def request(self, environ: dict[str, Any], body: bytes) -> Answer:
        """Asks the program as a WSGI server would; raises NoAnswer."""
        self._statements = []
        plain = {key: value for key, value in environ.items() if isinstance(value, str)}
        message = {"do": "request", "environ": plain, "body": base64.b64encode(body).decode()}
        reply = self._ask(message)
        answer = Answer.of(reply)
        self._statements = answer.sql
        return answer

    def statements(self) -> list[str]:
        """The SQL of the last request, in order; none of a program that goes round SQLAlchemy."""
        return list(self._statements)

    def probe(self, name: str, **values: Any) -> Any:
        """Asks one of the named probes (candidate.probes); raises NoAnswer."""
        return self._ask({"do": name, **values}).get("value")

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        channel = self._answering()
        self._number += 1
        try:
            channel.send({**message, "id": self._number})
            reply = channel.receive(self.request_seconds)
            if reply.get("id") != self._number:
                raise Trouble("protocol", "an answer that nobody asked for")
            return reply
        except Trouble as trouble:
            raise self._fail(trouble) from None

    def _fail(self, trouble: Trouble) -> NoAnswer:
        """Ends what gave no answer, and says how it ended."""
        hung, ended = trouble.kind == "timeout", trouble.kind == "ended"
        if hung:
            self.request_seconds = IMPATIENT_SECONDS
        status: int | None = None
        channel, self._channel = self._channel, None
        process = self._again or self._process
        assert process is not None and channel is not None
        if self._again or not process.copies:
            spared = self._process if self._again else None
            self.host.stop(process, hung=hung, ended=ended, spared=spared)
            status = process.exit_status
            if self._again:
                self._again = None
            else:
                self._process = None
        else:
            try:
                self._end_copy(hung=hung, ended=ended)
                status = self._await_end()
                channel.drain()  # type: ignore[attr-defined]
            except Trouble:
                pass
            channel.close()
        if self._process and self._process.copies:
            self._drop()  # nothing that it started may outlive it
        return self._no_answer(trouble, process, status)

    def _no_answer(self, trouble: Trouble, process: Process, status: int | None) -> NoAnswer:
        kind, detail = ("blocked", process.attack) if process.attack else (trouble.kind, trouble.detail)
        return NoAnswer(kind, status, process.channel.output.take(), detail)

    def printed(self) -> str:
        """What the program printed since the last call, at most 64 kB."""
        return self._process.channel.output.take() if self._process else ""

    def restart(self) -> None:
        """Ends the program as Ctrl-C would and starts it again on the files that it left."""
        try:
            self._ask({"do": "leave"})
        except NoAnswer as problem:
            if problem.kind == "timeout":
                raise
        first = self._process
        if first is None:
            raise NoAnswer("ended", None, "")
        if self._again:
            self.host.stop(self._again, spared=first)
        try:
            again = self.host.start(self.spec, first.folder, spared=first)
        except Trouble as trouble:
            raise NoAnswer("blocked", None, "", trouble.detail) from None
        self._again = self._load(again)
        self._channel = self._again.channel

    def database(self) -> dict[str, sqlite3.Connection]:
        """Copies of the program's SQLite files, read-only: {path in its folder: connection}."""
        self._answering()  # the files of the check before are put back by then
        process = self._process
        found: dict[str, sqlite3.Connection] = {}
        if process is None:
            return found
        try:
            for entry in self.host.databases(process):
                found[str(entry["path"])] = reading.open_copy(entry["parts"])
        except Trouble as trouble:
            raise self._fail(trouble) from None
        except (KeyError, TypeError, AttributeError, ValueError):
            raise NoAnswer("protocol", None, "") from None
        return found
