"""Which tests execute the lines of a mutant, as `line_recorder` has recorded."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from soak_tools.line_recorder import read_entries
from soak_tools.mutants import Mutant
from soak_tools.statements import find_lines


class LineRecord:
    """A record, read once. root: the package as it is now, whose lines may have moved since."""

    def __init__(self, record: Path, root: Path) -> None:
        self.root = root
        self.texts: dict[str, str] = {}
        self.files: dict[str, dict[str, Any]] = {}
        for entry in read_entries(record):
            if "text" in entry:
                self.texts[entry["digest"]] = entry["text"]
            elif (root / entry["file"]).exists():
                self.files[entry["file"]] = entry
        self._moves: dict[tuple[str, str], dict[int, int]] = {}

    @cached_property
    def seconds(self) -> dict[str, float]:
        """How long each test took."""
        tests = (entry["tests"] for entry in self.files.values())
        return {name: test["seconds"] for part in tests for name, test in part.items()}

    def add_up(self, tests: Iterable[str]) -> float:
        """How long some tests took together."""
        return sum(self.seconds[test] for test in tests)

    @cached_property
    def files_of(self) -> dict[str, int]:
        """How many files of the package each test executes."""
        tests = (entry["tests"] for entry in self.files.values())
        return {name: len(test["lines"]) for part in tests for name, test in part.items()}

    def find_tests(self, mutant: Mutant) -> tuple[list[str], list[str]]:
        """Tests that execute the lines, the cheapest first; then the others of the same files,
        which may use what the first of them has computed.
        """
        spans = find_lines(self.root, str(mutant.path), mutant.line)
        wanted: dict[str, set[int]] = {}
        for path, first, last in spans:
            wanted.setdefault(path, set()).update(range(first, last + 1))
        found: set[str] = set()
        others: set[str] = set()
        for entry in self.files.values():
            hits = {n for n, test in entry["tests"].items() if self._has(entry, test, wanted)}
            found |= hits
            others |= entry["tests"].keys() - hits if hits else set()
        return self._order(found), self._order(others)

    def _order(self, tests: Iterable[str]) -> list[str]:
        """The cheapest first; a test that executes many files is unlikely to notice one line."""
        return sorted(tests, key=lambda test: (self.seconds[test] * self.files_of[test], test))

    def _has(self, entry: Any, test: Any, wanted: dict[str, set[int]]) -> bool:
        """Whether a test executed one of the wanted lines."""
        for path, numbers in wanted.items():
            lines = test["lines"].get(path)
            if lines and not numbers.isdisjoint(self._move(path, entry["texts"][path], lines)):
                return True
        return False

    def _move(self, path: str, digest: str, lines: list[int]) -> list[int]:
        """Recorded numbers of lines as they are now."""
        if (path, digest) not in self._moves:
            old = self.texts[digest].splitlines()
            new = (self.root / path).read_text(encoding="utf-8").splitlines()
            blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
            self._moves[path, digest] = {
                block.a + k + 1: block.b + k + 1 for block in blocks for k in range(block.size)
            }
        moves = self._moves[path, digest]
        return [moves[line] for line in lines if line in moves]
