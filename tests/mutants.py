"""Small faults put into a solution, one at a time: does the step's checker see each of them?

    python tests/mutants.py 03_users

Only lines that the step itself brings are changed; those of earlier steps belong to their checkers. Each line
of the output is a mutant: {"file", "line", "old", "new", "caught"}, where `caught` is a check's id or null.
"""

import ast
import json
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

COMPARISONS = {
    ast.Eq: "!=", ast.NotEq: "==", ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
OPERATORS = {ast.Add: "-", ast.Sub: "+", ast.Mult: "//", ast.FloorDiv: "*", ast.Pow: "+", ast.Mod: "+"}


@dataclass(frozen=True)
class Mutant:
    """One change of a source: the bytes from `start` to `end` become `text`."""

    line: int
    start: int
    end: int
    text: str

    def apply(self, source: bytes) -> bytes:
        """The changed source."""
        return source[: self.start] + self.text.encode() + source[self.end :]


class Source:
    """A Python file as bytes, with the places of its syntax tree."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.starts = [0]
        for line in data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.tree = ast.parse(data)
        self.docs = {
            node.body[0].value
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node)
        }

    def span(self, node: ast.AST) -> tuple[int, int]:
        """First and last byte of a node."""
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[
            node.end_lineno - 1
        ] + node.end_col_offset

    def text(self, node: ast.AST) -> str:
        """The source of a node."""
        start, end = self.span(node)
        return self.data[start:end].decode()

    def replace(self, node: ast.AST, text: str) -> Mutant:
        """The node's source replaced."""
        return Mutant(node.lineno, *self.span(node), text)

    def between(self, left: ast.AST, right: ast.AST, text: str) -> Mutant:
        """What stands between two nodes, such as an operator, replaced."""
        return Mutant(right.lineno, self.span(left)[1], self.span(right)[0], f" {text} ")

    def mutants(self) -> Iterator[Mutant]:
        """Every small change that this file knows."""
        for node in ast.walk(self.tree):
            yield from self.of(node)

    def of(self, node: ast.AST) -> Iterator[Mutant]:
        """The small changes of one node."""
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISONS:
            yield self.between(node.left, node.comparators[0], COMPARISONS[type(node.ops[0])])
        elif isinstance(node, ast.BoolOp):
            other = "or" if isinstance(node.op, ast.And) else "and"
            yield self.between(node.values[0], node.values[1], other)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield self.replace(node, self.text(node.operand))
        elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            yield self.between(node.left, node.right, OPERATORS[type(node.op)])
        elif isinstance(node, ast.Constant) and node not in self.docs:
            yield from self.constant(node)
        elif isinstance(node, ast.keyword) and node.arg:
            yield Mutant(node.value.lineno, *self.span(node), "")
        elif isinstance(node, (ast.Expr, ast.Assign, ast.AugAssign, ast.If, ast.Try)) and not (
            isinstance(node, ast.Expr) and node.value in self.docs
        ):
            yield self.replace(node, "pass")
        elif isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                start, end = self.span(decorator)
                yield Mutant(decorator.lineno, start - 1, end, "")

    def constant(self, node: ast.Constant) -> Iterator[Mutant]:
        """Another value of the same type."""
        if isinstance(node.value, bool):
            yield self.replace(node, str(not node.value))
        elif isinstance(node.value, int):
            yield self.replace(node, str(node.value + 1))
        elif isinstance(node.value, str) and self.text(node)[:1] in "\"'":
            yield self.replace(node, repr(f"{node.value}x"))


def new_lines(before: str, after: str) -> set[int]:
    """The numbers of the lines of `after` that `before` lacks."""
    had = set(before.splitlines())
    return {number for number, line in enumerate(after.splitlines(), 1) if line not in had}


def step_mutants(slug: str) -> Iterator[tuple[str, Mutant]]:
    """(file, mutant) for each small change in the lines that a step brings."""
    slugs = sorted(path.name for path in (ROOT / "solutions").iterdir())
    earlier = slugs[: slugs.index(slug)][-1:]
    before = "\n".join(
        path.read_text("utf-8")
        for name in earlier
        for path in sorted((ROOT / "solutions" / name).rglob("*.py"))
    )
    folder = ROOT / "solutions" / slug
    for path in sorted(folder.rglob("*.py")):
        data = path.read_bytes()
        new = new_lines(before, data.decode())
        for mutant in Source(data).mutants():
            changed = mutant.apply(data)
            if mutant.line in new and changed != data and parses(changed):
                yield path.relative_to(folder).as_posix(), mutant


def parses(data: bytes) -> bool:
    """Whether a change left Python code."""
    try:
        ast.parse(data)
    except SyntaxError:
        return False
    return True


def first_failure(exam, step, files: dict[str, bytes], only: Collection[str]) -> str | None:
    """The first check that fails, of all or of some; "error" where a checker is at fault; None if all pass."""
    result = exam.check(step, files, only=only, each=lambda so_far: so_far.checks[-1].status != "passed")
    last = result.checks[-1]
    return None if last.status == "passed" else last.id if last.status == "failed" else last.status


def main(slug: str) -> None:
    """Prints what became of each mutant of a step."""
    from workbook import course
    from workbook.checking.run import examine
    from workbook.program import intake

    step = course.find(slug)
    files = intake.read(step.solution)

    def judge(exam) -> None:
        recent: list[str] = []  # what caught the mutants before mostly catches the next one, and in less time
        for name, mutant in step_mutants(slug):
            data = files[name]
            changed = mutant.apply(data)
            mutated = {**files, name: changed}
            caught = first_failure(exam, step, mutated, recent[:4]) if recent else None
            caught = caught or first_failure(exam, step, mutated, ())
            if caught:
                recent = [caught, *(one for one in recent if one != caught)]
            first = mutant.line - 1
            print(
                json.dumps(
                    {
                        "file": name,
                        "line": mutant.line,
                        "old": data.decode().splitlines()[first].strip(),
                        "new": changed.decode().splitlines()[first].strip(),
                        "caught": caught,
                    }
                ),
                flush=True,
            )

    examine([step], judge, width=1)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main(sys.argv[1])
