"""Notebooks: what their cells use, and the proof that what they show is true.

A cell uses these four names and the magic `%%check`, nothing else of the workbook.
"""

from workbook.notebooks.cells import predict, show, solution
from workbook.notebooks.wire import wire

__all__ = ["predict", "show", "solution", "wire"]
