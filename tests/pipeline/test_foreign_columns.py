"""Columns of the data that refgraph does not know never meet the names that it uses inside."""

from __future__ import annotations

import ast
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from support import examples

from refgraph import analyses, pipeline, renderers
from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.intake.header_matches import list_spellings, normalize_header
from refgraph.model.dataset import Dataset, get_schema
from refgraph.model.fields import FIELDS_BY_TABLE
from refgraph.model.scope import Scope
from refgraph.reports.customer_page import build_customer_page

ROOT = Path(__file__).parent.parent.parent
LAYERS = ("analyses", "graph", "intake", "measures", "model", "pipeline", "reports")


def list_inner_names() -> set[str]:
    """Every word of the code after intake that could be the name of a column."""
    names = set()
    for layer in LAYERS:
        for path in (ROOT / "refgraph" / layer).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    names.add(node.value)
                elif isinstance(node, ast.keyword) and node.arg:
                    names.add(node.arg)
    return {name for name in names if name.isidentifier()}


def list_unknown_headers() -> list[str]:
    """The inner names that are no spelling of a field, each spelling once."""
    known = {
        s
        for t, fields in FIELDS_BY_TABLE.items()
        for f in fields
        for s in list_spellings(f"{t}.{f.name}")
    }
    headers = {normalize_header(name): name for name in sorted(list_inner_names())}
    return sorted(name for spelling, name in headers.items() if spelling not in known)


def add_foreign_columns(dataset: Dataset) -> Dataset:
    """The same data; every table also has a column of text under each of the inner names."""
    names, frames = sorted(list_inner_names()), {}
    for table in FIELDS_BY_TABLE:
        frame = getattr(dataset, table)
        if frame is not None:
            known = {*get_schema(table), "referred_by", *frame.columns}
            added = [pl.lit("foreign").alias(name) for name in names if name not in known]
            frames[table] = frame.with_columns(added)
    return replace(dataset, **frames)


@pytest.fixture(scope="module")
def engines() -> tuple[Engine, Engine]:
    """The classic case as it is, and with foreign columns."""
    plain = pipeline.open_source(ROOT / "sample_data" / "l96").dataset()
    return OfflineEngine(plain, "same"), OfflineEngine(add_foreign_columns(plain), "same")


@pytest.mark.parametrize("name", analyses.NAMES)
def test_analysis_of_data_with_foreign_columns_answers_the_same(
    name: str, engines: tuple[Engine, Engine]
) -> None:
    parameters = examples.get_parameters(name, engines[0])
    expected, found = (pipeline.run(engine, name, parameters) for engine in engines)
    assert found.frame.equals(expected.frame)
    assert found.headline == expected.headline


def test_customer_page_of_data_with_foreign_columns_is_the_same(
    engines: tuple[Engine, Engine],
) -> None:
    pages = [build_customer_page(engine, "C019", Scope()) for engine in engines]
    expected, found = (renderers.render(page, "md", "en") for page in pages)
    assert found == expected


def test_files_with_foreign_columns_are_read_the_same(tmp_path: Path) -> None:
    source = ROOT / "sample_data" / "l96"
    plain = pipeline.open_source(source).dataset()
    headers = list_unknown_headers()
    for path in source.iterdir():
        if path.suffix == ".csv":
            first, *rows = path.read_text(encoding="utf-8").splitlines()
            wider = [
                ",".join([first, *headers]),
                *(row + ",foreign" * len(headers) for row in rows),
            ]
            (tmp_path / path.name).write_text("\n".join(wider) + "\n", encoding="utf-8")
        else:
            shutil.copy(path, tmp_path)
    foreign = pipeline.open_source(tmp_path).dataset()
    for table in FIELDS_BY_TABLE:
        expected, found = getattr(plain, table), getattr(foreign, table)
        if expected is not None:
            columns = [name for name in get_schema(table) if name != "file"]
            assert found.select(columns).equals(expected.select(columns)), table
    ledgers = [data.ledger.drop("file") for data in (plain, foreign)]
    assert ledgers[0].equals(ledgers[1])
