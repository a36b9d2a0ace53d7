"""Answers requests with the loaded app and tells what happened inside while it did."""

from __future__ import annotations

import base64
import io
import sys
import threading
from collections.abc import Iterable
from typing import Any

from workbook.candidate import databases, loading, probes, where

MAX_BODY = 4 * 1024 * 1024  # bytes of an answer's body that are read


class Answering:
    """One Flask app, asked by messages: {"do": "request" | a probe's name, ...}.

    {"do": "another_app"} makes a further app in this process, and "use_app" chooses which one answers.
    """

    def __init__(self, app: Any, folder: str, notes: loading.Notes) -> None:
        self.app, self.folder, self.notes = app, folder, notes
        self.apps = [app]
        self.error: dict[str, Any] | None = None
        self.view: dict[str, Any] | None = None
        # looked up once, before any copy is made: a view's place costs as much as a request
        self._places = {id(view): where.of_view(view, folder) for view in app.view_functions.values()}
        self._listen()

    def _listen(self) -> None:
        """Hears of exceptions and of the view that answers through Flask's own signals."""
        import flask

        def remember_error(_app: Any, exception: BaseException, **_: Any) -> None:
            self.error = where.describe(exception, self.folder)

        def remember_view(app: Any, **_: Any) -> None:
            view = app.view_functions.get(flask.request.endpoint)
            if view is not None and id(view) not in self._places:
                self._places[id(view)] = where.of_view(view, self.folder)
            self.view = self._places.get(id(view))

        flask.got_request_exception.connect(remember_error, weak=False)
        flask.request_started.connect(remember_view, weak=False)

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """What one message comes to; an exception of the app itself is an answer too."""
        if message["do"] == "request":
            return self.request(message)
        if message["do"] == "another_app":
            return {"value": self.another_app(message)}
        if message["do"] == "use_app":
            self.app = self.apps[message["number"]]
            return {"value": message["number"]}
        return {"value": probes.PROBES[message["do"]](self.app, self.folder, message)}

    def another_app(self, message: dict[str, Any]) -> dict[str, Any]:
        """Makes one more app, which answers from now on: {"number"} or {"problem": a fact}.

        `target` and `config` are those of a program; `cli` is what stands after `flask --app`, and the
        app is found as Flask's own command finds it.
        """
        from flask.cli import ScriptInfo

        try:
            if "cli" in message:
                self.app = ScriptInfo(app_import_path=message["cli"]).load_app()
            else:
                self.app = loading.load(message["target"], self.folder, message.get("config"))
        except (Exception, SystemExit) as error:
            return {"problem": loading.explain(error, self.folder)}
        self.apps.append(self.app)
        return {"number": len(self.apps) - 1}

    def request(self, message: dict[str, Any]) -> dict[str, Any]:
        """Runs the app on one WSGI environment: status, headers, body, and what a report needs."""
        self.error = self.view = None
        databases.SQL.clear()
        answer: dict[str, Any]
        try:
            answer = self._in_a_thread(message["environ"], base64.b64decode(message["body"]))
        except (Exception, SystemExit) as error:
            # what the app lets through, as with app.testing or app.debug, a server turns into a 500
            self.error = where.describe(error, self.folder)
            answer = {"status": 500, "headers": [["Content-Type", "text/html"]], "body": ""}
        return {
            **answer,
            "error": self.error,
            "view": self.view,
            "sql": list(databases.SQL),
            "notes": self.notes.take(),
        }

    def _in_a_thread(self, environ: dict[str, Any], body: bytes) -> dict[str, Any]:
        """Answers in a new thread, as Flask's own server does: not in the one that loaded the program.

        There a connection of sqlite3 that belongs to the module refuses to work, and a context that was
        pushed at import is not there.
        """
        came: list[Any] = []

        def work() -> None:
            try:
                came.append(self._run(environ, body))
            except BaseException as error:
                came.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join()
        (outcome,) = came
        if isinstance(outcome, BaseException):
            raise outcome
        answer: dict[str, Any] = outcome
        return answer

    def _run(self, environ: dict[str, Any], body: bytes) -> dict[str, Any]:
        environ = {
            **environ,
            "wsgi.version": (1, 0),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
        }
        started: list[Any] = []
        written: list[bytes] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            started[:] = [status, headers]
            return written.append

        result: Iterable[bytes] = self.app(environ, start_response)
        try:
            size = 0
            for part in result:
                written.append(part)
                size += len(part)
                if size > MAX_BODY:
                    break
        finally:
            if hasattr(result, "close"):
                result.close()
        data = b"".join(written)
        return {
            "status": int(started[0].split(None, 1)[0]),
            "headers": [[str(name), str(value)] for name, value in started[1]],
            "body": base64.b64encode(data[:MAX_BODY]).decode(),
            "too_long": len(data) > MAX_BODY,
        }
