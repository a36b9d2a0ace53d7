"""gradebook.csv: one row a student, one column a step."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from workbook.grading import points
from workbook.grading.sheets import BOM, guarded, shown


def header(slugs: Sequence[str]) -> list[str]:
    """The names of the columns."""
    return ["id", "name", "status", *slugs, "total", "possible", "percent", "notes"]


def row(result: dict[str, Any]) -> list[str]:
    """The cells of one student, from the object of results/ID.json; what has no number is blank."""
    total, possible = points.total(result["steps"])
    cells = [_cell(step["points"]) for step in result["steps"]]
    sums = [_cell(total), shown(possible), _cell(points.percent(total, possible))]
    texts = [guarded(result[name]) for name in ("id", "name", "status")]
    return [*texts, *cells, *sums, guarded("; ".join(result["notes"]))]


def _cell(value: Decimal | int | float | None) -> str:
    return "" if value is None else shown(Decimal(str(value)))


def written(slugs: Sequence[str], rows: Iterable[Sequence[str]], bom: bool) -> bytes:
    """The file, as RFC 4180 has it: UTF-8, lines that end with CR LF; with `bom` Excel knows it for UTF-8.

    https://www.rfc-editor.org/rfc/rfc4180
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header(slugs))
    writer.writerows(rows)
    return ((BOM if bom else "") + text.getvalue()).encode("utf-8", "backslashreplace")
