"""The chance of an event: against a minimiser of the same likelihood, and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from support.random_cases import cases

from refgraph.estimates.ridge_logit import fit_chance


def draw(seed: int, n: int = 150) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    dice = np.random.default_rng(seed)
    x = np.column_stack([dice.normal(size=n), dice.random(n) < 0.3, dice.normal(size=n)])
    event = dice.random(n) < 1 / (1 + np.exp(1.0 - x @ [0.8, 1.0, 0.0]))
    event[:2] = True, False
    return x.astype(np.float64), event, dice.integers(0, 40, n)


@given(st.integers(0, 10_000), st.floats(0.1, 20))
@settings(max_examples=cases(50))
def test_coefficients_are_where_the_penalized_likelihood_is_greatest(
    seed: int, ridge: float
) -> None:
    x, event, tree = draw(seed)
    model = fit_chance(x, event, tree, ridge)
    z = np.column_stack([np.ones(len(x)), (x - x.mean(axis=0)) / x.std(axis=0)])

    def loss(b: np.ndarray) -> float:
        return float(
            np.logaddexp(0, z @ b).sum() - (z @ b)[event].sum() + ridge / 2 * b[1:] @ b[1:]
        )

    best = minimize(loss, np.zeros(4), method="BFGS", options={"gtol": 1e-7}).x
    assert model.coefficients == pytest.approx(best, abs=1e-4)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_chances_and_errors_without_shrinking_are_those_of_statsmodels(seed: int) -> None:
    import statsmodels.api as sm

    x, event, tree = draw(seed)
    model = fit_chance(x, event, tree, 1e-9)
    design = sm.add_constant(x)
    oracle = sm.GLM(event.astype(float), design, family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": tree, "use_correction": False}
    )
    chance, low, high = model.predict(x)
    assert chance == pytest.approx(oracle.predict(design), abs=1e-7)
    spread = np.sqrt(np.einsum("ij,jk,ik->i", design, oracle.cov_params(), design))
    half = (np.log(high / (1 - high)) - np.log(low / (1 - low))) / 2 / 1.959963984540054
    assert half == pytest.approx(spread, rel=1e-5)
