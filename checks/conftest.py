"""Wires the workbook's fixtures and words into pytest."""

from workbook.checking.plugin import *  # noqa: F403
