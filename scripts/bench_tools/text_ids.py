"""Text ids of both ends of every referral as positions among the customers: the first join."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bench_tools import files
from bench_tools.graphs import Case
from bench_tools.timing import Operation, Tool
from refgraph.kernels import id_index

END_COLUMNS = ("referrer", "referred")


def _build_series(case: Case) -> tuple[pl.Series, list[pl.Series]]:
    customers, referrals = files.make_frames(case)
    return customers["id"], [referrals[end] for end in END_COLUMNS]


def _run_refgraph(state: Any) -> Any:
    ids, ends = state
    return [id_index.find_indices(ids, end) for end in ends]


def _run_polars(state: Any) -> Any:
    ids, ends = state
    place = pl.DataFrame({"id": ids, "place": np.arange(len(ids), dtype=np.int32)})
    return [
        pl.DataFrame({"id": end}).join(place, on="id", how="left", maintain_order="left")["place"]
        for end in ends
    ]


def _build_pandas(case: Case) -> Any:
    import pandas

    ids, ends = _build_series(case)
    return pandas.Series(ids.to_numpy()), [pandas.Series(end.to_numpy()) for end in ends]


def _run_pandas(state: Any) -> Any:
    import pandas

    ids, ends = state
    index = pandas.Index(ids)
    return [index.get_indexer(end) for end in ends]


def _build_duckdb(case: Case) -> Any:
    import duckdb

    ids, ends = _build_series(case)
    link = duckdb.connect()
    people = pl.DataFrame({"id": ids, "place": np.arange(len(ids), dtype=np.int32)}).to_arrow()
    arcs = pl.DataFrame(dict(zip(END_COLUMNS, ends, strict=True))).with_row_index("arc").to_arrow()
    for name, table in (("people", people), ("arcs", arcs)):
        link.register(f"{name}_arrow", table)
        link.execute(f"create table {name} as select * from {name}_arrow")
    return link


def _run_duckdb(link: Any) -> Any:
    found = link.execute(
        "select u.place as u, v.place as v from arcs"
        " join people u on referrer = u.id join people v on referred = v.id"
        " order by arc"
    ).fetchnumpy()
    return [found["u"], found["v"]]


def _to_arrays(_: Any, answer: Any) -> Any:
    return tuple(np.asarray(part) for part in answer)


LOAD = Operation(
    "positions of text ids",
    (
        Tool("refgraph", _build_series, _run_refgraph, _to_arrays, "hash table of keys"),
        Tool("polars", _build_series, _run_polars, _to_arrays, "join"),
        Tool("duckdb", _build_duckdb, _run_duckdb, _to_arrays, "join"),
        Tool("pandas", _build_pandas, _run_pandas, _to_arrays, "get_indexer"),
    ),
    most=10_000_000,
)
OPERATIONS = (LOAD,)
