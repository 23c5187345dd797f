"""The bulk import tool gives the same database as a load over a connection."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import toys
from support.neo4j_server import FAST_JAVA
from support.stores import connect, describe_dataset, open_store, run_cypher

from refgraph import pipeline, progress
from refgraph.engines.neo4j import reading
from refgraph.engines.neo4j.bookmark import parse_transaction_id
from refgraph.engines.neo4j.credentials import Credentials
from refgraph.engines.neo4j.store import Neo4jStore
from refgraph.engines.offline import OfflineEngine
from refgraph.engines.options import LoadOptions
from refgraph.errors import DatabaseError, DataError, UsageError
from refgraph.model.dataset import Dataset
from refgraph.pipeline.export import write_export
from refgraph.pipeline.stored_answers import compute_stored_answers

pytestmark = pytest.mark.neo4j
ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "sample_data" / "l96"
REPLACE = LoadOptions(replace=True)


def make_admin_command(home: Path) -> str:
    """The administration tool for the server of a folder."""
    variables = FAST_JAVA | {"PYTHONPATH": f"{ROOT}/scripts"}
    given = " ".join(f"{name}={value}" for name, value in variables.items())
    return f"env {given} {sys.executable} -m neo4j_tools admin --home {home}"


def describe_database(server: Any) -> list[str]:
    """Nodes and relationships with their properties, without the ledger node and the lock.

    A bulk import writes no blocks of hashes: the first sync after it reads all rows instead.
    """
    nodes = run_cypher(
        server,
        "MATCH (n) WHERE NOT n:RefgraphLoad AND NOT n:RefgraphLock AND NOT n:RefgraphBlock "
        "RETURN labels(n)[0], properties(n)",
    )
    relationships = run_cypher(
        server,
        "MATCH (a)-[r]->(b) "
        "RETURN type(r), properties(r), a.id, coalesce(b.id, b.name, b.refgraph_row)",
    )
    found = []
    for kind, properties, *ends in nodes + relationships:
        found.append(str([sorted(properties.items(), key=str), kind, *ends]))
    return sorted(found)


def make_odd_company() -> Dataset:
    """Cells that a CSV file could lose: quotes, line breaks, empty text, numbers as text."""
    people = {
        "a": {"name": 'say "hi"\nand, more', "note": "back\\slash"},
        "b": {"name": "", "note": "1.0"},
        "007": {"name": "null", "note": " "},
        "沙钢": {"name": "true"},
    }
    return toys.company(
        people,
        [("a", "b"), ("a", "unknown"), ("b", "b")],
        [{"customer": "007", "at": "2020-01-01", "revenue": "1e-7"}],
    )


@pytest.fixture
def remarks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The remarks made during the test."""
    heard: list[str] = []
    monkeypatch.setattr(progress, "_listeners", [heard.append])
    return heard


def import_into(server: Any, data: Dataset) -> None:
    """Import a Dataset; before, the tool refuses a running server and a database that exists."""
    admin = make_admin_command(server.home)
    with pytest.raises(UsageError) as running:
        open_store(server).bulk_load(data, admin)
    assert running.value.id == "import-running"
    server.stop()
    with pytest.raises(DatabaseError) as refused:
        open_store(server).bulk_load(data, admin)
    assert refused.value.id == "import-refused"
    assert "exist" in str(refused.value.values["why"])
    store = open_store(server)
    assert store.bulk_load(data, admin, REPLACE, compute_answers=compute_stored_answers) == "import"
    server.restart()


@pytest.mark.neo4j(restarts=True)
@pytest.mark.parametrize(
    "name",
    [
        "odd",
        pytest.param("sample", marks=pytest.mark.slow),
        pytest.param("single", marks=pytest.mark.slow),
    ],
)
def test_bulk_load_gives_the_same_database_as_load(
    name: str, neo4j_empty: Any, remarks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = neo4j_empty
    monkeypatch.setattr(reading, "INDEX_WARNING_CUSTOMERS", 0)
    makers = {
        "sample": lambda: pipeline.open_source(SAMPLE).dataset(),
        "odd": make_odd_company,
        "single": toys.single,
    }
    data = makers[name]()
    import_into(server, data)
    assert describe_dataset(open_store(server).dataset()) == describe_dataset(data)
    assert remarks == ["unguarded"]
    record = open_store(server).read_load_record()
    assert record is not None
    assert record.whole_graph_summary is not None
    assert record.last_transaction_id is None

    assert open_store(server).load(data) == "same"
    record = open_store(server).read_load_record()
    assert record is not None
    assert record.last_transaction_id == parse_transaction_id(connect(server).version())
    stored = pipeline.run(open_store(server), "effect")
    computed = pipeline.run(OfflineEngine(data), "effect")
    assert stored.origin["computed"] == "kept"
    assert stored.frame.equals(computed.frame)
    assert stored.notes == computed.notes
    open_store(server).dataset()
    assert remarks == ["unguarded", "confirming"]

    assert len(run_cypher(server, "SHOW CONSTRAINTS YIELD name")) == 10
    imported = describe_database(server)
    open_store(server).load(data, options=REPLACE)
    assert describe_database(server) == imported


def test_bulk_load_missing_tool_is_reported() -> None:
    store = Neo4jStore(Credentials("bolt://127.0.0.1:1"))
    with pytest.raises(UsageError) as caught:
        store.bulk_load(toys.pair(), "no-such-tool")
    assert caught.value.id == "import-missing"


def test_bulk_load_column_name_with_colon_is_refused() -> None:
    store = Neo4jStore(Credentials("bolt://127.0.0.1:1"))
    data = toys.company({"a": {"x:long": "1"}}, [])
    with pytest.raises(DataError) as caught:
        store.bulk_load(data, "true")
    assert caught.value.id == "import-name"


@pytest.mark.slow
@pytest.mark.neo4j(restarts=True)
def test_exported_script_fills_the_database_with_the_same_data(
    neo4j_empty: Any, tmp_path: Path
) -> None:
    server, data = neo4j_empty, make_odd_company()
    write_export(OfflineEngine(data), tmp_path / "out", "neo4j-import", "en")
    server.stop()
    script = ["sh", str(tmp_path / "out" / "import-neo4j-5.sh"), "--overwrite-destination=true"]
    environment = os.environ | {"NEO4J_ADMIN": make_admin_command(server.home)}
    done = subprocess.run(script, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    server.restart()
    assert describe_dataset(open_store(server).dataset()) == describe_dataset(data)
    record = open_store(server).read_load_record()
    assert record is not None and record.is_complete and record.finished is None
    for statement in (tmp_path / "out" / "constraints.cypher").read_text().split(";\n")[:-1]:
        run_cypher(server, statement)
    assert len(run_cypher(server, "SHOW CONSTRAINTS YIELD name")) == 10
