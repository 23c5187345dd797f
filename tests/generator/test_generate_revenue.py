"""Orders and revenue of 200,000 parties are as planned, within five standard errors."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest
from support import companies
from support.planted import assert_near

from refgraph.generator import END, Company, build_frames, build_ids, orders
from refgraph.generator.company import compute_order_windows
from refgraph.measures.calendar import YEAR


def compute_ratio(values: np.ndarray, expected: np.ndarray) -> tuple[float, float]:
    """Ratio of the sums, and its relative standard error by the delta method."""
    ratio = values.sum() / expected.sum()
    error = np.sqrt(((values - ratio * expected) ** 2).sum()) / values.sum()
    return float(ratio), float(error)


@cache
def build_orders(company: Company) -> pl.DataFrame:
    return build_frames(company)["orders"]


def sum_revenue(company: Company) -> np.ndarray:
    """float64 by organic customer: revenue from the orders table."""
    totals = (
        build_orders(company).group_by("customer").agg(pl.col("revenue").cast(pl.Float64).sum())
    )
    ids = pl.DataFrame({"customer": build_ids(company)[: company.sizes.organic]})
    joined = ids.join(totals, on="customer", how="left", maintain_order="left")
    return joined["revenue"].fill_null(0.0).to_numpy()


def compute_order_days(company: Company) -> np.ndarray:
    """int by organic customer: days as a customer within the orders table."""
    plan, history = company.plan, company.history
    first = plan.days - (END - date(END.year - plan.order_years + 1, 1, 1)).days
    begin = np.maximum(history.joined, first)
    end = np.minimum(history.left - 1, plan.days)
    return np.maximum(end - begin + 1, 0)


def compute_expected_revenue(company: Company) -> np.ndarray:
    """Revenue by organic customer from size, sector and days, without referral, to scale."""
    days = compute_order_days(company)
    return days * np.exp(company.history.size) * company.attributes.factor[: days.size]


def test_order_windows_equal_the_days_as_customer_within_the_table(company: Company) -> None:
    expected = compute_order_days(company)
    _, days = compute_order_windows(company.plan, company.joined, company.left)
    assert (days[: expected.size] == expected).all()


def estimate_value_gap(company: Company) -> tuple[float, float]:
    """Value of the referred over that of the others, minus 1, and its standard error."""
    revenue, expected = sum_revenue(company), compute_expected_revenue(company)
    is_referred = company.history.referred
    ratio, error = compute_ratio(revenue[is_referred], expected[is_referred])
    base, base_error = compute_ratio(revenue[~is_referred], expected[~is_referred])
    return ratio / base - 1, ratio / base * float(np.hypot(error, base_error))


def test_value_gap_is_as_planned_and_the_naive_gap_is_larger(company: Company) -> None:
    gap, error = estimate_value_gap(company)
    assert_near(gap, company.plan.value_gap, error)
    revenue = sum_revenue(company)
    is_active = compute_expected_revenue(company) > 0
    is_referred = company.history.referred
    mean_referred = revenue[is_referred & is_active].mean()
    assert mean_referred / revenue[~is_referred & is_active].mean() - 1 > 1.5


@pytest.mark.parametrize("planted", [0.0, -0.3])
def test_value_gap_may_be_zero_or_negative(planted: float) -> None:
    gap, error = estimate_value_gap(companies.build_bare(size=60_000, seed=5, value_gap=planted))
    assert_near(gap, planted, error)


def test_number_of_orders_is_as_planned(company: Company) -> None:
    _, days = compute_order_windows(company.plan, company.joined, company.left)
    expected = float((orders.compute_order_rates(company) * days / YEAR).sum())
    assert_near(build_orders(company).height, expected, float(np.sqrt(expected)))


def test_revenue_is_planned_value_times_years(company: Company) -> None:
    revenue = sum_revenue(company)
    planned = company.value[: revenue.size] * compute_order_days(company) / YEAR
    error = float(np.sqrt(((revenue - planned) ** 2).sum())) / planned.sum()
    assert_near(revenue.sum() / planned.sum(), 1.0, error)
