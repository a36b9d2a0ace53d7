"""The programs kept under tests/programs: right ones as folders, and small edits of a solution, right or wrong."""

import shutil
import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "tests/programs"


def right_programs(slug: str) -> list[Path]:
    """The folders of a step's right programs."""
    return sorted((PROGRAMS / slug).glob("right_*"))


def _listed(slug: str, name: str) -> list[dict]:
    file = PROGRAMS / slug / name
    return tomllib.loads(file.read_text("utf-8")).get("program", []) if file.is_file() else []


def wrong_programs(slug: str) -> list[dict]:
    """The small faults that a step's checker must find."""
    return _listed(slug, "wrong.toml")


def right_edits(slug: str) -> list[dict]:
    """Small changes that a step's checker must take as right."""
    return _listed(slug, "right.toml")


def edited(slug: str, program: dict, folder: Path) -> None:
    """Writes a step's solution with one of these changes into a folder."""
    shutil.copytree(ROOT / "solutions" / slug, folder, dirs_exist_ok=True)
    file = folder / program.get("file", "app.py")
    if "bytes" in program:
        file.write_bytes(bytes.fromhex(program["bytes"]))
    elif "whole" in program:
        file.write_text(program["whole"], "utf-8")
    else:
        text = file.read_text("utf-8")
        for old, new in program["edit"]:
            assert text.count(old) >= 1, f"the solution has no {old!r}"
            text = text.replace(old, new)
        file.write_text(text, "utf-8")
    for name, text in program.get("added", {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    if program.get("removed"):
        (folder / program["removed"]).unlink()
