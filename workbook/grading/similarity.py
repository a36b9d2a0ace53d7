"""Which submissions of a class resemble each other, from the fingerprints in their results."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

# A print stands for about two and a half tokens. Below so many of a learner's own, likeness says nothing.
ENOUGH = 25
ALIKE = (
    0.5  # from this share on a pair is named; tests/test_grading_similarity.py holds what it was set against
)
COMMON = (
    10  # prints that more students share are common knowledge, as in MOSS: this many, or a tenth of a class
)


@dataclass(frozen=True)
class Alike:
    """How alike the students of a group are in one step: the lowest and highest share of any pair named."""

    slug: str
    low: float
    high: float
    identical: bool


@dataclass(frozen=True)
class Group:
    """Students, by their ids, whose submissions resemble each other in these steps."""

    students: tuple[str, ...]
    steps: tuple[Alike, ...]


@dataclass(frozen=True)
class Findings:
    """What came of comparing a class; counts are of students."""

    groups: tuple[Group, ...] = ()
    reference: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (slug, the ids that handed in the reference)
    compared: tuple[tuple[str, int, int], ...] = ()  # (slug, long enough to judge, too short)


@dataclass(frozen=True)
class _Print:
    student: str
    digest: str
    length: int
    prints: frozenset[int]


class Similarity:
    """Takes fingerprints one by one, keeps what comparing needs, and compares in the end."""

    def __init__(self) -> None:
        self._taken: dict[str, list[tuple[str, str, int, bool, bytes]]] = defaultdict(list)

    def add(self, student: str, slug: str, fingerprint: dict[str, Any]) -> None:
        """One student's fingerprint of one step, as `fingerprint.Baseline` makes it."""
        digest, length, reference = (fingerprint[key] for key in ("digest", "length", "reference"))
        prints = bytes.fromhex(fingerprint["prints"])
        self._taken[slug].append((student, digest, length, reference, prints))

    def findings(self) -> Findings:
        """The groups, those in most steps first; the same whatever order the students came in."""
        together: dict[tuple[str, ...], list[Alike]] = defaultdict(list)
        copies, compared = [], []
        for slug, taken in sorted(self._taken.items()):
            long = [one for one in sorted(taken) if one[2] >= ENOUGH]
            same = tuple(student for student, _, _, reference, _ in long if reference)
            if same:
                copies.append((slug, same))
            own = [_Print(*one[:3], _unpacked(one[4])) for one in long if not one[3]]
            judged = sum(len(one.prints) >= ENOUGH for one in own) + len(same)
            compared.append((slug, judged, len(taken) - judged))
            for students, alike in _groups(slug, own):
                together[students].append(alike)
        groups = [Group(students, tuple(steps)) for students, steps in together.items()]
        groups.sort(key=lambda one: (-len(one.steps), -max(step.high for step in one.steps), one.students))
        return Findings(tuple(groups), tuple(copies), tuple(compared))


def _unpacked(prints: bytes) -> frozenset[int]:
    return frozenset(int.from_bytes(prints[at : at + 4], "big") for at in range(0, len(prints), 4))


def _groups(slug: str, own: list[_Print]) -> Iterable[tuple[tuple[str, ...], Alike]]:
    """Those that are linked by pairs, directly or through others."""
    pairs = _pairs(own)
    first = list(range(len(own)))  # the lowest member of each one's group

    def root(one: int) -> int:
        while first[one] != one:
            first[one] = first[first[one]]
            one = first[one]
        return one

    for left, right in pairs:
        low, high = sorted((root(left), root(right)))
        first[high] = low
    members, shares = defaultdict(list), defaultdict(list)
    for one in range(len(own)):
        members[root(one)].append(one)
    for (left, _), share in pairs.items():
        shares[root(left)].append(share)
    for base in sorted(shares):
        students = tuple(own[one].student for one in members[base])
        identical = len({own[one].digest for one in members[base]}) == 1
        yield students, Alike(slug, min(shares[base]), max(shares[base]), identical)


def _pairs(own: list[_Print]) -> dict[tuple[int, int], float]:
    """{(one, another): share} of the pairs that are alike. The share is of the smaller one's prints, 0 to 1.

    Prints that many have are left out first, which also bounds the work: a print makes no more pairs than
    COMMON or a tenth of the class allows.
    """
    holders: dict[int, list[int]] = defaultdict(list)
    for at, one in enumerate(own):
        for each in one.prints:
            holders[each].append(at)
    limit = max(COMMON, len(own) // 10)
    rare = {each: held for each, held in holders.items() if len(held) <= limit}
    sizes = Counter(at for held in rare.values() for at in held)
    shared: Counter[tuple[int, int]] = Counter()
    for held in rare.values():
        shared.update(combinations(held, 2))
    found = {}
    for (left, right), count in shared.items():
        smaller = min(sizes[left], sizes[right])
        if smaller >= ENOUGH and count / smaller >= ALIKE:
            found[left, right] = count / smaller
    same: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(own):
        same[one.digest].append(at)
    for held in same.values():  # one link to the next is enough to make a group of them
        found.update(dict.fromkeys(pairwise(held), 1.0))
    return dict(sorted(found.items()))
