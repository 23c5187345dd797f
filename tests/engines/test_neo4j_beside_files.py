"""Files of single tables beside a database answer as if all had been files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.foreign_graphs import GRAPHS, read_settings, read_tables, write_files, write_graph
from support.stores import open_store, run_cypher

from refgraph import pipeline
from refgraph.engines.base import Engine
from refgraph.errors import UsageError
from refgraph.pipeline.export_tables import list_tables
from refgraph.pipeline.options import SourceOptions

pytestmark = pytest.mark.neo4j
FEW = ("effect", "recommenders", "accounts")


@pytest.fixture(autouse=True)
def _sign_in(neo4j_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_USERNAME", neo4j_server.user)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.password)


def answer(engine: Engine, name: str) -> tuple[Any, ...]:
    result = pipeline.run(engine, name)
    return result.frame.drop("file", "line", strict=False).rows(), result.headline, result.notes


def test_orders_file_beside_a_load(neo4j_empty: Any, tmp_path: Path) -> None:
    """Headers of the file are those that the load was made from, or the names of fields."""
    files = write_files(tmp_path, read_tables(GRAPHS["persons"]))
    open_store(neo4j_empty).load(files.dataset())
    half = list_tables(files.dataset())["orders"].head(1_000)
    half.write_csv(tmp_path / "orders.csv")
    expected = pipeline.open_source(tmp_path)
    options = SourceOptions(orders=(str(tmp_path / "orders.csv"),))
    engine = pipeline.open_source(neo4j_empty.uri, options)
    assert engine.dataset().fingerprint == expected.dataset().fingerprint
    assert engine.summarize_source().totals == expected.summarize_source().totals
    for name in FEW:
        assert answer(engine, name) == answer(expected, name)


def test_orders_file_beside_a_foreign_graph(
    neo4j_empty: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = GRAPHS["reversed"]
    tables = read_tables(foreign)
    expected = write_files(tmp_path, tables)
    write_graph(neo4j_empty, foreign, tables)
    run_cypher(neo4j_empty, "MATCH (o:Sale) DELETE o")
    text = (tmp_path / "refgraph.toml").read_text(encoding="utf-8")
    names = '[neo4j]\nlabel = "Client"\nreversed_relationship = "REFERRED_BY"\n'
    statement = f'affiliations = "{foreign.graph.statements["affiliations"]}"\n'
    (tmp_path / "refgraph.toml").write_text(text + names + statement, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    engine = pipeline.open_source(neo4j_empty.uri, SourceOptions(orders=("orders.csv",)))
    assert read_settings(tmp_path, foreign).neo4j.label == ("Client",)
    assert engine.dataset().fingerprint == expected.dataset().fingerprint
    for name in FEW:
        assert answer(engine, name) == answer(expected, name)


def test_customers_file_beside_a_database_is_refused(neo4j_empty: Any) -> None:
    with pytest.raises(UsageError) as caught:
        pipeline.open_source(neo4j_empty.uri, SourceOptions(customers=("x.csv",)))
    assert caught.value.id == "files-beside-database"
