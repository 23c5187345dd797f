"""What a Dataset keeps for all scopes holds for its own tables only, and says the same as a Dataset that keeps nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import l96
import numpy as np
import polars as pl
import pytest

from refgraph import flow
from refgraph.graphs.build import build
from refgraph.model.graph import Graph
from refgraph.model.scope import Scope

DATA = flow.open_source(Path(__file__).parents[2] / "sample_data" / "l96").dataset()
SCOPES = [Scope(), Scope(as_of=date(2023, 6, 30)), Scope(count=("staff",)), Scope(as_of=date(2019, 1, 1))]


def same(one: Graph, other: Graph) -> None:
    assert one.parties.equals(other.parties)
    assert one.arcs.equals(other.arcs)
    assert one.orders is not None
    assert other.orders is not None
    assert one.orders.equals(other.orders)
    assert np.array_equal(one.forest.parent, other.forest.parent)


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_tables_in_another_order_are_looked_through_again(scope: Scope) -> None:
    build(DATA, Scope())  # keeps what it found
    assert DATA.orders is not None
    mixed = replace(DATA, customers=DATA.customers.reverse(), referrals=DATA.referrals.reverse(), orders=DATA.orders.reverse())
    same(build(DATA, scope), build(mixed, scope))
    same(build(DATA, scope), build(replace(DATA, rows=None), scope))


def test_fewer_referrals_are_no_longer_those_that_intake_knew() -> None:
    less = replace(DATA, referrals=DATA.referrals.filter(pl.col("referrer") != l96.HIDDEN))
    arcs = build(less, Scope()).arcs
    assert arcs.height == less.referrals.height < DATA.referrals.height
    ids = build(less, Scope()).parties["id"]
    pairs = set(zip(ids.gather(arcs["referrer"]), ids.gather(arcs["referred"]), strict=True))
    assert pairs == set(less.referrals.select("referrer", "referred").iter_rows())
