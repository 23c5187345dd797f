"""Both ends of every referral, given as text ids, as positions among the customers: the join that loading begins with."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bench_tools import files
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import encoder

ENDS = ("referrer", "referred")


def _build(case: Case) -> tuple[pl.Series, list[pl.Series]]:
    customers, referrals = files.frames(case)
    return customers["id"], [referrals[end] for end in ENDS]


def _ours(state: Any) -> Any:
    ids, ends = state
    return [encoder.positions(ids, end) for end in ends]


def _polars(state: Any) -> Any:
    ids, ends = state
    place = pl.DataFrame({"id": ids, "place": np.arange(len(ids), dtype=np.int32)})
    return [pl.DataFrame({"id": end}).join(place, on="id", how="left", maintain_order="left")["place"] for end in ends]


def _pandas_build(case: Case) -> Any:
    import pandas

    ids, ends = _build(case)
    return pandas.Series(ids.to_numpy()), [pandas.Series(end.to_numpy()) for end in ends]


def _pandas(state: Any) -> Any:
    import pandas

    ids, ends = state
    index = pandas.Index(ids)
    return [index.get_indexer(end) for end in ends]


def _duckdb_build(case: Case) -> Any:
    import duckdb

    ids, ends = _build(case)
    link = duckdb.connect()
    people = pl.DataFrame({"id": ids, "place": np.arange(len(ids), dtype=np.int32)}).to_arrow()
    arcs = pl.DataFrame(dict(zip(ENDS, ends, strict=True))).with_row_index("arc").to_arrow()
    for name, table in (("people", people), ("arcs", arcs)):
        link.register(f"{name}_arrow", table)
        link.execute(f"create table {name} as select * from {name}_arrow")
    return link


def _duckdb(link: Any) -> Any:
    found = link.execute(
        "select u.place as u, v.place as v from arcs join people u on referrer = u.id join people v on referred = v.id"
        " order by arc").fetchnumpy()  # fmt: skip
    return [found["u"], found["v"]]


def _arrays(_: Any, answer: Any) -> Any:
    return tuple(np.asarray(part) for part in answer)


LOAD = Operation("positions of text ids", (
    Tool("refgraph", _build, _ours, _arrays, "hash table of keys"),
    Tool("polars", _build, _polars, _arrays, "join"),
    Tool("duckdb", _duckdb_build, _duckdb, _arrays, "join"),
    Tool("pandas", _pandas_build, _pandas, _arrays, "get_indexer"),
), most=10_000_000)  # fmt: skip
OPERATIONS = (LOAD,)
