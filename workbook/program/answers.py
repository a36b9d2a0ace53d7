"""What a program gave when it was asked: an answer, none, or no program at all."""

from __future__ import annotations

import base64
import signal
from dataclasses import dataclass, field
from typing import Any


class DoesNotLoad(Exception):
    """The program gives no app; `fact` says why (see candidate.loading)."""

    def __init__(self, fact: dict[str, Any], notes: list[dict[str, Any]], printed: str) -> None:
        super().__init__(fact["kind"])
        self.fact, self.notes, self.printed = fact, notes, printed


class NoAnswer(Exception):
    """The program hung, ended or flooded while it was asked; `kind` as in Trouble, or "blocked" where
    it attacked what runs it: `detail` says how."""

    def __init__(self, kind: str, status: int | None, printed: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind, self.status, self.printed, self.detail = kind, status, printed, detail

    @property
    def signal(self) -> str | None:
        """The name of the signal that ended the program, if one did."""
        if self.status is None or self.status >= 0:
            return None
        try:
            return signal.Signals(-self.status).name
        except ValueError:
            return f"signal {-self.status}"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer and what happened inside while it was made."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    too_long: bool = False
    error: dict[str, Any] | None = None
    view: dict[str, Any] | None = None
    sql: list[str] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, reply: dict[str, Any]) -> Answer:
        """What a candidate's reply says; raises NoAnswer where it is none."""
        try:
            return cls(
                status=int(reply["status"]),
                headers=[(str(name), str(value)) for name, value in reply["headers"]],
                body=base64.b64decode(reply["body"]),
                too_long=bool(reply.get("too_long")),
                error=_dict(reply.get("error")),
                view=_dict(reply.get("view")),
                sql=[str(statement) for statement in reply.get("sql") or []],
                notes=dicts(reply.get("notes")),
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            raise NoAnswer("protocol", None, "") from None


def _dict(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects in a list that strangers sent."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
