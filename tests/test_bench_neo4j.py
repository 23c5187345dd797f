"""The operations of scripts/bench that need a server: every way of asking gives the same answer on a small graph."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import neo4j_server as helper
import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from bench_tools import __main__ as program, catalog, graphs, server  # noqa: E402
from bench_tools.timing import Left, Operation, measure  # noqa: E402
from neo4j_tools import jars  # noqa: E402
from neo4j_tools.server import Server  # noqa: E402

ASKED = [o for o in catalog.OPERATIONS if o.lacking]


@pytest.fixture(scope="module")
def bench_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with open GDS in place of the bench's own, small and soon ready."""
    patch = pytest.MonkeyPatch()
    started = helper.started(tmp_path_factory.mktemp("bench"), plugins=True)
    patch.setattr(server, "running", lambda: started)
    patch.setenv("REFGRAPH_CACHE", str(tmp_path_factory.mktemp("cache")))
    patch.setenv("PYTHONPATH", os.pathsep.join(map(str, (ROOT, ROOT / "scripts"))))
    yield started
    patch.undo()
    helper.ended(started)


@pytest.mark.neo4j
@pytest.mark.parametrize("operation", ASKED, ids=lambda o: o.name)
def test_every_way_gives_the_same_answer(operation: Operation, bench_server: Server) -> None:
    left = Left()
    rows = measure(operation, graphs.make("random", 60), 1, (), left)
    assert len(rows) == len(operation.tools) and not left.why
    assert {r.tool for r in rows} <= {"refgraph", "neo4j"} and rows[0].tool == "refgraph"


def test_without_java_they_are_named_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "java", lambda: None)
    rows, left = program.run(program.arguments(["--operation", "neo4j", "snapshot", "--size", "96"]))
    assert not rows
    assert left.why == {(o.name, "Java 17 or newer is missing: install it (Debian: apt-get install default-jdk-headless)"): 1
                        for o in ASKED}  # fmt: skip
    assert len(ASKED) == 10
