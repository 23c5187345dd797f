"""Mutants: small changes of the package, one at a time.

A change is of a comparison, a constant, an operator, the order of arguments, a filter or an order
of sorting. `mutant_runs` finds which of them the tests notice.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("analyses", "measures", "graph", "intake", "estimates", "kernels", "renderers")
COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SORTS = {"descending", "reverse", "nulls_last", "maintain_order"}
FILTERS = {"filter", "drop_nulls", "unique", "fill_null", "head"}
SYMMETRIC = {"max", "min", "maximum", "minimum", "logical_and", "logical_or", "gcd", "samestat"}
"""Functions whose first two arguments may change places."""
KINDS = ("comparison", "constant", "operator", "argument", "filter", "sort")


@dataclass(frozen=True)
class Mutant:
    """A changed file. number: how many places before it have the same kind and text."""

    path: Path
    kind: str
    number: int
    line: int
    before: str
    after: str
    source: str

    @property
    def id(self) -> str:
        """The same for the same change of the same expression, whatever else changes."""
        place = f" (after {self.number} others)" if self.number else ""
        return f"{self.path} {self.kind}: {self.before} -> {self.after}{place}"

    @property
    def may_be_equivalent(self) -> bool:
        """Whether the change looks like one without any effect, which no test can notice."""
        call = ast.parse(self.before, mode="eval").body
        if self.kind == "sort":
            return "maintain_order" in self.before and "descending" not in self.before
        if self.kind != "argument" or not isinstance(call, ast.Call):
            return False
        return getattr(call.func, "attr", getattr(call.func, "id", "")) in SYMMETRIC

    def describe(self) -> str:
        """One line for the list of survivors."""
        return f"{self.path}:{self.line} {self.kind}: {self.before}  ->  {self.after}"


def list_places(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """(kind, expression) of all that can be changed, in order; texts and hints are left alone."""
    hints = {id(node) for hint in _list_hints(tree) for node in ast.walk(hint)}
    for node in ast.walk(tree):
        if id(node) in hints:
            continue
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
            yield "comparison", node
        elif isinstance(node, ast.Constant) and type(node.value) in (bool, int, float):
            yield "constant", node
        elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            yield "operator", node
        elif isinstance(node, ast.Call):
            yield from _list_call_places(node)


def _list_hints(tree: ast.Module) -> Iterator[ast.expr]:
    """Annotations, which nothing reads when the program runs."""
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if getattr(node, name, None) is not None:
                yield getattr(node, name)


def _list_call_places(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    plain = [argument for argument in call.args if not isinstance(argument, ast.Starred)]
    if len(plain) > 1 and ast.dump(plain[0]) != ast.dump(plain[1]):
        yield "argument", call
    if isinstance(call.func, ast.Attribute) and call.func.attr in FILTERS:
        yield "filter", call
    if any(keyword.arg in SORTS for keyword in call.keywords):
        yield "sort", call


def change(kind: str, node: ast.expr) -> ast.expr:
    """What stands in place of an expression; the expression itself may be changed."""
    if isinstance(node, ast.Compare):
        node.ops[0] = COMPARISONS[type(node.ops[0])]()
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1  # type: ignore[operator]
    elif isinstance(node, ast.BinOp):
        node.op = OPERATORS[type(node.op)]()
    elif isinstance(node, ast.Call) and kind == "argument":
        node.args[0], node.args[1] = node.args[1], node.args[0]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and kind == "filter":
        return node.func.value
    elif isinstance(node, ast.Call):
        node.keywords = [keyword for keyword in node.keywords if keyword.arg not in SORTS]
    return node


class _Replacer(ast.NodeTransformer):
    """Puts one expression in the place of another."""

    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def make_mutant(path: Path, kind: str, number: int) -> Mutant | None:
    """Change the ``number``-th place of a kind, counted round; None if the file has none."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    places = [node for found, node in list_places(tree) if found == kind]
    if not places:
        return None
    place = number % len(places)
    node = places[place]
    before, line = ast.unparse(node), node.lineno
    equal = sum(ast.unparse(other) == before for other in places[:place])
    new = change(kind, node)
    tree = _Replacer(node, new).visit(tree) if new is not node else tree
    source = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    return Mutant(path, kind, equal, line, before, ast.unparse(new), source)


def draw_mutants(count: int, seed: int, only: str | None) -> Iterator[Mutant]:
    """``count`` different mutants, as many of each kind; fewer if there are not as many.

    Each place has a number of its own in the draw, so a change elsewhere hardly changes the draw.
    only: a part of the path.
    """
    drawn: dict[str, list[tuple[str, Path, int]]] = {kind: [] for kind in KINDS}
    for path in _list_paths(only):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        seen: Counter[str] = Counter()
        for kind, node in list_places(tree):
            name = f"{seed} {path} {kind} {ast.unparse(node)}"
            lot = hashlib.sha256(f"{name} {seen[name]}".encode()).hexdigest()
            drawn[kind].append((lot, path, seen[kind]))
            seen.update((name, kind))
    rounds = itertools.zip_longest(*(sorted(lots) for lots in drawn.values()))
    lots = ((kind, x) for row in rounds for kind, x in zip(KINDS, row, strict=True) if x)
    mutants = (make_mutant(path, kind, number) for kind, (_, path, number) in lots)
    yield from itertools.islice((m for m in mutants if m and m.before != m.after), count)


def _list_paths(only: str | None) -> list[Path]:
    """The files of the rooms. only: a part of the path."""
    folder = ROOT / "refgraph"
    paths = [
        path.relative_to(ROOT) for room in ROOMS for path in sorted(folder.glob(f"{room}/*.py"))
    ]
    return [path for path in paths if not only or only in str(path)]
