"""Makes `pytest`, started in the folder of a step or with it, find the checks of that step.

Nothing else needs this file: the checks are in ../checks, and programs are checked without it.
"""

import sys
from pathlib import Path

STEPS = Path(__file__).resolve().parent


def pytest_addoption(pluginmanager):
    """Brings in the workbook's fixtures and words, as checks/conftest.py does."""
    sys.path.insert(0, str(STEPS.parent))
    pluginmanager.import_plugin("workbook.checking.plugin")


def pytest_configure(config):
    """Adds the checks of each step whose folder was named, or in which pytest was started."""
    here = config.invocation_params.dir
    for argument in list(config.args):
        place = (here / argument).resolve()
        folder = next((folder for folder in (place, *place.parents) if folder.parent == STEPS), None)
        checks = STEPS.parent / "checks" / f"test_{folder.name}.py" if folder else None
        if place.is_dir() and checks and checks.is_file() and str(checks) not in config.args:
            config.args.append(str(checks))
