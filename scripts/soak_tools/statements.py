"""Which lines of the package show that a changed expression was used.

An expression in a function: the lines of its statement. One outside, such as a constant of a
module, a decorator or the default of a parameter: the functions that use the name it belongs to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

Lines = tuple[str, int, int]
"""A package file, the first and the last line."""
Definition = ast.FunctionDef | ast.AsyncFunctionDef


def find_lines(root: Path, path: str, line: int) -> set[Lines]:
    """The lines that show the use of an expression on a line of a file."""
    tree = read_tree(root, path)
    for function in _list_functions(tree):
        if function.body[0].lineno <= line <= (function.end_lineno or 0):
            return {(path, *_find_statement(function, line))}
    for statement in tree.body:
        first, last = _span(statement)
        if first <= line <= last:
            return set(_find_users(root, path, statement, set()))
    return set()


@cache
def read_tree(root: Path, path: str) -> ast.Module:
    """A package file, parsed."""
    return ast.parse((root / path).read_text(encoding="utf-8"))


def _list_functions(tree: ast.AST) -> list[Definition]:
    """Functions and methods, inner ones after outer ones."""
    return [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]


def _span(statement: ast.stmt) -> tuple[int, int]:
    """First and last line, decorators included."""
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    return first, statement.end_lineno or statement.lineno


def _find_statement(function: Definition, line: int) -> tuple[int, int]:
    """First and last line of the innermost statement; of a compound one those of its head."""
    found = (function.body[0].lineno, function.end_lineno or 0)
    for node in ast.walk(function):
        if node is function or not isinstance(node, ast.stmt):
            continue
        first, last = _span(node)
        body = getattr(node, "body", None)
        if body:
            last = max(body[0].lineno - 1, node.lineno)
        if first <= line <= last and last - first <= found[1] - found[0]:
            found = (first, last)
    return found


def _find_users(root: Path, path: str, statement: ast.stmt, seen: set[str]) -> Iterator[Lines]:
    """The bodies of functions that use what a statement outside of functions defines."""
    for function in _list_functions(statement):
        yield path, function.body[0].lineno, function.end_lineno or 0
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return
    names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and _is_stored(n)}
    if isinstance(statement, ast.ClassDef):
        names = {statement.name}
    for name in names:
        if f"{path} {name}" not in seen:
            seen.add(f"{path} {name}")
            yield from _find_uses_of_name(root, path, name, seen)


def _is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _find_uses_of_name(root: Path, path: str, name: str, seen: set[str]) -> Iterator[Lines]:
    for other in list_package_files(root):
        tree = read_tree(root, other)
        if other != path and not _imports(tree, path, name):
            continue
        for statement in tree.body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                continue
            functions = _list_functions(statement)
            users = [function for function in functions if _mentions(function, name)]
            for function in users:
                yield other, function.body[0].lineno, function.end_lineno or 0
            if not functions and _mentions(statement, name):
                yield from _find_users(root, other, statement, seen)


@cache
def list_package_files(root: Path) -> list[str]:
    """All files of the package that can use others."""
    return sorted(str(file.relative_to(root)) for file in root.glob("refgraph/*/*.py"))


def _imports(tree: ast.Module, path: str, name: str) -> bool:
    """Whether a file imports the name, or the file that defines it."""
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    room, _, stem = module.rpartition(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if (node.module == module and name in names) or (node.module == room and stem in names):
                return True
    return False


def _mentions(node: ast.AST, name: str) -> bool:
    return any(
        getattr(inner, "id", None) == name or getattr(inner, "attr", None) == name
        for inner in ast.walk(node)
    )
