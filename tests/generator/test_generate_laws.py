"""Planted laws are recovered from 200,000 parties, within five standard errors of the estimate (one test in two million
would fail by chance for a new seed); estimators are the textbook's, written down here."""

from __future__ import annotations

from datetime import date

import companies
import numpy as np
import polars as pl
import pytest

from refgraph.generator import END, Company, frames, ids, orders, words
from refgraph.generator.company import ordering
from refgraph.generator.history import LAG, YEAR

SIGMAS = 5.0
SIZE = 200_000


def near(found: float, planted: float, error: float) -> None:
    assert 0 < error < max(0.2 * abs(planted), 0.05), "the sample is too small to tell"
    assert abs(found - planted) <= SIGMAS * error, (found, planted, error)


def share(hits: np.ndarray, planted: float) -> None:
    near(float(hits.mean()), planted, float(np.sqrt(max(planted * (1 - planted), 1e-9) / hits.size)))


@pytest.fixture(scope="module")
def made() -> Company:
    """Strong effects, no alias farms, so that all customers follow the laws."""
    return companies.company(
        size=SIZE, seed=11, farms=0.0, value_gap=0.4, size_confounding=0.8, retention=0.5, retention_after=1.5, homophily=0.4,
        growth=1.7, churn=0.08, heterogeneity=1.3, several=0.2,
    )  # fmt: skip


def test_growth(made: Company) -> None:
    for part in (0.25, 0.5, 0.75):
        share(made.run.joined <= part * made.plan.days, part**made.plan.growth)


def leaving(made: Company, who: np.ndarray, start: np.ndarray, stop: np.ndarray) -> tuple[int, float]:
    """(customers of ``who`` that left, years at risk) between two days each, within the company's time."""
    begin, end = np.maximum(made.run.joined, start)[who], np.minimum(np.minimum(made.run.left, stop), made.plan.days)[who]
    left = (made.run.left[who] <= made.plan.days) & (made.run.left[who] > begin) & (made.run.left[who] <= end)
    return int(left.sum()), float(np.maximum(end - begin, 0).sum()) / YEAR


def test_hazards_of_leaving(made: Company) -> None:
    """Deaths over years at risk; the relative error of a Poisson rate is one over the root of the deaths."""
    run, plan = made.run, made.plan
    parents_day = np.where(run.parent >= 0, run.left[run.parent], 0).astype(np.int64)
    never, forever = np.zeros(len(run.joined), np.int64), np.full(len(run.joined), 2**40)
    cases = [(~run.referred, never, forever, plan.churn), (run.referred, never, parents_day, plan.churn * plan.retention),
             (run.referred, parents_day, forever, plan.churn * plan.retention_after)]  # fmt: skip
    for who, start, stop, rate in cases:
        deaths, years = leaving(made, who, start, stop)
        assert deaths > 1000
        near(deaths / years, rate, rate / np.sqrt(deaths))


def test_log_odds_of_being_referred_rise_with_size(made: Company) -> None:
    """Logistic regression by Newton's method."""
    able = made.run.joined > LAG + 500
    x = np.column_stack([np.ones(able.sum()), made.run.size[able]])
    y, b = made.run.referred[able], np.zeros(2)
    for _ in range(12):
        p = 1 / (1 + np.exp(-x @ b))
        information = (x * (p * (1 - p))[:, None]).T @ x
        b = b + np.linalg.solve(information, x.T @ (y - p))
    near(b[1], made.plan.size_confounding, float(np.sqrt(np.linalg.inv(information)[1, 1])))


def revenue(made: Company) -> tuple[np.ndarray, np.ndarray]:
    """Revenue by organic customer from the orders table, and what its size, sector and days would bring unreferred."""
    tables = frames(made)
    total = tables["orders"].group_by("customer").agg(pl.col("revenue").cast(pl.Float64).sum())
    organic = pl.DataFrame({"customer": ids(made)[: made.sizes.organic]})
    found = organic.join(total, on="customer", how="left", maintain_order="left")["revenue"].fill_null(0.0).to_numpy()
    first = (END - date(END.year - made.plan.order_years + 1, 1, 1)).days
    begin, end = np.maximum(made.run.joined, made.plan.days - first), np.minimum(made.run.left - 1, made.plan.days)
    days = np.maximum(end - begin + 1, 0)
    assert (ordering(made.plan, made.joined, made.left)[1][: days.size] == days).all()
    return found, days * np.exp(made.run.size) * made.attributes.factor[: days.size]


