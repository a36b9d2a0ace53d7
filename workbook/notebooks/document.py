"""A notebook as a file: only what a reader sees, so that running it again changes no byte."""

from __future__ import annotations

import base64
import hashlib
import itertools
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# jsonschema would read a grammar for addresses, which takes two seconds and which no notebook needs
_spared = sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
import nbformat  # noqa: E402

if _spared is None:
    del sys.modules["rfc3987_syntax"]

from workbook.course import ROOT, WorkbookError  # noqa: E402

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
TEXT_CHUNKS = (b"tEXt", b"zTXt", b"iTXt", b"tIME")


def notebooks(root: Path = ROOT) -> list[Path]:
    """All notebooks of the workbook, in order."""
    return sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def read(path: Path) -> Any:
    """A notebook in nbformat 4; raises WorkbookError where the file is none."""
    try:
        return nbformat.reads(path.read_text("utf-8"), as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise WorkbookError(
            f"{path} cannot be read as a notebook: {error}. Bring it back from git."
        ) from None


def written(notebook: Any) -> bytes:
    """The bytes of a notebook that was run: no counts, no times, ids from the content.

    https://nbformat.readthedocs.io/en/latest/format_description.html
    """
    cells, ids = [], set()
    for cell in notebook.cells:
        plain = {"cell_type": cell.cell_type, "source": cell.source.rstrip(), "metadata": {}}
        if tags := sorted(cell.metadata.get("tags", [])):
            plain["metadata"] = {"tags": tags}
        if cell.cell_type == "code":
            plain |= {"execution_count": None, "outputs": _outputs(cell.outputs)}
        name, count = _digest(plain["source"]), 0
        while (own := name if not count else f"{name}-{count}") in ids:
            count += 1
        ids.add(own)
        cells.append({**plain, "id": own})
    whole = nbformat.from_dict({"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5})
    nbformat.validate(whole)
    return (nbformat.writes(whole).rstrip("\n") + "\n").encode()


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:8]


def _outputs(outputs: list[Any]) -> list[dict[str, Any]]:
    """Outputs in order; what was printed between two others is one text for each stream, since a kernel
    sends its two streams in pieces and without an order between them.
    """
    told: list[dict[str, Any]] = []
    for is_stream, group in itertools.groupby(outputs, lambda output: output.output_type == "stream"):
        if not is_stream:
            told += [_output(output) for output in group]
            continue
        texts: dict[str, str] = {"stdout": "", "stderr": ""}
        for output in group:
            texts[output.name] += output.text
        told += [
            {"output_type": "stream", "name": name, "text": texts[name]} for name in texts if texts[name]
        ]
    return told


def _output(output: Any) -> dict[str, Any]:
    kind = output.output_type
    if kind == "error":
        traceback = list(output.traceback)
        return {"output_type": kind, "ename": output.ename, "evalue": output.evalue, "traceback": traceback}
    data = {name: _picture(value) if name == "image/png" else value for name, value in output.data.items()}
    plain = {"output_type": kind, "data": data, "metadata": {}}
    return {**plain, "execution_count": None} if kind == "execute_result" else plain


def _picture(text: str) -> str:
    """A PNG in base64 without its texts, which name the program that drew it, with its version."""
    content = base64.b64decode(text)
    kept = content[:8] + b"".join(chunk for name, chunk in _chunks(content) if name not in TEXT_CHUNKS)
    return base64.b64encode(kept).decode()


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(type, whole chunk) of a PNG; https://www.w3.org/TR/png-3/#5Chunk-layout."""
    at = 8
    while at < len(content):
        size = struct.unpack(">I", content[at : at + 4])[0] + 12
        yield content[at + 4 : at + 8], content[at : at + size]
        at += size
