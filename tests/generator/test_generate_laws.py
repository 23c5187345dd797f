"""Planted laws are recovered from 200,000 parties, within five standard errors of the estimate.

For a new seed one test in two million would fail by chance. The estimators are those of textbooks.
"""

from __future__ import annotations

import numpy as np
import pytest
from support import companies
from support.planted import assert_near, assert_share_near

from refgraph.generator import Company, words
from refgraph.generator.history import MIN_LAG_DAYS, History
from refgraph.generator.origins import Origin
from refgraph.generator.prospects import Prospects
from refgraph.measures.calendar import YEAR

SIZE = 200_000
FOREVER = 2**40


@pytest.mark.parametrize("part", [0.25, 0.5, 0.75])
def test_joining_days_follow_the_planned_growth(company: Company, part: float) -> None:
    plan = company.plan
    assert_share_near(company.history.joined <= part * plan.days, part**plan.growth)


def count_leaving(
    company: Company, customers: np.ndarray, start: np.ndarray, stop: np.ndarray
) -> tuple[int, float]:
    """Customers that left between two days each, and their years at risk."""
    history, last = company.history, company.plan.days
    left = history.left[customers]
    begin = np.maximum(history.joined, start)[customers]
    end = np.minimum(np.minimum(left, stop[customers]), last)
    has_left = (left <= last) & (left > begin) & (left <= end)
    return int(has_left.sum()), float(np.maximum(end - begin, 0).sum()) / YEAR


@pytest.mark.parametrize("case", ["not referred", "referrer stays", "referrer left"])
def test_hazard_of_leaving_is_as_planned(company: Company, case: str) -> None:
    """Leavers over years at risk; the relative error of a Poisson rate is 1 / sqrt(count)."""
    history, plan = company.history, company.plan
    parent_left = np.where(history.parent >= 0, history.left[history.parent], 0).astype(np.int64)
    never = np.zeros(len(history.joined), np.int64)
    forever = np.full(len(history.joined), FOREVER)
    customers, start, stop, rate = {
        "not referred": (~history.referred, never, forever, plan.churn),
        "referrer stays": (history.referred, never, parent_left, plan.churn * plan.retention),
        "referrer left": (
            history.referred,
            parent_left,
            forever,
            plan.churn * plan.retention_after,
        ),
    }[case]
    count, years = count_leaving(company, customers, start, stop)
    assert count > 1000
    assert_near(count / years, rate, rate / np.sqrt(count))


def test_log_odds_of_being_referred_rise_with_size_as_planned(company: Company) -> None:
    """Logistic regression by Newton's method."""
    history = company.history
    is_possible = history.joined > MIN_LAG_DAYS + 500
    x = np.column_stack([np.ones(is_possible.sum()), history.size[is_possible]])
    y, beta = history.referred[is_possible], np.zeros(2)
    for _ in range(12):
        p = 1 / (1 + np.exp(-x @ beta))
        information = (x * (p * (1 - p))[:, None]).T @ x
        beta = beta + np.linalg.solve(information, x.T @ (y - p))
    error = float(np.sqrt(np.linalg.inv(information)[1, 1]))
    assert_near(beta[1], company.plan.size_confounding, error)


def compute_chance_referrals(history: History, day: np.ndarray) -> np.ndarray:
    """float64 by customer: expected referrals if assigned at random to those present that day."""
    joined_before = np.searchsorted(np.sort(history.joined), day, "left")
    left_until = np.searchsorted(np.sort(history.left), day, "right")
    chance = np.concatenate([[0.0], np.cumsum(1 / (joined_before - left_until))])
    at_end = chance[np.searchsorted(day, history.left, "left")]
    return at_end - chance[np.searchsorted(day, history.joined, "right")]


def list_referrals(history: History, prospects: Prospects) -> tuple[np.ndarray, np.ndarray]:
    """Days, sorted, and referrers of all referrals that were drawn."""
    is_referred, is_lead = history.referred, prospects.parent >= 0
    day = np.concatenate([history.at[is_referred], prospects.since[is_lead]])
    referrer = np.concatenate([history.parent[is_referred], prospects.parent[is_lead]])
    return np.sort(day), referrer


@pytest.mark.parametrize("spread", [0.0, 1.5])
def test_referrals_per_customer_vary_as_planned(spread: float) -> None:
    """Gamma-Poisson: E N(N-1) = (1 + CV^2) m^2, where m is the expectation by chance."""
    company = companies.build_bare(size=SIZE, seed=9, heterogeneity=spread)
    history = company.history
    day, referrer = list_referrals(history, company.prospects)
    mean = compute_chance_referrals(history, day)
    count = np.bincount(referrer, minlength=len(mean)).astype(float)
    # Earlier, too few customers are present for their mean activity to be 1.
    is_late = history.joined > company.plan.days / 4
    count, mean = count[is_late], mean[is_late]
    error = float(np.sqrt(((count - mean) ** 2).sum()))
    assert_near(count.sum() / mean.sum(), 1.0, error / mean.sum())
    pairs, squares = count * (count - 1), mean**2
    error = float(np.sqrt(((pairs - (1 + spread**2) * squares) ** 2).sum()))
    assert_near(pairs.sum() / squares.sum() - 1, spread**2, error / squares.sum())


@pytest.mark.parametrize("chain", [0.1, 0.7])
def test_depth_is_geometric(chain: float) -> None:
    """P(depth > k) = chain**k along the recorded referrals, though one in four has no name."""
    company = companies.build_bare(
        size=SIZE // 2, seed=3, chain=chain, order_years=0, nameless=0.1, missing_sources=0.15
    )
    graph = companies.graph(company)
    depth = np.empty(len(graph), np.int64)
    depth[graph.forest.order] = graph.forest.depth
    referred = depth[graph.customers & (depth > 0)]
    for k in (2, 3, 4):
        assert_share_near(referred[referred >= k - 1] >= k, chain)


def test_homophily_is_as_planned(company: Company) -> None:
    """The region is the referrer's with probability h, otherwise the same one only by chance."""
    weight = np.array([weight for weight, _ in words.REGIONS.values()], float)
    same_by_chance = float(((weight / weight.sum()) ** 2).sum())
    child = np.flatnonzero(company.parent >= 0)
    region, homophily = company.attributes.region, company.plan.homophily
    expected = homophily + (1 - homophily) * same_by_chance
    assert_share_near(region[child] == region[company.parent[child]], expected)


def test_missing_sources_do_not_depend_on_size(company: Company) -> None:
    has_no_source = np.isin(company.origin, (Origin.HIDDEN, Origin.MISSING))
    size = company.history.size[company.existing & has_no_source]
    mean = float(company.history.size[company.existing].mean())
    assert_near(float(size.mean()), mean, float(size.std() / np.sqrt(size.size)))


def test_hidden_share_of_unknown_equals_the_referral_share(company: Company) -> None:
    quotas = company.quotas
    share = quotas.referred / (quotas.existing - quotas.unknown)
    assert quotas.hidden / quotas.unknown == pytest.approx(share, abs=1e-4)


def test_recorded_shares_of_two_referrers_are_those_planted(company: Company) -> None:
    shares = company.arcs.share[np.isfinite(company.arcs.share)]
    assert set(np.round(shares, 2)) == {0.3, 0.4, 0.5, 0.6, 0.7}
