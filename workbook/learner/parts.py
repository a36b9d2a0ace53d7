"""The parts of a program: its functions and classes, and what stands outside of them."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from itertools import chain

OUTSIDE = "outside of functions"
METHODS = ("get", "post", "put", "patch", "delete")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Part:
    """A function or class at the top of a file, or all that stands outside of these."""

    file: str
    name: str
    line: int
    text: str
    means: str  # the same for two parts that differ in layout, comments and docstrings alone
    route: str = ""
    docstring: str = ""

    @property
    def comments(self) -> list[str]:
        """Its comments, with those that go over several lines as one."""
        found: list[tuple[int, str]] = []
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        for token in tokens:
            if token.type == tokenize.COMMENT and not token.line[: token.start[1]].strip():
                text = token.string.lstrip("# ").rstrip()
                if found and found[-1][0] == token.start[0] - 1:
                    text = f"{found.pop()[1]} {text}"
                found.append((token.start[0], text))
        return [text for _, text in found]

    @property
    def words(self) -> list[str]:
        """The names, numbers and keywords in it."""
        return re.findall(r"\w+", ast.unparse(ast.parse(self.text)))

    @property
    def uses(self) -> set[str]:
        """The names of what it calls; decorators do not count."""
        tree = ast.parse(self.text)
        for node in tree.body:
            if isinstance(node, Definition):
                node.decorator_list.clear()
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        names = {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}
        return names - {""}


def parts(files: dict[str, bytes]) -> list[Part]:
    """The parts of a program ({relative path: content}), file by file; a file that cannot be read has none."""
    return list(
        chain.from_iterable(_parts_of(name, files[name]) for name in sorted(files) if name.endswith(".py"))
    )


def _parts_of(file: str, content: bytes) -> list[Part]:
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        tree = ast.parse(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return []
    lines = text.splitlines()
    found, outside, at = [], [], 0
    for node in tree.body:
        if not isinstance(node, Definition):
            continue
        start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
        while start > at and lines[start - 1].startswith("#"):
            start -= 1
        own = "\n".join(lines[start : node.end_lineno])
        docstring = ast.get_docstring(node) or ""
        found.append(Part(file, node.name, node.lineno, own, _meaning([node]), _route(node), docstring))
        outside += lines[at:start]
        at = node.end_lineno or start
    rest = "\n".join(_squeezed([*outside, *lines[at:]]))
    if rest:
        others = [node for node in tree.body if not isinstance(node, Definition)]
        found.insert(
            0, Part(file, OUTSIDE, 1, rest, _meaning(others), docstring=ast.get_docstring(tree) or "")
        )
    return found


def _squeezed(lines: list[str]) -> list[str]:
    """Lines with at most one blank line in a row, and none at the ends."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line.rstrip())
    return kept[:-1] if kept and not kept[-1] else kept


class _WithoutDocstrings(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else node


def _meaning(nodes: list[ast.stmt] | list[Definition]) -> str:
    module = ast.parse(ast.unparse(ast.Module(list(nodes), [])))
    imports = [part for part in module.body if isinstance(part, ast.Import | ast.ImportFrom)]
    for part in imports:  # their order means nothing
        part.names.sort(key=lambda alias: alias.name)
    others = [part for part in module.body if part not in imports]
    module.body = [*sorted(imports, key=ast.unparse), *others]
    return ast.dump(_WithoutDocstrings().visit(module))


def _route(node: Definition) -> str:
    """What a view answers, such as "POST /api/users"; empty for anything else."""
    for call in node.decorator_list:
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args):
            continue
        kind, first = call.func.attr, call.args[0]
        if kind in METHODS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            return f"{kind.upper()} {first.value}"
        if kind == "route" and isinstance(first, ast.Constant) and isinstance(first.value, str):
            given = next((word.value for word in call.keywords if word.arg == "methods"), None)
            texts = (
                [part.value for part in ast.walk(given) if isinstance(part, ast.Constant)]
                if given
                else ["GET"]
            )
            return f"{'/'.join(sorted(str(text).upper() for text in texts))} {first.value}"
    return ""
