"""Each small fault in a solution fails some check of its step, or stands on a list with the reason why it cannot."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
SLUGS = sorted(path.stem.removeprefix("test_") for path in (ROOT / "checks").glob("test_*.py"))


def survivors(slug: str) -> dict[tuple[str, str], str]:
    """{(old line, new line): reason} of the faults that no check can see; "*" stands for any new line."""
    file = ROOT / "tests/programs" / slug / "survivors.toml"
    listed = tomllib.loads(file.read_text("utf-8"))["survivor"] if file.is_file() else []
    return {(one["old"], one["new"]): one["reason"] for one in listed}


@pytest.mark.parametrize("slug", SLUGS)
def test_small_faults_are_caught(slug):
    """No small fault passes unless it is listed, and none is listed that is caught."""
    command = [sys.executable, "-I", "-X", "utf8", ROOT / "tests/mutants.py", slug]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    mutants = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(mutants) >= 5
    assert [one for one in mutants if one["caught"] == "error"] == []
    listed = survivors(slug)
    any_change = {old for old, new in listed if new == "*"}
    passed = {
        (one["old"], "*" if one["old"] in any_change else one["new"]) for one in mutants if not one["caught"]
    }
    assert passed - listed.keys() == set(), "these faults pass every check"
    assert listed.keys() - passed == set(), "these are listed, but some check sees them"
    assert all(len(reason) > 15 for reason in listed.values())
