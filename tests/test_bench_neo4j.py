"""Operations of scripts/bench that need a server: every path gives the same answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import neo4j_server as helper

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from bench_tools import __main__ as program  # noqa: E402
from bench_tools import catalog, graphs, server  # noqa: E402
from bench_tools.timing import Operation, SkippedRuns, measure  # noqa: E402
from neo4j_tools import jars  # noqa: E402
from neo4j_tools.server import Server  # noqa: E402

DATABASE_OPERATIONS = [o for o in catalog.OPERATIONS if o.lacking]


@pytest.fixture(scope="module")
def bench_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with open GDS in place of the bench's own, small and soon ready."""
    patch = pytest.MonkeyPatch()
    started = helper.start_test_server(tmp_path_factory.mktemp("bench"), plugins=True)
    patch.setattr(server, "get_running_server", lambda: started)
    patch.setenv("REFGRAPH_CACHE", str(tmp_path_factory.mktemp("cache")))
    patch.setenv("PYTHONPATH", os.pathsep.join(map(str, (ROOT, ROOT / "scripts"))))
    yield started
    patch.undo()
    helper.stop_test_server(started)


@pytest.mark.slow
@pytest.mark.neo4j
@pytest.mark.parametrize("operation", DATABASE_OPERATIONS, ids=lambda operation: operation.name)
def test_database_operations_give_the_same_answer(
    operation: Operation, bench_server: Server
) -> None:
    left = SkippedRuns()
    rows = measure(operation, graphs.make_case("random", 60), 1, (), left)
    assert len(rows) == len(operation.tools) and not left.reasons
    assert {r.tool for r in rows} <= {"refgraph", "neo4j"} and rows[0].tool == "refgraph"


def test_database_operations_without_java_are_named_and_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jars, "find_java", lambda: None)
    rows, left = program.run_operations(
        program.parse_arguments(["--operation", "neo4j", "snapshot", "--size", "96"])
    )
    assert not rows
    assert left.reasons == {
        (
            o.name,
            "Java 17 or newer is missing: install it"
            " (Debian: apt-get install default-jdk-headless)",
        ): 1
        for o in DATABASE_OPERATIONS
    }
    assert len(DATABASE_OPERATIONS) == 9
