"""Regressions against statsmodels, CR2 against explicit matrices, on random customers."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from refgraph.estimates.clusters import compute_contributions
from refgraph.estimates.design import Design, build_design, select_independent
from refgraph.estimates.regression import Fit, fit_regression
from refgraph.estimates.spline import KNOT_SHARES, compute_spline

FAMILIES = {
    "poisson": sm.families.Poisson(),
    "logit": sm.families.Binomial(),
    "linear": sm.families.Gaussian(),
}


def draw_customers(seed: int) -> tuple[Design, np.ndarray, np.ndarray, np.ndarray]:
    """A design, amounts, weights and clusters."""
    dice = np.random.default_rng(seed)
    n = int(dice.integers(40, 200))
    treated, size = (dice.random(n) < 0.4).astype(float), dice.normal(size=n)
    sector, year = dice.integers(0, 4, n), dice.integers(0, 3, n)
    y = dice.lognormal(0.5 * size + 0.3 * treated, 0.8) * (dice.random(n) > 0.1)
    cluster = dice.integers(0, n // 2, n)
    design = build_design([treated, size], [sector, year])
    return design, y, dice.uniform(0.5, 2, n), cluster


def get_outcome(family: str, y: np.ndarray) -> np.ndarray:
    return (y > np.median(y)).astype(float) if family == "logit" else y


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", range(6))
def test_regression_equals_statsmodels(family: str, seed: int) -> None:
    design, y, weight, _ = draw_customers(seed)
    y = get_outcome(family, y)
    fit = fit_regression(design, y, family, weight)  # type: ignore[arg-type]
    assert fit is not None
    dense = design.expand(np.arange(len(y)))
    model = sm.GLM(y, dense, family=FAMILIES[family], freq_weights=weight).fit(tol=1e-12)
    assert fit.coefficients == pytest.approx(model.params, rel=1e-6, abs=1e-8)
    assert fit.fitted == pytest.approx(model.fittedvalues, rel=1e-6)
    assert design.predict(fit.coefficients) == pytest.approx(dense @ fit.coefficients)


@pytest.mark.parametrize("seed", range(6))
def test_sums_over_groups_equal_those_over_columns(seed: int) -> None:
    design, y, weight, _ = draw_customers(seed)
    dense = design.expand(np.arange(len(y)))
    assert dense.shape[1] == design.width
    assert design.compute_gram(weight) == pytest.approx(dense.T @ (dense * weight[:, None]))
    assert design.sum_scores(y) == pytest.approx(dense.T @ y)


def compute_cr2_by_matrices(design: Design, fit: Fit, cluster: np.ndarray) -> np.ndarray:
    """The contributions to the error of column 1, with the whole hat matrix of each cluster."""
    dense = design.expand(np.arange(len(cluster)))[:, fit.kept]
    parts = []
    for label in np.unique(cluster):
        rows = np.flatnonzero(cluster == label)
        x = np.sqrt(fit.weight[rows])[:, None] * dense[rows]
        rest = np.eye(len(rows)) - x @ fit.inverse @ x.T
        values, vectors = np.linalg.eigh(rest)
        power = [v**-0.5 if v > 1e-10 else 0.0 for v in values]
        half = vectors @ np.diag(power) @ vectors.T
        residual = fit.score[rows] / np.sqrt(fit.weight[rows])
        parts.append((fit.inverse @ x.T @ half @ residual)[1])
    return np.array(parts)


@pytest.mark.parametrize("family", ["poisson", "linear"])
@pytest.mark.parametrize("seed", range(8))
def test_cluster_contributions_equal_cr2_by_matrices(family: str, seed: int) -> None:
    design, y, weight, cluster = draw_customers(seed)
    fit = fit_regression(design, y, family, weight)  # type: ignore[arg-type]
    assert fit is not None
    found = compute_contributions(design, fit, cluster, 1)
    expected = compute_cr2_by_matrices(design, fit, cluster)
    assert np.sort(found) == pytest.approx(np.sort(expected), rel=1e-6, abs=1e-10)


def test_contributions_of_clusters_with_little_leverage_are_exact_to_a_millionth() -> None:
    dice = np.random.default_rng(5)
    n = 12_000
    design = build_design([(dice.random(n) < 0.4).astype(float)], [dice.integers(0, 3, n)])
    cluster = dice.integers(0, n // 4, n)
    fit = fit_regression(design, dice.lognormal(0, 1, n), "poisson")
    assert fit is not None
    found = (compute_contributions(design, fit, cluster, 1) ** 2).sum()
    expected = (compute_cr2_by_matrices(design, fit, cluster) ** 2).sum()
    assert found == pytest.approx(expected, rel=1e-6)


def test_contributions_without_adjustment_equal_the_clustered_errors_of_statsmodels() -> None:
    """With very many small clusters CR2 and the plain sandwich agree."""
    dice = np.random.default_rng(6)
    n = 30_000
    design = build_design([(dice.random(n) < 0.4).astype(float), dice.normal(size=n)], [])
    cluster, y = np.arange(n) // 2, dice.lognormal(0, 1, n)
    fit = fit_regression(design, y, "poisson")
    assert fit is not None
    error = np.sqrt((compute_contributions(design, fit, cluster, 1) ** 2).sum())
    options = {"groups": cluster, "use_correction": False}
    model = sm.GLM(y, design.numbers, family=sm.families.Poisson())
    plain = model.fit(cov_type="cluster", cov_kwds=options)
    assert error == pytest.approx(plain.bse[1], rel=1e-3)


def test_columns_that_depend_on_others_are_left_out_and_the_last_gives_way() -> None:
    dense = np.column_stack([np.ones(6), [1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], range(6)])
    assert select_independent(dense.T @ dense, last=1).tolist() == [0, 2, 3]
    assert select_independent(dense.T @ dense, last=2).tolist() == [0, 1, 3]


def test_regression_of_a_group_without_any_event_does_not_converge() -> None:
    design = build_design([np.repeat([0.0, 1.0], 20)], [])
    assert fit_regression(design, np.repeat([1.0, 0.0], 20), "poisson") is None
    assert fit_regression(design, np.repeat([1.0, 0.0], 20), "logit") is None


def test_spline_is_straight_beyond_the_outer_knots_and_smooth_between() -> None:
    x = np.linspace(0.0, 10.0, 2001)
    outer = np.quantile(x, [KNOT_SHARES[0], KNOT_SHARES[-1]])
    for column in compute_spline(x):
        bend = np.diff(column, 2) / (x[1] - x[0]) ** 2
        outside = (x[1:-1] < outer[0] - 0.01) | (x[1:-1] > outer[1] + 0.01)
        assert np.abs(bend[outside]).max() < 1e-6 < np.abs(bend[~outside]).max()
        assert np.abs(np.diff(bend)).max() < 0.01
    assert compute_spline(np.repeat([1.0, 2.0], 50)) == []
