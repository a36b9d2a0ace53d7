"""What changed in the steps since the learner last looked, told by CHANGELOG.md.

A line of the change log that names a step is news of that step:

    - 03_users: the hint of TODO 3 says that names are trimmed; many had looked for them untrimmed.
"""

from __future__ import annotations

import re

from workbook.checking import screen
from workbook.course import Step, WorkbookError
from workbook.learner import store

_LINE = re.compile(r"`?(\d\d_\w+)`?: (.+)")


def changes(text: str) -> list[tuple[str, str]]:
    """(slug, sentence) of each line of a change log that names a step, in the order of the log."""
    found = []
    for point in re.split(r"^- ", text, flags=re.MULTILINE)[1:]:
        line = " ".join(point.partition("\n\n")[0].partition("\n#")[0].split())
        if match := _LINE.fullmatch(line):
            found.append((match[1], match[2]))
    return found


def latest(steps: list[Step]) -> list[tuple[str, str]]:
    """The changes that the learner has not seen yet, and from now on has; none at the first look."""
    if not steps:
        return []
    try:
        now = changes((steps[0].root / "CHANGELOG.md").read_text("utf-8"))
    except (OSError, ValueError):
        return []
    lines = [f"{slug}: {sentence}" for slug, sentence in now]
    before = store.recall("news")
    seen = before.get("seen")
    if lines == seen or not (lines or before):
        return []
    try:
        store.remember("news", {"seen": lines})
    except WorkbookError:
        return []  # else the same news would come each time
    if not isinstance(seen, list):
        return []
    slugs = {step.slug for step in steps}
    return [(slug, sentence) for slug, sentence in now if slug in slugs and f"{slug}: {sentence}" not in seen]


def shown(news: list[tuple[str, str]]) -> str:
    """The news for the overview."""
    lines = ["Changed since you last looked; your own files stay as they are:"]
    lines += [f"  {slug}: {sentence}" for slug, sentence in news]
    return "\n".join(screen.wrapped(line) for line in lines)