def test_value_gap_and_its_confounding(made: Company) -> None:
    """Ratio estimator on either side, delta method for its error; the naive gap is larger, as larger customers are referred."""
    found, expected = revenue(made)
    ratio, error = [], []
    for side in (made.run.referred, ~made.run.referred):
        r = found[side].sum() / expected[side].sum()
        ratio.append(r)
        error.append(np.sqrt(((found[side] - r * expected[side]) ** 2).sum()) / found[side].sum())
    gap = ratio[0] / ratio[1] - 1
    near(gap, made.plan.value_gap, (1 + gap) * float(np.hypot(*error)))
    active = expected > 0
    naive = found[made.run.referred & active].mean() / found[~made.run.referred & active].mean() - 1
    assert naive > 1.5


@pytest.mark.parametrize("gap", [0.0, -0.3])
def test_no_gap_and_a_negative_one(gap: float) -> None:
    made = companies.bare(size=60_000, seed=5, value_gap=gap)
    found, expected = revenue(made)
    sides = [found[s].sum() / expected[s].sum() for s in (made.run.referred, ~made.run.referred)]
    spread = [np.sqrt(((found[s] - r * expected[s]) ** 2).sum()) / found[s].sum()
              for s, r in zip((made.run.referred, ~made.run.referred), sides, strict=True)]  # fmt: skip
    near(sides[0] / sides[1] - 1, gap, (1 + gap) * float(np.hypot(*spread)))


def test_customers_differ_in_recommending_as_planned() -> None:
    """Gamma-Poisson: E N(N-1) = (1 + CV^2) m^2, m = what dealing among those present would give."""
    for spread in (0.0, 1.5):
        made = companies.bare(size=SIZE, seed=9, heterogeneity=spread)
        run, waiting = made.run, made.prospects
        day = np.sort(np.concatenate([run.at[run.referred], waiting.since[waiting.parent >= 0]]))
        who = np.concatenate([run.parent[run.referred], waiting.parent[waiting.parent >= 0]])
        here = np.searchsorted(np.sort(run.joined), day, "left") - np.searchsorted(np.sort(run.left), day, "right")
        chance = np.concatenate([[0.0], np.cumsum(1 / here)])
        mean = chance[np.searchsorted(day, run.left, "left")] - chance[np.searchsorted(day, run.joined, "right")]
        late = run.joined > made.plan.days / 4  # before, too few are present for their mean activity to be 1
        count, mean = np.bincount(who, minlength=len(run.joined))[late].astype(float), mean[late]
        near(count.sum() / mean.sum(), 1.0, float(np.sqrt(((count - mean) ** 2).sum())) / mean.sum())
        each = count * (count - 1) - (1 + spread**2) * mean**2
        near((count * (count - 1)).sum() / (mean**2).sum() - 1, spread**2, float(np.sqrt((each**2).sum())) / (mean**2).sum())


@pytest.mark.parametrize("chain", [0.1, 0.7])
def test_depth_is_geometric(chain: float) -> None:
    """P(depth > k) = chain**k along the referrals as the graph has them, though one in four left no name."""
    made = companies.bare(size=SIZE // 2, seed=3, chain=chain, order_years=0, nameless=0.1, missing_sources=0.15)
    graph = companies.graph(made)
    depth = np.empty(len(graph), np.int64)
    depth[graph.forest.order] = graph.forest.depth
    referred = depth[graph.customers & (depth > 0)]
    for k in (2, 3, 4):
        share(referred[referred >= k - 1] >= k, chain)


def test_homophily(made: Company) -> None:
    """A referred party has its referrer's region with probability h, else one of its own that is the same by chance."""
    weight = np.array([w for w, _ in words.REGIONS.values()], float)
    same = float(((weight / weight.sum()) ** 2).sum())
    child = np.flatnonzero(made.parent >= 0)
    region = made.attributes.region
    share(region[child] == region[made.parent[child]], made.plan.homophily + (1 - made.plan.homophily) * same)


def test_orders_and_who_has_no_source(made: Company) -> None:
    tables = frames(made)
    expected = float((orders.rates(made) * ordering(made.plan, made.joined, made.left)[1] / YEAR).sum())
    near(tables["orders"].height, expected, float(np.sqrt(expected)))
    found, _ = revenue(made)
    planned = (made.value * ordering(made.plan, made.joined, made.left)[1] / YEAR)[: found.size]
    near(found.sum() / planned.sum(), 1.0, float(np.sqrt(((found - planned) ** 2).sum())) / planned.sum())
    region = made.run.size[made.existing & (made.origin >= 4) & (made.origin <= 5)]
    near(float(region.mean()), float(made.run.size[made.existing].mean()), float(region.std() / np.sqrt(region.size)))
    one = made.arcs.share[np.isfinite(made.arcs.share)]
    assert set(np.round(one, 2)) == {0.3, 0.4, 0.5, 0.6, 0.7}
    quota = made.quotas
    assert abs(quota.hidden / quota.unknown - quota.referred / (quota.existing - quota.unknown)) < 1e-4
