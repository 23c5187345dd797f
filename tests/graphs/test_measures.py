"""Ten thousand random graphs side by side in one company: in each of them credit and direct value add up."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph import intake
from refgraph.graphs import build, measures
from refgraph.model.raw import RawTable, no_rejects
from refgraph.model.scope import Scope
from refgraph.model.settings import Settings

GRAPHS, PARTIES, ARCS = 10_000, 6, 7


def table(file: str, **columns: pl.Series) -> RawTable:
    frame = pl.DataFrame(columns).with_columns(pl.all().cast(pl.String))
    return RawTable(file, frame, pl.Series(np.arange(2, frame.height + 2)), frame.height, no_rejects())


def test_credit_and_direct_value_add_up_in_ten_thousand_random_graphs() -> None:
    draw = np.random.default_rng(96)
    graph = np.repeat(np.arange(GRAPHS), PARTIES)
    ids = pl.Series([f"{g:05d}-{k}" for g in range(GRAPHS) for k in range(PARTIES)])
    ends = draw.integers(0, PARTIES, (2, GRAPHS * ARCS)) + np.repeat(np.arange(GRAPHS) * PARTIES, ARCS)
    ends = ends[:, ends[0] != ends[1]]
    worth = pl.Series(draw.integers(-50, 1000, len(ids)) / 100)
    data = intake.admit({"customers": [table("c", id=ids, revenue=worth)],
                         "referrals": [table("r", referrer=ids.gather(ends[0]), referred=ids.gather(ends[1]))]}, Settings())  # fmt: skip
    found = build(data, Scope())
    credit = measures.shapley(found)
    assert credit is not None
    value = found.value.numbers
    referred = value * (np.diff(found.flow.in_ptr) > 0)

    def each(x: np.ndarray) -> np.ndarray:
        return np.bincount(graph, weights=x)

    np.testing.assert_allclose(each(credit.credit), each(value), atol=1e-9)
    np.testing.assert_allclose(each(measures.direct_value(found)), each(referred), atol=1e-9)
