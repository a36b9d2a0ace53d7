"""`learn.py` hands over to this file: it finds the engine beside itself, whatever the current folder is."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from workbook.cli import main

if __name__ == "__main__":
    main()
