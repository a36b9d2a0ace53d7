"""One hand-in, read into memory: the files of each step that its checker judges, and what is wrong or odd.

Nothing of a submission is extracted, executed, imported or followed, and git is asked nothing.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from workbook.course import Step
from workbook.grading import archives, finding, platforms
from workbook.grading.finding import Place, Program
from workbook.grading.model import Entry, Files, Taken
from workbook.grading.nodes import Budget, Listing, Node, Unreadable
from workbook.grading.paths import shown

MAX_ARCHIVES = 40  # in one hand-in: one a step, and some
MAX_NESTED = 3  # archives in archives: the student's, one a step in it, and one more


def take(entry: Entry, steps: Sequence[Step]) -> Taken:
    """Reads one hand-in. A step that is not in it has no key in `files`.

    `trouble` has the status and the sentence of what cannot be read and, where there is more to say than that
    nothing was handed in, of that. Raises nothing, whatever a student handed in.
    """
    with contextlib.ExitStack() as stack:
        reading = _Reading(steps, stack)
        try:
            reading.list(entry)
            return reading.taken()
        except Unreadable as error:
            reason = f"{shown(entry.label)} {error}."
        except OSError as error:
            reason = f"{shown(entry.label)} cannot be read: {error.strerror or error}. Look at it yourself."
        return Taken({}, {"*": ("unreadable", reason)}, tuple(reading.notes))


@lru_cache(maxsize=1)
def _bulk(source: Path, changed: int, process: int) -> archives.Bulk:
    """A platform's download, opened once a process: a fork must not share the place in the file."""
    return archives.Bulk(source)


