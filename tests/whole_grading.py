"""All programs under tests/programs as classes: `grade` says of each, in its sandbox, what `check --json` says.

This takes as long as half of all other tests, so `learn.py verify` runs it and `learn.py test` a sample of it.
"""

import json
import shutil

import pytest

from tests import gradings
from tests.batch import Batch
from tests.kept import ROOT, edited, right_programs, wrong_programs

SLUGS = sorted(path.stem.removeprefix("test_") for path in (ROOT / "checks").glob("test_*.py"))


@pytest.mark.parametrize("slug", SLUGS)
def test_verdicts_are_those_of_check(slug, tmp_path):
    """Every check of every program, the clock apart."""
    submissions = tmp_path / "in"
    for number, program in enumerate(wrong_programs(slug)):
        edited(slug, program, submissions / f"wrong{number:03}" / "steps" / slug)
    for program in right_programs(slug):
        copy = submissions / program.name / "steps" / slug
        shutil.copytree(program, copy, ignore=shutil.ignore_patterns("__pycache__"))
    done = gradings.run(submissions, "--steps", slug[:2], "--out", tmp_path / "out", seconds=1800)
    assert done.returncode == 0, done.stderr
    batch, different = Batch(slug), {}
    for student in sorted(submissions.iterdir()):
        told = json.loads((tmp_path / "out/results" / f"{student.name}.json").read_text("utf-8"))["steps"][0]
        if told["outcome"] == "no-submission":  # an empty file, of which `check` says what it lacks
            assert not any(path.stat().st_size for path in student.rglob("*.py"))
            continue
        printed = batch.check(student / "steps" / slug)
        del printed["seconds"]
        graded = {key: told[key] for key in printed}
        if printed != graded:
            different[student.name] = [
                (one, other)
                for one, other in zip(printed["checks"], graded["checks"], strict=False)
                if one != other
            ] or (printed["status"], told["outcome"], told["reason"])
    batch.close()
    assert not different
