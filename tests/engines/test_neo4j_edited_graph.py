"""What refgraph loaded may be edited in Neo4j: questions read what stands there, and say so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from support import examples, toys
from support.foreign_graphs import SAMPLE, write_files
from support.program import call
from support.stores import describe_dataset, open_store, run_cypher

from refgraph import analyses, pipeline
from refgraph.engines.base import Engine
from refgraph.model.dataset import Dataset
from refgraph.model.remarks import EDITED_ROWS, EDITED_VALUES
from refgraph.pipeline.export_tables import list_tables

pytestmark = pytest.mark.neo4j
FEW = ("effect", "recommenders", "accounts", "cohorts")
EDITS = """
MATCH (c:Customer {id: 'C002'}) SET c.revenue = null, c.region = '海外'
SET c.joined = date('2003-04-05')
CREATE (n:Customer {id: 'NEW', name: '新客户', role: '客户', kind: '终端用户', status: '已成交',
                    joined: date('2024-05-06'), region: '河北'})
CREATE (c)-[:REFERRED {at: date('2024-05-01'), tie: '同学'}]->(n)
CREATE (n)-[:PLACED]->(:Order {order_id: 'NEW-1', at: date('2024-06-01'), revenue: 5e7,
                               profit: 1000.0, volume: 450.5})
