"""Judges hostile programs as the grader does: which ones is told on standard input, a JSON object a line.

A process of its own, so that what an attack does to the process that judges can be seen.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


from tests.hostile.listing import CASES  # noqa: E402
from workbook import course  # noqa: E402
from workbook.candidate import limits  # noqa: E402
from workbook.checking.run import Exam, examine  # noqa: E402
from workbook.grading.outcome import outcome  # noqa: E402
from workbook.program import isolation  # noqa: E402
from workbook.program.hosts import modules_for  # noqa: E402


def files(case, words: dict[str, str]) -> dict[str, bytes]:
    """A program's files, its placeholders replaced."""
    found = {}
    for name, text in case.files.items():
        if isinstance(text, str):
            for word, value in words.items():
                text = text.replace(word, value)
            text = text.encode()
        found[name] = text
    return found


def peak() -> int:
    """The most memory that this process has held, in bytes; ru_maxrss would begin with that of the tests."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)[1]) * 1024


def judge(exam: Exam, case, level: str, words: dict[str, str]) -> dict:
    """What came of one program at one level, and what it left behind."""
    before = set(limits.descendants(os.getpid()))
    program = files(case, words)
    host = isolation.host(level, modules_for(program))
    try:
        with exam.on(host):
            result = exam.check(course.find(str(case.step)), program)
    finally:
        host.close()
    status, reason = outcome(result)
    return {
        "status": status,
        "reason": reason,
        "passed": result.passed,
        "total": len(result.checks),
        "messages": [check.message for check in result.checks if check.message],
        "left": sorted(set(limits.descendants(os.getpid())) - before),
        "peak": peak(),
    }


def serve(exam: Exam) -> None:
    """Judges until there is nothing more to read."""
    known = {case.name: case for case in CASES}
    out = os.fdopen(int(sys.argv[1]), "w", encoding="utf-8")
    for line in sys.stdin:
        asked = json.loads(line)
        told = judge(exam, known[asked["name"]], asked["level"], asked["words"])
        print(json.dumps(told), file=out, flush=True)


if __name__ == "__main__":
    steps = [course.find(str(number)) for number in sorted({case.step for case in CASES})]
    examine(steps, serve, modules=None)
