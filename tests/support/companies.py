"""Generated companies with a planted truth, cached per set of knobs: a Dataset and a Graph each."""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl

from refgraph import generator
from refgraph.generator import Company, Plan, make_plain_plan
from refgraph.graph import build_graph
from refgraph.intake import build_dataset
from refgraph.model.dataset import Dataset
from refgraph.model.graph import Graph
from refgraph.model.raw import RawTable, make_empty_rejects
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings

PLAIN = Scope()


@cache
def company(**knobs: Any) -> Company:
    """A company with everything planted by default, except for the given knobs."""
    return generator.build_company(Plan(**knobs))


@cache
def build_bare(**knobs: Any) -> Company:
    """A company with nothing planted except for the given knobs."""
    return generator.build_company(make_plain_plan(**knobs))


@cache
def dataset(company: Company) -> Dataset:
    """The company as intake reads it, cached."""
    return read_company(company)


def read_company(company: Company) -> Dataset:
    """The company as intake reads it; not cached."""
    tables = {
        name: [_to_raw_table(f"{name}.csv", frame)]
        for name, frame in generator.build_frames(company).items()
    }
    return build_dataset(tables, Settings())


def _to_raw_table(file: str, frame: pl.DataFrame) -> RawTable:
    line = pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True).alias("line")
    rejects = make_empty_rejects()
    return RawTable(file=file, frame=frame, line=line, rows_read=frame.height, rejects=rejects)


@cache
def graph(company: Company, scope: Scope = PLAIN) -> Graph:
    """The company's graph, as of its last day."""
    return build_graph(dataset(company), scope)


def truth(company: Company) -> dict[str, Any]:
    """The content of truth.json."""
    return generator.describe_truth(company, generator.build_ids(company))
