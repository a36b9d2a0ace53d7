"""The gradebook as another program's dialect of CSV."""

from __future__ import annotations

import csv
import io

from workbook.grading.sheets import BOM, number

_TEXTS = ("id", "name", "status", "notes")


def translated(rows: list[list[str]], delimiter: str, bom: bool) -> bytes:
    """The gradebook's rows with another delimiter; a spreadsheet that wants semicolons wants decimal commas too."""
    numeric = {at for at, name in enumerate(rows[0]) if name not in _TEXTS}
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        if delimiter == ";":
            row = [
                cell.replace(".", ",") if at in numeric and number(cell) is not None else cell
                for at, cell in enumerate(row)
            ]
        writer.writerow(row)
    return ((BOM if bom else "") + text.getvalue()).encode("utf-8", "backslashreplace")
