"""The engine of the workbook: it runs a learner's program, checks it and says what it found.

It knows no step by name; the steps are found by scanning the folders (see `course`).
"""

__version__ = "0.1.0"


def load_ipython_extension(shell: object) -> None:
    """What `%load_ext workbook` calls; the import waits for it, since a program's process needs none of it.

    https://ipython.readthedocs.io/en/stable/config/extensions/
    """
    from workbook.notebooks import magic

    magic.load(shell)
