"""Five graphs that plain Cypher made answer like the same data in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support import examples
from support.foreign_graphs import GRAPHS, read_settings, read_tables, write_files, write_graph
from support.stores import open_store

from refgraph import analyses, pipeline
from refgraph.engines.base import Engine

pytestmark = pytest.mark.neo4j
FEW = ("effect", "recommenders", "accounts")


def open_both(name: str, server: Any, folder: Path) -> tuple[Engine, Engine]:
    """The graph, and the files."""
    foreign = GRAPHS[name]
    tables = read_tables(foreign)
    files = write_files(folder, tables)
    graph = write_graph(server, foreign, tables)
    settings = read_settings(folder, foreign)
    return open_store(server, settings=settings, external_graph=graph), files


def answer(engine: Engine, name: str) -> tuple[Any, ...]:
    """An analysis with its notes, but for where a row stands: a graph has no lines."""
    result = pipeline.run(engine, name, examples.get_parameters(name, engine))
    frame = result.frame.drop("file", "line", strict=False)
    if name == "integrity":
        frame = frame.drop("rows")
    return frame.columns, frame.rows(), result.headline, result.notes


@pytest.mark.parametrize("name", GRAPHS)
def test_foreign_graph_holds_the_data_of_the_files(
    name: str, neo4j_empty: Any, tmp_path: Path
) -> None:
    graph, files = open_both(name, neo4j_empty, tmp_path)
    assert graph.dataset().fingerprint == files.dataset().fingerprint
    assert graph.summarize_source().totals == files.summarize_source().totals
    for analysis in FEW:
        assert answer(graph, analysis) == answer(files, analysis)


@pytest.mark.slow
@pytest.mark.parametrize("name", GRAPHS)
def test_foreign_graph_answers_every_analysis_like_files(
    name: str, neo4j_empty: Any, tmp_path: Path
) -> None:
    graph, files = open_both(name, neo4j_empty, tmp_path)
    answered = [a for a in analyses.NAMES if examples.get_parameters(a, files) is not None]
    assert len(answered) > 30
    for analysis in answered:
        assert answer(graph, analysis) == answer(files, analysis), analysis
