"""Traits shared with the referrer, spread of value, advisers, entry dates: off unless asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from refgraph import pipeline
from refgraph.generator import Plan, build_company, make_plain_plan
from refgraph.generator.company import Company
from refgraph.pipeline import generate

KNOBS: dict[str, Any] = {
    "leaving_spread": 0.8,
    "leaving_homophily": 0.7,
    "value_variation": 2.0,
    "value_homophily": 0.5,
    "gap_by_size": -0.3,
    "advisers": 0.1,
    "adviser_rate": 3.0,
}


def build(**knobs: Any) -> Company:
    plan = {"size": 20_000, "referral_share": 0.4, "seed": 3, "churn": 0.1}
    return build_company(make_plain_plan(**plan | knobs))


def get_log_noise(company: Company) -> np.ndarray:
    """The log of value less size and sector."""
    organic = company.sizes.organic
    factor = company.attributes.factor[:organic]
    return np.log(company.value[:organic] / factor) - company.history.size


def correlate(company: Company, values: np.ndarray) -> float:
    history = company.history
    child = np.flatnonzero(history.referred)
    return float(np.corrcoef(values[child], values[history.parent[child]])[0, 1])


def test_value_has_the_planned_variation_and_correlation_in_trees() -> None:
    noise = get_log_noise(build(value_variation=2.0, value_homophily=0.5))
    assert np.expm1(noise.var()) ** 0.5 == pytest.approx(2.0, rel=0.05)
    assert correlate(build(value_variation=2.0, value_homophily=0.5), noise) == pytest.approx(
        0.5, abs=0.04
    )
    assert abs(correlate(build(), get_log_noise(build()))) < 0.04


def test_customers_leave_alike_within_a_tree_only_if_planned() -> None:
    def correlate_lifetimes(company: Company) -> float:
        history = company.history
        years = np.log(np.minimum(history.left, 20 * company.plan.days) - history.joined)
        return correlate(company, years)

    planned = build(leaving_spread=1.2, leaving_homophily=0.9, churn=0.3)
    assert correlate_lifetimes(planned) > correlate_lifetimes(build(churn=0.3)) + 0.1


def test_gap_changes_with_size_as_planned() -> None:
    company = build(value_gap=0.5, gap_by_size=-0.3, size_confounding=0.0)
    noise, history = get_log_noise(company), company.history
    slope = np.polyfit(history.size[history.referred], noise[history.referred], 1)[0]
    assert slope == pytest.approx(-0.3, abs=0.04)
    slope = np.polyfit(history.size[~history.referred], noise[~history.referred], 1)[0]
    assert slope == pytest.approx(0.0, abs=0.03)


def test_advisers_are_dated_and_refer_as_often_as_planned(tmp_path: Path) -> None:
    plan = make_plain_plan(size=6_000, advisers=0.2, adviser_rate=3.0, referral_share=0.5)
    generate.write_company(plan, tmp_path / "c")
    people = pl.read_csv(tmp_path / "c" / "customers.csv", infer_schema_length=None)
    advisers = people.filter(pl.col("adviser_since").is_not_null())
    assert advisers["adviser_since"].equals(advisers["joined"])
    frame = pipeline.run(
        pipeline.open_source(tmp_path / "c"), "referral-rate", {"by": "adviser"}
    ).frame
    row = frame.filter(frame["group"] == "adviser").row(0, named=True)
    assert 2.3 < row["ratio"] < 3.5 and row["verdict"] == "gap-higher"  # occasions merge a few


def test_people_and_events_are_written_and_read_and_nothing_else_changes(tmp_path: Path) -> None:
    for name, knobs in (("a", {}), ("b", {"people": 1.5, "events": 0.5})):
        generate.write_company(Plan(size=600, **knobs), tmp_path / name)  # type: ignore[arg-type]
    for file in ("customers.csv", "referrals.csv", "orders.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    assert not (tmp_path / "a" / "contacts.csv").exists()
    data = pipeline.open_source(tmp_path / "b").dataset()
    assert data.contacts is not None and data.events is not None and not data.rejects.height
    customers = data.customers.filter(pl.col("status") == "closed")
    assert data.contacts.height / customers.height == pytest.approx(1.5, abs=0.3)
    days = data.events.join(data.customers.select(party="id", joined="joined"), on="party")
    assert (days["at"] >= days["joined"]).all()
    assert data.events["kind"].null_count() == 0 and data.events["kind"].n_unique() == 6
    generate.write_company(Plan(size=600), tmp_path / "b", replace=True)
    assert not (tmp_path / "b" / "events.csv").exists()


def test_entry_dates_lie_before_joining_and_nothing_else_changes(tmp_path: Path) -> None:
    for name, knobs in (("a", {}), ("b", {"entry_dates": True})):
        generate.write_company(Plan(size=600, **knobs), tmp_path / name)  # type: ignore[arg-type]
    plain, dated = (
        pl.read_csv(tmp_path / name / "customers.csv", infer_schema_length=None) for name in "ab"
    )
    assert dated.drop("entered_at").equals(plain)
    buyers = dated.filter(dated["joined"].is_not_null())
    assert (buyers["entered_at"] <= buyers["joined"]).all()
    orders = [(tmp_path / name / "orders.csv").read_bytes() for name in "ab"]
    assert orders[0] == orders[1]


def test_knobs_that_are_off_are_not_in_the_truth(tmp_path: Path) -> None:
    generate.write_company(Plan(size=300), tmp_path / "a")
    generate.write_company(Plan(size=300, **KNOBS), tmp_path / "b")
    plans = [
        json.loads((tmp_path / name / "truth.json").read_text(encoding="utf-8"))["plan"]
        for name in "ab"
    ]
    assert not set(KNOBS) & set(plans[0])
    assert {name: plans[1][name] for name in KNOBS} == KNOBS
