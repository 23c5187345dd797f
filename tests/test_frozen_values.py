"""Values that flow between rooms cannot be changed on the way."""

from __future__ import annotations

import ast
from pathlib import Path

FILES = sorted((Path(__file__).parent.parent / "refgraph").rglob("*.py"))


def find_changeable_dataclasses(file: Path) -> set[str]:
    """Dataclasses that a file offers to others and that are not frozen."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            marks = [ast.unparse(mark) for mark in node.decorator_list]
            if any(mark.startswith("dataclass") and "frozen=True" not in mark for mark in marks):
                found.add(node.name)
    return found


def test_public_dataclasses_are_frozen_but_for_those_that_gather() -> None:
    found = {name for file in FILES for name in find_changeable_dataclasses(file)}
    assert found == {"Console", "Patches", "Reader", "SheetFacts"}
