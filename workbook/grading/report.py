"""report.html: the class at a glance, for the instructor, made from the results alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any

from workbook.course import Step
from workbook.grading import items, similarity
from workbook.grading.model import STATUSES
from workbook.grading.page import STATUS_WORDS, percent, render, step_name
from workbook.grading.paths import safe_names

HARDEST = 10  # checks in the table of the hardest
SOME = 3  # fewer students than this are no class that all fails
BACKWARDS = -0.2  # a discrimination from which on a check is worth a look
PROMISES = {
    "sandbox": "Each submission ran in a sandbox of its own: it could not read or change anybody's files, reach the "
    "network, outlive its run, disturb other submissions, or forge a verdict.",
    "limits": "Each submission ran in processes of its own with limits: it could not forge a verdict, hang, flood or "
    "outlive its run. Files and network were NOT protected from it.",
    "none": "Each submission ran in a process of its own with deadlines: it could not forge a verdict or outlive its "
    "run. Files, network and memory were NOT protected from it. On Windows, grade within WSL.",
}
# the grader's own trouble first; what was not handed in, of which nobody can mend anything here, last
URGENT = (STATUSES[-1], *STATUSES[2:-1], STATUSES[1])
SINGLE = 60  # up to so many students, each slice of a strip stands apart
LEVELS = ((1.0, "full"), (0.75, "most"), (0.5, "half"), (1e-9, "some"), (0.0, "zero"))


@dataclass(frozen=True)
class Cell:
    """One student's step: its share of the points (None without), its status, and whether set by hand."""

    share: float | None
    outcome: str
    reason: str | None
    by_hand: bool

    @property
    def level(self) -> str:
        """The class of its colour."""
        if self.outcome != "graded" or self.share is None:
            return "other"
        return next(name for least, name in LEVELS if self.share >= least)

    @property
    def text(self) -> str:
        """What stands in it: a status, or percent."""
        return STATUS_WORDS[self.outcome] if self.outcome != "graded" else percent(self.share)


@dataclass(frozen=True)
class Row:
    """One student of the class picture."""

    id: str
    name: str
    status: str
    points: float | None
    possible: float
    cells: dict[str, Cell]
    notes: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """Of all points; None while one of them is open."""
        return None if self.points is None or not self.possible else self.points / self.possible


def report(results: Iterable[dict[str, Any]], steps: Sequence[Step], notes: Sequence[str] = ()) -> str:
    """The page, from the objects of results/ID.json in the gradebook's order, read once, one by one.

    `steps` are those that were graded; `notes` are sentences on the class, such as on hand-ins of strangers.
    """
    rows: list[Row] = []
    levels: Counter[str] = Counter()
    analysis, alike = items.Items(), similarity.Similarity()
    for result in results:
        rows.append(_row(result))
        levels[result["isolation"]] += 1
        analysis.add(result)
        for step in result["steps"]:
            if step.get("fingerprint"):
                alike.add(result["id"], step["step"], step["fingerprint"])
    slugs = [step.slug for step in steps]
    checks = analysis.all()
    shares = [row.share for row in rows if row.share is not None]
    return render(
        "report.html",
        rows=rows,
        slugs=slugs,
        files=safe_names(row.id for row in rows),
        names={row.id: row.name or row.id for row in rows},
        statuses=Counter(row.status for row in rows),
        average=sum(shares) / len(shares) if shares else None,
        middle=median(shares) if shares else None,
        isolation=[(level, count, PROMISES[level]) for level, count in sorted(levels.items())],
        troubles=_troubles(rows, slugs),
        strips=[_strip(slug, rows) for slug in slugs],
        checks=checks,
        numbers={step.slug: step.number for step in steps},
        hardest=sorted((one for one in checks if one.passed < one.tried), key=_hardness)[:HARDEST],
        all_fail=[one for one in checks if one.tried >= SOME and one.waiting < one.tried and not one.passed],
        all_wait=[one for one in checks if one.tried >= SOME and one.waiting == one.tried],
        all_pass=_by_step(one for one in checks if one.passed == one.tried),
        backwards=[one for one in checks if (one.discrimination or 0) <= BACKWARDS],
        alike=alike.findings(),
        notes=notes,
        FEWEST=items.FEWEST,
        similarity=similarity,
        STATUS_WORDS=STATUS_WORDS,
    )


def _row(result: dict[str, Any]) -> Row:
    cells, points = {}, []
    told = [f"{one['step']}: {one['outcome']}: " for one in result["steps"]]  # it has a place of its own
    for step in result["steps"]:
        earned, possible = step["points"], step["possible"]
        points.append(earned)
        share = earned / possible if earned is not None and possible else None
        cells[step["step"]] = Cell(share, step["outcome"], step["reason"], step.get("override", False))
    return Row(
        id=result["id"],
        name=result["name"],
        status=result["status"],
        points=None if None in points else sum(points),
        possible=sum(step["possible"] for step in result["steps"]),
        cells=cells,
        notes=tuple(note for note in result["notes"] if not note.startswith(tuple(told))),
    )


def _troubles(rows: list[Row], slugs: list[str]) -> list[dict[str, Any]]:
    """What was not graded and why: one entry a status and reason, with the steps of each student."""
    same: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in rows:
        for slug, cell in row.cells.items():
            if cell.outcome != "graded":
                same.setdefault((cell.outcome, cell.reason or ""), {}).setdefault(row.id, []).append(slug)
    found = [
        {
            "status": outcome,
            "reason": reason,
            "students": [(id, _spans(where, slugs)) for id, where in met.items()],
        }
        for (outcome, reason), met in same.items()
    ]
    return sorted(found, key=lambda one: URGENT.index(one["status"]))


def _spans(where: Sequence[str], slugs: list[str]) -> str:
    """ "all steps", or "01 to 03, 07 pages"."""
    if len(where) == len(slugs) > 1:
        return "all steps"
    places = [(slugs.index(slug) - at, slug) for at, slug in enumerate(where)]
    spans = [[slug for _, slug in run] for _, run in groupby(places, key=lambda place: place[0])]
    return ", ".join(
        step_name(run[0]) if len(run) == 1 else f"{run[0][:2]} to {run[-1][:2]}" for run in spans
    )


def _strip(slug: str, rows: list[Row]) -> dict[str, Any]:
    """One step over the class, best student first: slices of 10 units in runs of one colour, and numbers."""
    runs: list[tuple[str, int, float]] = []
    ordered = sorted(rows, key=lambda row: -(row.share if row.share is not None else -1))
    cells = [row.cells[slug] for row in ordered]
    if len(cells) <= SINGLE:
        runs = [(cell.level, 10 * at, 9.5) for at, cell in enumerate(cells)]
    else:
        at = 0
        for level, same in groupby(cells, key=lambda cell: cell.level):
            width = 10 * len(list(same))
            runs.append((level, at, width))
            at += width
    counts = Counter(cell.level for cell in cells)
    shares = [cell.share for cell in cells if cell.outcome == "graded" and cell.share is not None]
    return {
        "slug": slug,
        "runs": runs,
        "counts": [(name, counts[name]) for name in ("full", "most", "half", "some", "zero", "other")],
        "full": counts["full"],
        "other": counts["other"],
        "average": sum(shares) / len(shares) if shares else None,
    }


def _hardness(one: items.Item) -> tuple[float, int]:
    """Fewest passing first; of equals, first what fails by itself."""
    return one.difficulty, one.waiting


def _by_step(checks: Iterable[items.Item]) -> list[tuple[str, list[items.Item]]]:
    return [(slug, list(group)) for slug, group in groupby(checks, key=lambda one: one.step)]
