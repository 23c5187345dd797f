"""Planted false key accounts: `accounts` finds each with its reason, others only by the rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from support import companies

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.generator import Company, build_frames
from refgraph.generator.company import compute_order_windows
from refgraph.measures.account_figures import load_default_rules
from refgraph.measures.calendar import YEAR

AMOUNTS = ("revenue", "profit", "volume", "rebate", "returns", "service_cost", "credit_days")
REASONS = ("bulk", "no-profit", "exploiter")
EVERY_PLAN = pytest.mark.parametrize(
    "knobs",
    [
        {"size": 6000, "seed": 2},
        {"size": 6000, "seed": 3, "orders_a_year": 0.3, "false_keys": 0.5},
        {
            "size": 4000,
            "seed": 4,
            "orders_a_year": 12.0,
            "churn": 0.3,
            "history_years": 3,
            "false_keys": 1.0,
        },
        {"size": 4000, "seed": 5, "order_years": 1, "shuffle_ids": True},
    ],
    ids=["default", "rare", "often", "one year"],
)


def find_false_keys(company: Company) -> dict[str, str]:
    """Customer -> reasons joined by ``+``, by the analysis."""
    frame = pipeline.run(OfflineEngine(companies.dataset(company)), "accounts").frame
    false_keys = frame.filter(pl.col("false_by").is_not_null())
    return dict(false_keys.select("customer", "false_by").iter_rows())


def list_planted(company: Company) -> dict[str, str]:
    """Customer -> reason, by the truth."""
    planted = companies.truth(company)["false_key_accounts"]
    return {entry["customer"]: entry["reason"] for entry in planted}


@EVERY_PLAN
def test_accounts_finds_every_planted_false_key_with_its_reason(knobs: dict[str, Any]) -> None:
    company = companies.company(**knobs)
    planted, found = list_planted(company), find_false_keys(company)
    assert len(planted) >= 3
    for id, reason in planted.items():
        assert reason in found[id].split("+")


@EVERY_PLAN
def test_reasons_are_planted_in_turn(knobs: dict[str, Any]) -> None:
    reasons = list(list_planted(companies.company(**knobs)).values())
    counts = [reasons.count(reason) for reason in REASONS]
    assert max(counts) - min(counts) <= 1


def list_joining_years(company: Company) -> dict[str, int]:
    """Existing customer -> the year in which it joined."""
    customers = build_frames(company)["customers"].select("id", "joined", "left")
    return {id: int(day[:4]) for id, day, left in customers.iter_rows() if day and not left}


def find_reason(orders: pl.DataFrame, years: int, rule: dict[str, Any]) -> str | None:
    """Why a customer with these orders in so many years is a false key account, or None.

    All reasons but ``one-off``, joined by ``+``.
    """
    total = {name: float(orders[name].sum()) for name in AMOUNTS}
    if total["volume"] / years <= rule["volume"]:
        return None
    largest = float(orders["volume"].to_numpy().max())
    money_days = sum(r * d for r, d in orders.select("revenue", "credit_days").iter_rows())
    credit = money_days * rule["yearly_rate"] / 365
    costs = total["rebate"] + total["returns"] + total["service_cost"] + credit
    reasons = {
        "bulk": largest / total["volume"] >= rule["bulk_share"],
        "no-profit": total["profit"] / total["revenue"] < rule["margin_floor"],
        "exploiter": total["profit"] - costs < 0,
    }
    return "+".join(reason for reason, holds in reasons.items() if holds) or None


def recount_false_keys(company: Company) -> dict[str, str]:
    """Customer -> reason, recounted order by order in plain Python."""
    rule = load_default_rules()
    orders = build_frames(company)["orders"].with_columns(pl.col(AMOUNTS).cast(pl.Float64))
    joined = list_joining_years(company)
    first = min(int(day[:4]) for day in orders["at"])
    reasons = {}
    for (customer,), rows in orders.group_by("customer"):
        id = str(customer)
        if id in joined:
            reason = find_reason(rows, 2025 - max(joined[id], first) + 1, dict(rule))
            if reason:
                reasons[id] = reason
    return reasons


@EVERY_PLAN
def test_accounts_finds_no_false_key_but_by_the_rule(knobs: dict[str, Any]) -> None:
    company = companies.company(**knobs)
    found = find_false_keys(company)
    without_one_off = {
        id: reasons.removeprefix("one-off").removeprefix("+") for id, reasons in found.items()
    }
    expected = recount_false_keys(company)
    assert {id: reasons for id, reasons in without_one_off.items() if reasons} == expected


@EVERY_PLAN
def test_one_off_customers_have_one_order(knobs: dict[str, Any]) -> None:
    company = companies.company(**knobs)
    once = [id for id, reason in find_false_keys(company).items() if reason == "one-off"]
    orders = build_frames(company)["orders"].filter(pl.col("customer").is_in(once))
    assert orders["customer"].value_counts()["count"].max() in (None, 1)


def test_revenue_of_false_keys_is_planned_value_times_years() -> None:
    """Being planted changes how revenue is spread and what it costs, not how much it is."""
    company = companies.company(size=6000, seed=2, false_keys=1.0)
    planted = np.flatnonzero(company.false_key_reason)
    orders = build_frames(company)["orders"].with_columns(pl.col("revenue").cast(pl.Float64))
    total = dict(orders.group_by("customer").agg(pl.col("revenue").sum()).iter_rows())
    _, days = compute_order_windows(company.plan, company.joined, company.left)
    expected = company.value[planted] * days[planted] / YEAR
    ids = list(list_planted(company))
    assert len(ids) == len(planted)
    assert np.allclose([total[id] for id in ids], expected, rtol=1e-6)


def test_plain_company_has_no_false_keys_and_no_costs() -> None:
    company = companies.build_bare(size=1000)
    frames = build_frames(company)
    assert not company.false_key_reason.any()
    columns = {"order_id", "customer", "at", "revenue", "profit", "volume"}
    assert set(frames["orders"].columns) == columns
