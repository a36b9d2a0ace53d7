"""A platform's CSV file in which single cells are replaced, and everything else stays byte for byte."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from workbook.course import WorkbookError

BOM = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # https://owasp.org/www-community/attacks/CSV_Injection
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula; never for a column of numbers."""
    return f"'{text}" if text.startswith(FORMULA) else text


def number(text: str) -> Decimal | None:
    """The number in a cell, with a decimal point or comma; None where there is none."""
    text = text.strip()
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def shown(value: Decimal, comma: bool = False) -> str:
    """A number with at most two decimals and no zeros behind them: 7, 7.5 or, where asked for, 7,5."""
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{rounded:f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


class Sheet:
    """The cells of a CSV file, and where each stands in the text.

    `rows` are lists of cells as the csv module reads them, blank lines left out.
    """

    def __init__(self, text: str, delimiter: str) -> None:
        """Raises WorkbookError where the text is no CSV."""
        self.text, self.delimiter = text, delimiter
        self._body = text[len(BOM) :] if text.startswith(BOM) else text
        self._spans = _spans(self._body, delimiter)
        self.rows = rows_of(self._body, delimiter)
        self._changes: dict[tuple[int, int], str] = {}
        if [[self._plain(start, end) for start, end in row] for row in self._spans] != self.rows:
            raise WorkbookError(
                "The quotes of this CSV file do not belong together, so it cannot be filled in. "
                "Download it again, and do not save it with a spreadsheet."
            )

    def put(self, row: int, column: int, text: str) -> None:
        """Replaces one cell; its quotes stay, or come where the text needs them."""
        start, end = self._spans[row][column]
        quoted = self._body[start:end].startswith('"')
        if quoted or any(sign in text for sign in (self.delimiter, '"', "\r", "\n")):
            text = '"' + text.replace('"', '""') + '"'
        self._changes[row, column] = text

    def filled(self) -> bytes:
        """The file with its replaced cells."""
        parts, at = [BOM if self.text.startswith(BOM) else ""], 0
        for (row, column), text in sorted(self._changes.items()):
            start, end = self._spans[row][column]
            parts += [self._body[at:start], text]
            at = end
        return ("".join(parts) + self._body[at:]).encode("utf-8")

    def comma(self, columns: list[int]) -> bool:
        """Whether the numbers in these columns have a decimal comma."""
        cells = [row[column] for row in self.rows for column in columns if column < len(row)]
        return any(re.fullmatch(r"-?\d+,\d{1,2}", cell.strip()) for cell in cells)

    def _plain(self, start: int, end: int) -> str:
        """What a cell's text means, as the csv module reads it: one cell alone."""
        cells = rows_of(self._body[start:end], self.delimiter)
        return cells[0][0] if cells else ""


def opened(path: Path, delimiters: str, fits: Callable[[list[list[str]]], object]) -> Sheet | None:
    """The sheet in a file, split by the first delimiter with which its rows fit; None where none does."""
    text = text_of(path)
    for delimiter in delimiters:
        try:
            sheet = Sheet(text, delimiter)
        except WorkbookError:  # with another delimiter the quotes may belong together
            continue
        if sheet.rows and fits(sheet.rows):
            return sheet
    return None


def text_of(path: Path) -> str:
    """What stands in a file that a platform exported, line ends as they are; raises WorkbookError."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise WorkbookError(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise WorkbookError(
            f"{path} is not UTF-8 text. Download it again as CSV, and do not save it with a spreadsheet."
        ) from None


def rows_of(text: str, delimiter: str) -> list[list[str]]:
    """The rows of a CSV text that are not blank; raises WorkbookError."""
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error as error:
        raise WorkbookError(f"This is no CSV file: {error}.") from None


def _spans(text: str, delimiter: str) -> list[list[tuple[int, int]]]:
    """Where each cell starts and ends, by row, blank lines left out."""
    sign = re.escape(delimiter)
    cell = re.compile(rf'((?:"(?:[^"]|"")*")?[^{sign}\r\n]*)({sign}|\r\n|\r|\n|\Z)')
    rows: list[list[tuple[int, int]]] = []
    row: list[tuple[int, int]] = []
    at = 0
    while at < len(text) or row:
        match = cell.match(text, at)
        if not match:  # an open quote
            return []
        row.append(match.span(1))
        at = match.end()
        if match[2] != delimiter:
            if row != [(match.start(1), match.start(1))]:
                rows.append(row)
            row = []
    return rows
