"""How the learning platforms name what was handed in, and what such a name tells of the student.

Canvas    doejane_1234_5678_repo-2.zip, doejane_LATE_1234_5678_repo.zip: sortable name, user, attachment
          https://github.com/instructure/canvas-lms/blob/master/lib/content_zipper.rb
Moodle    Jane Doe_123_assignsubmission_file_/repo.zip, or one file a name without the folder
          https://github.com/moodle/moodle/blob/main/mod/assign/classes/downloader.php
Gradescope  submission_123/ beside a submission_metadata.yml that names the submitters
          https://help.gradescope.com (Export Submissions)
others    a folder or an archive named for the student; GitHub Classroom's assignment-login/ is one of these
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

# the first three are read, of the others a sentence says what to hand in
ARCHIVES = (".zip", ".tar.gz", ".tgz", ".rar", ".7z", ".tar", ".tar.bz2", ".tar.xz")
METADATA = "submission_metadata.yml"
_CANVAS = re.compile(
    r"(?P<student>(?P<name>\w+?)(?:_LATE)?_(?P<number>\d+))_(?:(?P<file>\d+)_(?P<rest>.+)|(?:text|link)\.html)"
)
_BLIND_CANVAS = re.compile(r"(?P<student>(?:LATE_)?(?P<name>anon_[A-Za-z0-9]+))_(?P<file>\d+)_(?P<rest>.+)")
_MOODLE = re.compile(
    r"(?P<student>(?P<name>.+)_(?P<number>\d+)_assignsubmission_)[a-z]+(?:_(?P<rest>.*))?", re.DOTALL
)
_GRADESCOPE = re.compile(r"submission_(\d+)")
_ATTEMPT = re.compile(r"(?P<stem>.+?)(?:-(?P<dash>\d{1,3})| \((?P<round>\d{1,3})\))", re.DOTALL)


@dataclass(frozen=True)
class Group:
    """The names at the top of SUBMISSIONS that are one hand-in."""

    names: tuple[str, ...]
    prefix: str  # with which all of them begin; what follows it is the student's own name for a file
    student: str  # the name as found, then further keys, one a line: "#12" is the platform's own number
    attempt: int = 0


def group(items: Iterable[tuple[str, bool]], metadata: bytes | None = None) -> list[Group]:
    """Sorts the (name, is a folder) at the top of SUBMISSIONS into hand-ins, ordered by name.

    `metadata` is Gradescope's submission_metadata.yml. Files that are no hand-in, such as a roster, are
    left out.
    """
    submitters = _submitters(metadata) if metadata else {}
    groups: list[Group] = []
    gathered: dict[str, tuple[str, list[str], int]] = {}
    for name, is_folder in sorted(items):
        if name in submitters:
            numbered = _GRADESCOPE.fullmatch(name)
            attempt = int(numbered[1]) if numbered else 0
            groups += [Group((name,), "", keys, attempt) for keys in submitters[name]]
            continue
        match = _MOODLE.fullmatch(name)
        if not match and not is_folder:
            match = _CANVAS.fullmatch(name) or _BLIND_CANVAS.fullmatch(name)
        if match:
            prefix = match["student"].removesuffix("_") + "_"
            number = match.groupdict().get("number")
            keys = f"{_line(match['name'])}\n#{number}" if number else match["name"]
            attempt = 0 if is_folder else attempt_of(match["rest"] or "")[1]
            _keys, names, newest = gathered.setdefault(prefix, (keys, [], 0))
            gathered[prefix] = (keys, [*names, name], max(newest, attempt))
        elif is_folder or name.lower().endswith((*ARCHIVES, ".py")):
            stem = name if is_folder else stem_of(name)
            groups.append(Group((name,), "", _line(stem), _suffix(stem)[1]))
    groups += [
        Group(tuple(names), prefix, keys, newest) for prefix, (keys, names, newest) in gathered.items()
    ]
    return sorted(groups, key=lambda group: (group.names, group.student))


def own_name(prefix: str, name: str) -> tuple[str, tuple[int, int]]:
    """The student's own path of a file behind a platform's prefix, and what orders it among its likes.

    "5678_repo-2.zip" of Canvas gives "repo-2.zip", (2, 5678); a loose "5678_app-2.py" gives "app.py".
    """
    rest = name[len(prefix) :]
    if prefix.endswith("_assignsubmission_"):
        return re.sub(r"^[a-z]+(_?/|_|$)", "", rest), (0, 0)
    number = re.match(r"(\d+)_", rest)
    if not prefix or not number:
        return rest, (0, 0)
    rest = rest[number.end() :]
    stem, attempt = attempt_of(rest)
    return (stem if rest.endswith(".py") else rest), (attempt, int(number[1]))


def attempt_of(name: str) -> tuple[str, int]:
    """A file's name without the number that Canvas gives to a resubmission, and that number or 0."""
    stem = stem_of(name)
    plain, attempt = _suffix(stem)
    return plain + name[len(stem) :], attempt


def stem_of(name: str) -> str:
    """A file's name without the ending, of which ".tar.gz" is one."""
    ending = next((ending for ending in ARCHIVES if name.lower().endswith(ending)), None)
    return name[: -len(ending)] if ending else name.rpartition(".")[0] or name


def without_attempt(student: str) -> str:
    """A name without a number at its end: "ana" for "ana-2" and "ana (2)"."""
    return _suffix(student)[0]


def _suffix(stem: str) -> tuple[str, int]:
    match = _ATTEMPT.fullmatch(stem)
    return (match["stem"], int(match["dash"] or match["round"])) if match else (stem, 0)


def _submitters(metadata: bytes) -> dict[str, list[str]]:
    """{folder: [keys of each submitter]}; nothing where the file is not what Gradescope writes."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = yaml.load(metadata, Loader=loader)
        return {
            str(folder): [
                "\n".join(_line(str(one[key])) for key in (":name", ":sid", ":email") if one.get(key))
                for one in told[":submitters"]
            ]
            for folder, told in found.items()
        }
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return {}


def _line(text: str) -> str:
    return " ".join(text.split())
