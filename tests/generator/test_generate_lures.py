"""Planted false key accounts and groups: `accounts` finds each planted one with its reason, and no other but by the rule."""

from __future__ import annotations

from typing import Any

import companies
import numpy as np
import polars as pl
import pytest

from refgraph import flow
from refgraph.engines.offline import Offline
from refgraph.generator import Company, frames
from refgraph.graphs.accounts import shipped

AMOUNTS = ("revenue", "profit", "volume", "rebate", "returns", "service_cost", "credit_days")
CASES = pytest.mark.parametrize("knobs", [
    {"size": 6000, "seed": 2}, {"size": 6000, "seed": 3, "orders_a_year": 0.3, "false_keys": 0.5},
    {"size": 4000, "seed": 4, "orders_a_year": 12.0, "churn": 0.3, "history_years": 3, "false_keys": 1.0},
    {"size": 4000, "seed": 5, "order_years": 1, "shuffle_ids": True}], ids=["default", "rare", "often", "one year"])  # fmt: skip


def found(made: Company) -> dict[str, str]:
    """Customer -> reason, as the analysis says it."""
    frame = flow.run(Offline(companies.dataset(made)), "accounts").frame.filter(pl.col("false_by").is_not_null())
    return dict(frame.select("customer", "false_by").iter_rows())


def planted(made: Company) -> dict[str, str]:
    return {each["customer"]: each["reason"] for each in companies.truth(made)["false_key_accounts"]}


@CASES
def test_every_planted_one_is_found_with_its_reason(knobs: dict[str, Any]) -> None:
    made = companies.company(**knobs)
    truth, told = planted(made), found(made)
    assert len(truth) >= 3
    assert {id: told.get(id) for id in truth} == truth
    counts = [list(truth.values()).count(reason) for reason in ("bulk", "no-profit", "exploiter")]
    assert max(counts) - min(counts) <= 1


def recount(made: Company) -> dict[str, str]:
    """Bulk, no profit and exploiters among the customers above 100 t a year, order by order in plain Python."""
    rule, tables = shipped(), frames(made)
    orders = tables["orders"].with_columns(pl.col(AMOUNTS).cast(pl.Float64))
    joined = {id: int(day[:4]) for id, day, left in tables["customers"].select("id", "joined", "left").iter_rows() if day and not left}
    first = min(int(day[:4]) for day in orders["at"])
    reasons = {}
    for (id,), each in orders.group_by("customer"):
        if id not in joined:
            continue
        total = {name: float(each[name].sum()) for name in AMOUNTS}
        if total["volume"] / (2025 - max(joined[str(id)], first) + 1) <= rule["volume"]:
            continue
        credit = sum(r * d for r, d in each.select("revenue", "credit_days").iter_rows()) * rule["yearly_rate"] / 365
        net = total["profit"] - total["rebate"] - total["returns"] - total["service_cost"] - credit
        if float(np.max(each["volume"].to_numpy())) / total["volume"] >= rule["bulk_share"]:
            reasons[str(id)] = "bulk"
        elif total["profit"] / total["revenue"] < rule["margin_floor"]:
            reasons[str(id)] = "no-profit"
        elif net < 0:
            reasons[str(id)] = "exploiter"
    return reasons


@CASES
def test_no_other_is_found_but_by_the_rule(knobs: dict[str, Any]) -> None:
    made = companies.company(**knobs)
    told = found(made)
    once = {id for id, reason in told.items() if reason == "one-off"}
    orders = frames(made)["orders"].filter(pl.col("customer").is_in(once))
    assert orders["customer"].value_counts()["count"].max() in (None, 1)
    assert {id: why for id, why in told.items() if id not in once} == {
        id: why for id, why in recount(made).items() if id not in once}


def test_revenue_of_planted_ones_is_as_planned() -> None:
    """A lure changes how revenue is spread and what it costs, not how much it is: value x years of ordering."""
    from refgraph.generator.company import ordering
    from refgraph.generator.history import YEAR

    made = companies.company(size=6000, seed=2, false_keys=1.0)
    those = np.flatnonzero(made.lure)
    total = dict(frames(made)["orders"].group_by("customer").agg(pl.col("revenue").cast(pl.Float64).sum()).iter_rows())
    ids = pl.Series(sorted(total))
    named = [each["customer"] for each in companies.truth(made)["false_key_accounts"]]
    plan = made.value[those] * ordering(made.plan, made.joined, made.left)[1][those] / YEAR
    assert ids.is_in(named).sum() == len(those)
    assert np.allclose([total[id] for id in named], plan, rtol=1e-6)


def test_without_false_keys_there_are_no_costs() -> None:
    made = companies.bare(size=1000)
    assert not made.lure.any()
    assert set(frames(made)["orders"].columns) == {"order_id", "customer", "at", "revenue", "profit", "volume"}
    assert "affiliations" not in frames(made)
    assert not companies.truth(made)["groups"]


@pytest.mark.parametrize("share", [0.0, 0.03, 0.5])
def test_groups_are_those_of_the_truth(share: float) -> None:
    made = companies.company(size=4000, groups=share)
    truth = {(id, each["group"], how) for each in companies.truth(made)["groups"] for id, how in each["members"].items()}
    table = companies.dataset(made).affiliations
    told = set() if table is None else set(table.select("customer", "group", "relation").iter_rows())
    assert told == truth
    assert len({id for id, _, _ in told}) == len(told)
    sizes = [len(each["members"]) for each in companies.truth(made)["groups"]]
    assert all(2 <= n <= 6 for n in sizes)
    existing = companies.truth(made)["counts"]["existing"] - companies.truth(made)["counts"]["thin"]
    assert abs(sum(sizes) - share * existing) <= 6
