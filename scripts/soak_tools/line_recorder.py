"""Records which test executes which lines of the package, by coverage.py.

Each file of tests runs in a child of its own, so nothing cached by another file hides a line. The
outcomes are lines of JSON: one for each text of a package file, one for each file of tests. A file
of tests is recorded again when it has changed.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from soak_tools.children import PYTEST, run_in_child
from soak_tools.mutants import ROOMS

LEFT_OUT = ("test_types.py", "test_wheel.py", "test_soak.py", "test_soak_mutants.py")
"""Files of tests that execute no line of the package themselves, or run for minutes."""
MAX_SECONDS = 900


def record_tests(checkout: Path, record: Path, pattern: str) -> None:
    """Add to the record every file of tests that it lacks; those of the rooms come first.

    pattern: what their paths match.
    """
    known = {entry["file"]: entry["digest"] for entry in read_entries(record)}
    for path in sorted(checkout.glob("refgraph/*/*.py")):
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(checkout))
        if path.parent.name in ROOMS and known.get(name) != digest(text):
            write_entry(record, {"file": name, "digest": digest(text), "text": text})
    for path in _list_files(checkout):
        name = str(path.relative_to(checkout))
        mark = digest(path.read_text(encoding="utf-8"))
        if known.get(name) == mark or not re.search(pattern, name):
            continue
        begin = time.monotonic()
        code = run_in_child(_record_file, checkout, MAX_SECONDS, name, mark, record)
        print(f"recorded {name}: exit code {code}, {time.monotonic() - begin:.1f} s", flush=True)
        if code not in (0, 1, 5):
            write_entry(record, {"file": name, "digest": mark, "tests": {}})


def digest(text: str) -> str:
    """A short mark of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_entries(record: Path) -> Iterator[dict[str, Any]]:
    """The lines of a record, oldest first; a line that a kill has cut is left out."""
    if record.exists():
        for line in record.read_text(encoding="utf-8").splitlines():
            if line.endswith("}"):
                yield json.loads(line)


def write_entry(record: Path, entry: dict[str, Any]) -> None:
    """Add a line to a record."""
    with record.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _list_files(checkout: Path) -> list[Path]:
    """Files of tests, in the order of the rooms, then all others."""
    files = [p for p in checkout.glob("tests/**/test_*.py") if p.name not in LEFT_OUT]
    order = {room: place for place, room in enumerate(ROOMS)}
    return sorted(files, key=lambda path: (order.get(path.parent.name, len(order)), path))


def _record_file(name: str, mark: str, record: Path) -> int:
    """Run one file of tests under coverage; the exit code of pytest."""
    import coverage
    import pytest

    folders = [f"refgraph/{room}/*" for room in ROOMS]
    measure = coverage.Coverage(data_file=None, include=folders, config_file=False)
    recorder = Recorder(measure)
    measure.start()
    code = int(pytest.main([*PYTEST, name], plugins=[recorder]))
    measure.stop()
    lines = recorder.collect_lines(Path.cwd())
    tests = {
        test: {"seconds": round(seconds, 4), "lines": lines.get(test, {})}
        for test, seconds in recorder.seconds.items()
        if test not in recorder.failed
    }
    texts = {path: digest(Path(path).read_text(encoding="utf-8")) for path in _list_paths(lines)}
    write_entry(record, {"file": name, "digest": mark, "texts": texts, "tests": tests})
    return code


def _list_paths(lines: dict[str, dict[str, list[int]]]) -> list[str]:
    return sorted({path for paths in lines.values() for path in paths})


class Recorder:
    """A plugin of pytest that tells coverage which test runs."""

    def __init__(self, measure: Any) -> None:
        self.measure = measure
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins."""
        compilation = sys.modules.get("refgraph.kernels.compilation")
        for kernel in getattr(compilation, "registered_kernels", []):
            kernel._compiled = None  # coverage sees only what Python runs
        self.measure.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A part of a test is over."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration
        if report.outcome != "passed":
            self.failed.add(report.nodeid)

    def pytest_runtest_logfinish(self) -> None:
        """A test is over."""
        self.measure.switch_context("")

    def collect_lines(self, checkout: Path) -> dict[str, dict[str, list[int]]]:
        """Test -> package file -> numbers of lines."""
        data = self.measure.get_data()
        found: dict[str, dict[str, list[int]]] = {}
        for file in data.measured_files():
            path = str(Path(file).relative_to(checkout))
            for line, tests in sorted(data.contexts_by_lineno(file).items()):
                for test in filter(None, tests):
                    found.setdefault(test, {}).setdefault(path, []).append(line)
        return found
