"""A student's result as Gradescope's results.json.

Follows https://gradescope-autograders.readthedocs.io/en/latest/specs/. Every text is given as plain text, so that
nothing that a program printed is taken for HTML.
"""

from __future__ import annotations

import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbook.course import WorkbookError
from workbook.grading.marks import Mark, result_of
from workbook.grading.pairing import label
from workbook.grading.sheets import shown

_FIRST = (1980, 1, 1, 0, 0, 0)  # the oldest date that a zip can hold: the same results, the same bytes


def export(out: Path, marks: list[Mark]) -> tuple[bytes, list[str]]:
    """One results.json, or a zip with ID.json for each student; raises WorkbookError."""
    if out.suffix.lower() != ".zip":
        if len(marks) != 1:
            raise WorkbookError(
                f"Gradescope takes one results.json a submission, and there are {len(marks)} students. Name a "
                "file that ends in .zip as --out: it gets one file a student."
            )
        if marks[0].total is None:
            raise WorkbookError(f"{label(marks[0])} was not graded (grader-error), so there is no score.")
        return _bytes(marks[0]), []
    graded = [mark for mark in marks if mark.total is not None]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for mark in graded:
            archive.writestr(zipfile.ZipInfo(mark.file.name, _FIRST), _bytes(mark), zipfile.ZIP_DEFLATED)
    missing = "; ".join(label(mark) for mark in marks if mark.total is None)
    return packed.getvalue(), [
        f"Left out, since they were not graded (grader-error): {missing}."
    ] if missing else []


def result(mark: Mark) -> dict[str, Any]:
    """The object for one student; its score is the gradebook's total, overrides and late policy included."""
    steps = result_of(mark.file)["steps"]
    tests = [test for step in steps for test in _tests(step)]
    comments = [f"{step['step']}: {step['comment']}" for step in steps if step["comment"]]
    total = f"{shown(mark.total or Decimal(0))} of {shown(mark.total_possible)} points"
    return {
        "score": float(mark.total or 0),
        "output": "\n".join([total, *comments]),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def _bytes(mark: Mark) -> bytes:
    return (json.dumps(result(mark), ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _tests(step: dict[str, Any]) -> list[dict[str, Any]]:
    """A step's checks; one line for a step that was not graded."""
    number, slug = int(step["step"][:2]), step["step"]
    if not step["checks"]:
        return [
            _test(
                f"{number}", slug, f"{slug}: {step['outcome']}", 0.0, float(step["possible"]), step["reason"]
            )
        ]
    tried = sum(check["points"] for check in step["checks"] if check["status"] != "skipped")
    weight = float(step["possible"]) / tried if tried else 0.0
    tests = []
    for place, check in enumerate(step["checks"], 1):
        most = round(check["points"] * weight, 4)
        score = most if check["status"] == "passed" else 0.0
        test = _test(f"{number}.{place}", slug, check["title"], score, most, check["message"])
        if check["status"] == "skipped":
            test |= {"score": 0.0, "max_score": 0.0}
            del test["status"]  # Gradescope knows passed and failed alone, and this was not tried
        tests.append(test)
    return tests


def _test(number: str, slug: str, name: str, score: float, most: float, output: str | None) -> dict[str, Any]:
    return {
        "number": number,
        "name": name,
        "name_format": "text",
        "score": score,
        "max_score": most,
        "status": "passed" if score == most and most else "failed",
        "output": output or "",
        "output_format": "text",
        "tags": [slug],
        "visibility": "visible",
    }
