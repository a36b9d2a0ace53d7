"""Lets `%load_ext workbook` in a notebook beside this file find the workbook's engine in a folder above.

A notebook runs in its own folder (Jupyter, nbclient, VS Code) or in the workbook's (VS Code, as it is set),
and Python imports from there. So nothing has to be installed or set; `learn.py read` copies this file along.
"""

import sys
from pathlib import Path

root = next(
    folder for folder in Path(__file__).resolve().parents if (folder / "workbook" / "__main__.py").is_file()
)
sys.path.insert(0, str(root))
del sys.modules[__name__]
import workbook  # noqa: E402, F401  the engine itself now takes the name