CREATE (n)-[:BELONGS_TO {relation: '采购方'}]->(:Group {name: '新集团'})
WITH c MATCH (x:Customer {id: 'C001'})-[r:REFERRED]->(y:Customer {id: 'C013'}) DELETE r
WITH c MATCH (o:Order {order_id: 'D00001'}) DETACH DELETE o
WITH c MATCH (o:Order {order_id: 'D00002'}) SET o.revenue = o.revenue * 2
"""


@pytest.fixture(scope="module")
def sample() -> Dataset:
    return pipeline.open_source(SAMPLE).dataset()


def edit_tables(data: Dataset) -> dict[str, pl.DataFrame]:
    """The same edits in the tables."""
    tables = list_tables(data)
    day = pl.date(2003, 4, 5)
    is_second, twice = pl.col("id") == "C002", pl.col("order_id") == "D00002"
    customers = tables["customers"].with_columns(
        region=pl.when(is_second).then(pl.lit("海外")).otherwise("region"),
        joined=pl.when(is_second).then(day).otherwise("joined"),
    )
    referrals = tables["referrals"].filter(
        ~((pl.col("referrer") == "C001") & (pl.col("referred") == "C013"))
    )
    orders = tables["orders"].filter(pl.col("order_id") != "D00001")
    orders = orders.with_columns(
        revenue=pl.when(twice).then(pl.col("revenue") * 2).otherwise("revenue")
    )
    added = {
        "customers": {
            **{"id": "NEW", "name": "新客户", "role": "客户", "kind": "终端用户"},
            **{"status": "已成交", "joined": "2024-05-06", "region": "河北"},
        },
        "referrals": {"referrer": "C002", "referred": "NEW", "at": "2024-05-01", "tie": "同学"},
        "orders": {
            **{"order_id": "NEW-1", "customer": "NEW", "at": "2024-06-01"},
            **{"revenue": 5e7, "profit": 1000.0, "volume": 450.5},
        },
        "affiliations": {"customer": "NEW", "group": "新集团", "relation": "采购方"},
    }
    edited = {**tables, "customers": customers, "referrals": referrals, "orders": orders}
    return {table: append_row(frame, added[table]) for table, frame in edited.items()}


def append_row(frame: pl.DataFrame, row: dict[str, Any]) -> pl.DataFrame:
    texts = frame.with_columns(pl.col(pl.Date).cast(pl.String))
    return pl.concat([texts, pl.DataFrame([row])], how="diagonal_relaxed")


def answer(engine: Engine, name: str) -> tuple[Any, ...]:
    """The rows of an analysis, but for where they stand, and its headline."""
    result = pipeline.run(engine, name, examples.get_parameters(name, engine))
    frame = result.frame.drop("file", "line", strict=False)
    if name == "integrity":
        frame = frame.drop("rows")
    return frame.columns, frame.rows(), result.headline


def find_edits(data: Dataset) -> dict[str, int]:
    """The remarks on edits."""
    return {code: rows for code, rows in data.warnings if code.startswith("edited")}


def open_both(server: Any, sample: Dataset, folder: Path) -> tuple[Engine, Engine]:
    """The loaded and edited sample, and files with the same edits."""
    open_store(server).load(sample)
    run_cypher(server, EDITS)
    return open_store(server), write_files(folder, edit_tables(sample))


def test_edited_sample_answers_like_files_with_the_same_edits(
    sample: Dataset, neo4j_empty: Any, tmp_path: Path
) -> None:
    graph, files = open_both(neo4j_empty, sample, tmp_path)
    data = graph.dataset()
    assert data.fingerprint == files.dataset().fingerprint
    assert data.settings == sample.settings
    assert data.ledger.equals(sample.ledger)
    (code,) = find_edits(data)
    assert code.startswith(EDITED_ROWS)
    assert "affiliations=5>6" in code
    for name in FEW:
        assert answer(graph, name) == answer(files, name)


@pytest.mark.slow
def test_edited_sample_answers_everything_like_files(
    sample: Dataset, neo4j_empty: Any, tmp_path: Path
) -> None:
    graph, files = open_both(neo4j_empty, sample, tmp_path)
    for name in analyses.NAMES:
        if examples.get_parameters(name, files) is not None:
            assert answer(graph, name) == answer(files, name), name


@pytest.mark.parametrize("toy", ["chain", "star", "loop"])
def test_edit_that_is_undone_leaves_the_load(toy: str, neo4j_empty: Any) -> None:
    data = toys.TOYS[toy]()
    open_store(neo4j_empty).load(data)
    for change in ("CREATE (:Customer {id: 'new'})", "MATCH (c:Customer {id: 'new'}) DELETE c"):
        run_cypher(neo4j_empty, change)
        edits = find_edits(open_store(neo4j_empty).dataset())
        assert bool(edits) is change.startswith("CREATE")
    assert describe_dataset(open_store(neo4j_empty).dataset()) == describe_dataset(data)


@pytest.mark.parametrize(
    ("change", "remark"),
    [
        ("CREATE (:Customer {id: 'new'})", f"{EDITED_ROWS} customers=5>6"),
        ("MATCH (c:Customer {id: 'b'}) DETACH DELETE c", f"{EDITED_ROWS} customers=5>4"),
        ("MATCH ()-[r:REFERRED]->() DELETE r", f"{EDITED_ROWS} referrals=4>0"),
        ("MATCH (c:Customer {id: 'b'}) SET c.revenue = 77.0", EDITED_VALUES),
        ("MATCH (c:Customer {id: 'b'}) SET c.revenue = 77", EDITED_VALUES),
        ("MATCH (c:Customer {id: 'b'}) SET c.id = 'z'", EDITED_VALUES),
        ("MATCH (c:Customer {id: 'b'}) SET c.region = 'north'", EDITED_VALUES),
        ("MATCH (c:Customer {id: 'b'}) CREATE (c)-[:LIKES]->(:Film)", ""),
        ("MATCH (c:Customer {id: 'b'}) SET c.hobby = 'chess'", ""),
        (
            "MATCH (c:Customer {id: 'b'}) CREATE (c)-[:PLACED]->(:Order {at: date('2024-01-02')})",
            f"{EDITED_ROWS} orders=0>1",
        ),
    ],
)
def test_edit_is_said_in_one_remark(change: str, remark: str, neo4j_empty: Any) -> None:
    open_store(neo4j_empty).load(toys.star())
    run_cypher(neo4j_empty, change)
    edits = list(find_edits(open_store(neo4j_empty).dataset()))
    assert len(edits) == bool(remark)
    assert "".join(edits).startswith(remark)


@pytest.mark.parametrize(
    "change",
    [
        "MATCH (c:Customer {id: 'b'}) SET c.revenue = 'many'",
        "MATCH (c:Customer {id: 'b'}) SET c.revenue = true",
        "MATCH (c:Customer {id: 'b'}) SET c.joined = 'yesterday'",
        "MATCH (c:Customer {id: 'b'}) SET c.id = null",
        "MATCH (c:Customer {id: 'b'}) SET c.id = ''",
        "MATCH (c:Customer {id: 'b'}) CREATE (c)-[:REFERRED]->(c)",
        "MATCH (c:Customer {id: 'b'}) CREATE (c)-[:PLACED]->(:Order {at: 'soon'})",
        "MATCH (c:Customer {id: 'b'}) SET c.name = 'a\\u0000b'",
    ],
)
def test_edit_that_cannot_be_used_is_counted(change: str, neo4j_empty: Any) -> None:
    open_store(neo4j_empty).load(toys.star())
    run_cypher(neo4j_empty, change)
    data = open_store(neo4j_empty).dataset()
    assert find_edits(data)["edited-unusable"] >= 1
    assert data.rejects.height >= 1
    assert pipeline.run(open_store(neo4j_empty), "effect").frame.height


@pytest.mark.parametrize("value", ["[1, 2]", "[]", "point({x: 1, y: 2})", "7", "duration('P1D')"])
def test_edit_of_any_type_is_read(value: str, neo4j_empty: Any) -> None:
    open_store(neo4j_empty).load(toys.star())
    for name in ("name", "revenue", "joined", "id", "stub"):
        run_cypher(neo4j_empty, f"MATCH (c:Customer {{id: 'b'}}) SET c.{name} = {value}")
        assert find_edits(open_store(neo4j_empty).dataset())


def test_edited_graph_answers_with_exit_code_0(neo4j_empty: Any, tmp_path: Path) -> None:
    env = tmp_path / "env"
    env.write_text(f"NEO4J_USERNAME={neo4j_empty.user}\nNEO4J_PASSWORD={neo4j_empty.password}\n")
    open_store(neo4j_empty).load(toys.star())
    run_cypher(neo4j_empty, "CREATE (:Customer {id: 'new'})")
    done = call("effect", neo4j_empty.uri, f"--env-file={env}", "--format=csv")
    assert done.code == 0, done.err
    assert "customers 5 → 6" in done.err
