"""Lets `%load_ext workbook` in a notebook beside this file find the workbook's engine in a folder above.

Jupyter, VS Code and nbclient all run a notebook with its own folder as the current one, from which Python
imports. So nothing has to be installed or set, and a copy of this file serves a copy of the notebooks.
"""

import sys
from pathlib import Path

root = next(
    folder for folder in Path(__file__).resolve().parents if (folder / "workbook" / "__main__.py").is_file()
)
sys.path.insert(0, str(root))
del sys.modules[__name__]
import workbook  # noqa: E402, F401  the engine itself now takes the name
