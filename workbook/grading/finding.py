"""Where the steps' folders lie in a submission, and what of them is the learner's program.

Taken are all `*.py` files and what else the step's README names behind "Files you edit:"; a name that ends in "/"
is a folder, all of which is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache

from workbook.candidate.workspace import MAX_FILES
from workbook.course import Step, steps
from workbook.grading.model import Files
from workbook.grading.nodes import Node, Unreadable
from workbook.grading.paths import portable, same_place, shown
from workbook.learner import starters
from workbook.program.intake import MAX_BYTES, hiding

_NOT_LEARNERS = {"solutions", "starters", "programs"}  # the workbook has folders of the same name in these
_STEERING = re.compile(
    r"conftest\.py|pytest\.ini|\.?pytest\.toml|pyproject\.toml|setup\.cfg|setup\.py|tox\.ini|noxfile\.py"
    r"|(site|user)customize\.py|.+\.pth",
    re.IGNORECASE,
)
_TESTS = re.compile(r"test_.*\.py|.*_test\.py", re.IGNORECASE)
_WORD = re.compile(rb"\w+")
_BINARY = re.compile(r".+\.(pyc|pyo|so|pyd|dll|dylib)", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A folder that may hold a step's program; the one that sorts first counts."""

    rank: tuple[object, ...]
    path: str  # "" is the top of the submission
    nodes: tuple[Node, ...]  # what lies below it

    def relative(self, node: Node) -> str:
        """A file's path below this folder."""
        return node.path[len(self.path) + 1 :] if self.path else node.path


@cache
def declared(step: Step) -> tuple[str, ...]:
    """What the README of a step names behind "Files you edit:", up to the full stop or the blank line."""
    try:
        text = (step.folder / "README.md").read_text("utf-8", "replace")
    except OSError:
        return ()
    found = re.search(r"^Files you edit:(.*?)(?:\.\s|\n\s*\n|\Z)", text, re.DOTALL | re.MULTILINE)
    return tuple(re.findall(r"`([^`]+)`", found[1])) if found else ()


def places(step: Step, nodes: Iterable[Node]) -> list[Place]:
    """The folders named for a step, the one that counts first.

    It is, in this order: one with a file of the starter, one with any Python file, the newest hand-in, one in a
    folder `steps`, the one nearest to the top, the first by name.
    """
    below: dict[str, list[Node]] = {}
    for node in nodes:
        parts = node.path.split("/")
        for at, part in enumerate(parts if node.trouble else parts[:-1]):
            if part.casefold() == step.slug and (at == 0 or parts[at - 1].casefold() not in _NOT_LEARNERS):
                below.setdefault("/".join(parts[: at + 1]), []).append(node)
    own = _starters_files(step)
    return sorted((_place(path, found, own) for path, found in below.items()), key=lambda place: place.rank)


def _place(path: str, nodes: list[Node], own: set[str]) -> Place:
    parts = path.split("/")
    starter = any(node.path[len(path) + 1 :] in own or node.path == path for node in nodes)
    python = any(node.path.endswith(".py") for node in nodes)
    attempt, upload = max(node.order for node in nodes)
    in_steps = len(parts) > 1 and parts[-2].casefold() == "steps"
    rank = (not starter, not python, -attempt, -upload, not in_steps, len(parts), path)
    return Place(rank, path, tuple(nodes))


@cache
def _starters_files(step: Step) -> set[str]:
    return {name for name in starters.delivered(step) if not name.endswith("__init__.py")}


@cache
def _given(step: Step) -> set[str]:
    return starters.given(step)


def lone(step: Step, nodes: list[Node]) -> Place | None:
    """The program of a submission without the step's folder: where a file of the starter lies, or else any Python
    file, nearest to the top. What lies in a folder named for a step is never it.
    """
    slugs = {other.slug for other in steps(step.root)}
    nodes = [node for node in nodes if not slugs & set(node.path.casefold().split("/")[:-1])]
    paths, own = [f"/{node.path}" for node in nodes], _starters_files(step)
    tops = [path.removesuffix(f"/{name}") for path in paths for name in own if path.endswith(f"/{name}")]
    tops = tops or [path.rpartition("/")[0] for path in paths if path.endswith(".py")]
    if not tops:
        return None
    top = min(tops, key=lambda top: (top.count("/"), top)).lstrip("/")
    return Place((), top, tuple(node for node in nodes if not top or node.path.startswith(f"{top}/")))


def steering_above(step: Step, place: Place, nodes: Iterable[Node]) -> list[str]:
    """The files above a step's folder that would steer pytest and its like, and are none of the workbook's own."""
    top = place.path.rpartition("/")[0].rpartition("/")[0]
    found = []
    for node in nodes:
        above, _, last = node.path.rpartition("/")
        if above == place.path or not _STEERING.fullmatch(last) or not _is_above(above, place.path):
            continue
        name = node.path.removeprefix(top).lstrip("/")
        if not any((folder / name).is_file() for folder in (step.root, step.root / "steps")):
            found.append(node.path)
    return found


