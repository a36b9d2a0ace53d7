"""The engine of the workbook: it runs a learner's program, checks it and says what it found.

It knows no step by name; the steps are found by scanning the folders (see `course`).
"""

__version__ = "0.1.0"