class _Reading:
    """One hand-in while it is read."""

    def __init__(self, steps: Sequence[Step], stack: contextlib.ExitStack) -> None:
        self.steps = steps
        self.notes: list[str] = []
        self._nodes: list[Node] = []
        self._damaged: list[str] = []
        self._stack = stack
        self._budget = Budget()

    def list(self, entry: Entry) -> None:
        """Lists all files of the hand-in, those in archives too; raises Unreadable and OSError."""
        if not entry.inside:
            listing = archives.on_disk(entry.source)
            alone = listing.found.get("")
            if alone and entry.source.name.lower().endswith(platforms.ARCHIVES):
                if alone.trouble:
                    raise Unreadable(alone.trouble)
                listing = archives.archive(entry.source, self._budget, self._stack)
            self._add("", listing, entry.label)
        elif entry.source.is_dir():
            for name in sorted(os.listdir(entry.source)):
                if name.startswith(entry.inside):
                    self._add_named(entry.inside, name, archives.on_disk(entry.source / name))
        else:
            bulk = _bulk(entry.source, entry.source.stat().st_mtime_ns, os.getpid())
            self._add_named(entry.inside, "", bulk.part(entry.inside, self._budget))
        self._open_archives()

    def _add_named(self, prefix: str, name: str, listing: Listing) -> None:
        """Adds files behind a platform's prefix; of two loose ones that are one file the newest counts."""
        found: dict[str, Node] = {node.path: node for node in self._nodes}
        for node in listing.nodes:
            path, order = platforms.own_name(prefix, f"{name}/{node.path}".strip("/"))
            path = path or (name or node.path).rpartition("/")[2]
            if path not in found or order >= found[path].order:
                found[path] = replace(node, path=path, order=order)
        self._nodes = list(found.values())
        self._tell_odd("", listing)

    def _add(self, folder: str, listing: Listing, name: str, order: tuple[int, int] = (0, 0)) -> None:
        for node in listing.nodes:
            path = "/".join(part for part in (folder, node.path) if part) or name
            self._nodes.append(replace(node, path=path, order=order))
        self._tell_odd(name, listing)

    def _open_archives(self) -> None:
        """Opens archives in the hand-in as long as a step is missing; those in a step's folder stay closed."""
        opened = 0
        for _depth in range(MAX_NESTED):
            inner = [node for node in self._nodes if self._is_inner(node)]
            if not inner or all(finding.places(step, self._nodes) for step in self.steps):
                return
            self._nodes = [node for node in self._nodes if not self._is_inner(node)]
            for node in inner:
                opened += 1
                try:
                    if opened > MAX_ARCHIVES:
                        raise Unreadable(
                            f"is not opened, because it is one of more than {MAX_ARCHIVES} archives"
                        )
                    if node.trouble:
                        raise Unreadable(node.trouble)
                    source = node.disk or io.BytesIO(node.load())
                    listing = archives.archive(source, self._budget, self._stack)
                except Unreadable as error:
                    self._damaged.append(f"{shown(node.path)} {error}.")
                    continue
                folder, _, name = node.path.rpartition("/")
                stem = platforms.stem_of(platforms.attempt_of(name)[0])
                self._add(f"{folder}/{stem}".lstrip("/"), listing, node.path, node.order)
        self._damaged += [
            f"{shown(node.path)} is not opened: it lies in {MAX_NESTED} archives."
            for node in self._nodes
            if self._is_inner(node)
        ]

    def _is_inner(self, node: Node) -> bool:
        if not node.path.lower().endswith(platforms.ARCHIVES):
            return False
        folders = {part.casefold() for part in node.path.split("/")[:-1]}
        return not any(step.slug in folders for step in self.steps)

    def taken(self) -> Taken:
        """What the listed files come to."""
        files: dict[str, Files] = {}
        trouble: dict[str, tuple[str, str]] = {}
        above: dict[str, None] = {}
        for step in self.steps:
            place = self._place(step)
            if place is None:
                continue
            program = Program(step, place)
            above |= dict.fromkeys(finding.steering_above(step, place, self._nodes))
            try:
                if found := program.files():
                    files[step.slug] = found
                else:
                    where = shown(place.path) or "The hand-in"
                    trouble[step.slug] = ("no-submission", f"{where} holds no Python file of the program.")
            except Unreadable as error:
                trouble[step.slug] = ("unreadable", f"{error}.")
            self.notes += program.notes
        if above:
            self.notes.append(
                f"Ignored {finding.listed(above)}: only the program's own Python source is run."
            )
        if not files and not trouble:
            trouble["*"] = self._nothing()
        else:
            self.notes += self._damaged
        return Taken(files, trouble, tuple(self.notes))

    def _place(self, step: Step) -> Place | None:
        """Where a step's program lies, with a note on what else could be it."""
        found = finding.places(step, self._nodes)
        if not found:
            place = finding.lone(step, self._nodes) if len(self.steps) == 1 else None
            if place:
                where = shown(place.path) or "the top of the hand-in"
                self.notes.append(f"{step.slug}: there is no folder of this name; {where} was taken for it.")
            return place
        first = found[0].path
        others = [
            one.path for one in found[1:] if not _within(one.path, first) and not _within(first, one.path)
        ]
        if others:
            told = f"{shown(first)} counts, {finding.listed(others)} does not"
            self.notes.append(f"{step.slug}: its folder is there more than once; {told}.")
        return found[0]

    def _nothing(self) -> tuple[str, str]:
        """The status and the sentence where no step was found at all."""
        if self._damaged:
            return ("unreadable", self._damaged[0])
        stuck = next((node for node in self._nodes if node.trouble), None)
        if stuck:
            return ("unreadable", f"{shown(stuck.path)} {stuck.trouble}.")
        slug = self.steps[0].slug if self.steps else "01_hello"
        if not self._nodes:
            return ("no-submission", "It is empty.")
        there = finding.listed(sorted({node.path.split("/")[0] for node in self._nodes}))
        return (
            "no-submission",
            f"No folder of a step, such as steps/{slug}, is in it; there is {there}. Ask for the folder steps. "
            "A program without its folder is graded with --steps and the step's number.",
        )

    def _tell_odd(self, name: str, listing: Listing) -> None:
        where = f"{shown(name)}: " if name else ""
        if listing.outside:
            told = finding.listed(sorted(set(listing.outside)))
            self.notes.append(f"{where}ignored {told}, which would lead out of the folder.")
        if listing.twice:
            told = finding.listed(sorted(set(listing.twice)))
            self.notes.append(f"{where}{told} is there more than once; the last counts.")


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")