def _is_above(folder: str, path: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


class Program:
    """What is taken of one place, and the sentences on what is not."""

    def __init__(self, step: Step, place: Place) -> None:
        self.step, self.place = step, place
        self.notes: list[str] = []
        self._declared = declared(step)
        self._given = _given(step)
        self._own = _starters_files(step)

    def files(self) -> Files:
        """{path below the step's folder: content}; raises Unreadable."""
        chosen = self._chosen()
        size = sum(node.size for node in chosen.values())
        if len(chosen) > MAX_FILES or size > MAX_BYTES:
            most = f"{MAX_FILES} files or {MAX_BYTES // 1024**2} MB"
            raise Unreadable(f"{self._shown()} holds more than {most}. Hand in the program alone")
        files: Files = {}
        for name in sorted(chosen):
            if chosen[name].trouble:
                raise Unreadable(f"{shown(chosen[name].path)} {chosen[name].trouble}")
            try:
                files[name] = chosen[name].load()
            except Unreadable as error:
                raise Unreadable(f"{shown(chosen[name].path)} {error}") from None
        if sum(map(len, files.values())) > MAX_BYTES:
            raise Unreadable(f"{self._shown()} grew while it was read. Try again")
        self._drop_tests(files)
        for name in hiding(files):
            hidden = name.split("/")[0].removesuffix(".py")
            self._note(f"a file named {shown(name)} hides the package {hidden}")
        return files

    def _shown(self) -> str:
        return shown(self.place.path) or "the hand-in"

    def _chosen(self) -> dict[str, Node]:
        """The files to read, by their path below the step's folder."""
        found = {self.place.relative(node): node for node in self.place.nodes}
        chosen: dict[str, Node] = {}
        ignored, odd, stuck, places = [], [], [], set()
        # of names that are one file on Windows or macOS, the one in small letters comes first
        for name in sorted(found, key=lambda name: (same_place(name), name.swapcase())):
            last = name.rpartition("/")[2]
            edited = self._is_declared(name)
            if found[name].trouble:
                if (
                    edited
                    or name.endswith(".py")
                    or not name
                    or any(_is_above(name, own) for own in self._own)
                ):
                    chosen[name] = found[name]
                else:
                    stuck.append(name)
            elif not edited and (_STEERING.fullmatch(last) or _BINARY.fullmatch(last)):
                ignored += [name] * (name not in self._given)
            elif name.endswith(".py") or edited:
                if _behind_app(name, found):
                    ignored.append(name)
                elif not portable(name) or same_place(name) in places:
                    odd.append(name)
                else:
                    chosen[name] = found[name]
                    places.add(same_place(name))
        self._list("ignored {}: only the program's own Python source is run", ignored)
        self._list("ignored {}: not every system can store that name beside the others", odd)
        self._list("ignored {}: links, locked and encrypted files are left alone", stuck)
        return chosen

    def _is_declared(self, name: str) -> bool:
        return any(name == own or (own.endswith("/") and name.startswith(own)) for own in self._declared)

    def _drop_tests(self, files: Files) -> None:
        """Drops tests that nothing else names and that are not what the step is about."""
        tests = {
            name: name.rpartition("/")[2][: -len(".py")].encode("utf-8", "replace")
            for name in files
            if _TESTS.fullmatch(name.rpartition("/")[2])
        }
        if not tests:
            return
        words = {name: set(_WORD.findall(content)) for name, content in files.items()}
        said = Counter(word for found in words.values() for word in found)
        dropped = [
            name
            for name, word in tests.items()
            if not self._is_declared(name) and said[word] - (word in words[name]) == 0
        ]
        for name in dropped:
            del files[name]
        self._list("ignored the tests {}", dropped)

    def _list(self, sentence: str, names: list[str]) -> None:
        if names:
            self._note(sentence.format(listed(names)))

    def _note(self, text: str) -> None:
        self.notes.append(f"{self.step.slug}: {text}.")


def listed(names: Iterable[str]) -> str:
    """Names for a sentence: the first five, and how many more there are."""
    first = list(names)
    return ", ".join(shown(name) for name in first[:5]) + (
        f" and {len(first) - 5} more" if len(first) > 5 else ""
    )


def _behind_app(name: str, found: Container[str]) -> bool:
    """Whether a file lies in a folder app beside an app.py, which Python would import instead of app.py."""
    parts = name.split("/")
    return any(
        part == "app" and "/".join([*parts[:at], "app.py"]) in found for at, part in enumerate(parts[:-1])
    )
