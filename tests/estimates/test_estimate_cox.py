"""Hazard ratios against statsmodels; their clustered errors against a jackknife of clusters."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from refgraph.estimates.cox import Spells, fit_hazards


def draw_spells(seed: int, n: int = 150) -> Spells:
    """Customers watched late or early, each in one or two spells, days as whole numbers."""
    dice = np.random.default_rng(seed)
    x, size = dice.integers(0, 2, n).astype(float), dice.normal(size=n)
    entry = dice.integers(0, 30, n) * (dice.random(n) < 0.4)
    life = np.ceil(dice.exponential(40 * np.exp(-0.5 * x + 0.3 * size))) + entry
    stop = np.minimum(life, entry + 60.0)
    cut = entry + (stop - entry) * 0.5
    is_cut = (dice.random(n) < 0.5) & (np.floor(cut) > entry)
    cut = np.floor(cut)
    later = np.flatnonzero(is_cut)
    return Spells(
        start=np.r_[entry, cut[later]].astype(float),
        stop=np.r_[np.where(is_cut, cut, stop), stop[later]],
        event=np.r_[(life <= stop) & ~is_cut, (life <= stop)[later]],
        columns=np.column_stack([np.r_[x, 1 - x[later]], np.r_[size, size[later]]]),
        cluster=np.r_[np.arange(n) // 2, later // 2],
    )


@pytest.mark.parametrize("seed", range(6))
def test_hazard_ratios_equal_those_of_statsmodels(seed: int) -> None:
    spells = draw_spells(seed)
    fit = fit_hazards(spells)
    model = sm.PHReg(
        spells.stop,
        spells.columns,
        status=spells.event.astype(int),
        entry=spells.start + 0.5,  # it counts who enters on a day as at risk that day
        ties="breslow",
    ).fit()
    assert fit is not None
    assert fit.coefficients == pytest.approx(model.params, abs=1e-4)


@pytest.mark.parametrize("seed", range(3))
def test_contributions_of_clusters_are_what_leaving_each_one_out_changes(seed: int) -> None:
    spells = draw_spells(seed, 400)
    fit = fit_hazards(spells)
    assert fit is not None
    changes = []
    for cluster in range(0, 200, 10):
        kept = spells.cluster != cluster
        rest = replace(
            spells,
            start=spells.start[kept],
            stop=spells.stop[kept],
            event=spells.event[kept],
            columns=spells.columns[kept],
            cluster=spells.cluster[kept],
        )
        part = fit_hazards(rest)
        assert part is not None
        changes.append(fit.coefficients - part.coefficients)
    found = fit.scores[::10]
    assert np.corrcoef(found[:, 0], np.array(changes)[:, 0])[0, 1] > 0.98
    assert found == pytest.approx(np.array(changes), abs=0.02)


def test_scores_add_up_to_nothing_and_contrasts_are_sums() -> None:
    fit = fit_hazards(draw_spells(9))
    assert fit is not None
    assert fit.scores.sum(axis=0) == pytest.approx([0.0, 0.0], abs=1e-8)
    effect, parts = fit.contrast(np.array([1.0, -1.0]))
    assert effect == pytest.approx(fit.coefficients[0] - fit.coefficients[1])
    assert parts == pytest.approx(fit.scores[:, 0] - fit.scores[:, 1])


def test_column_that_no_leaver_has_gives_no_hazard_ratio() -> None:
    spells = draw_spells(4)
    columns = spells.columns.copy()
    columns[:, 0] = ~spells.event
    assert fit_hazards(replace(spells, columns=columns)) is None


def test_columns_of_any_size_never_warn() -> None:
    found = set()
    for seed in range(300):
        dice = np.random.default_rng(seed)
        spells = draw_spells(seed, int(dice.integers(5, 40)))
        columns = spells.columns * 10.0 ** dice.integers(-2, 5, 2)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found.add(fit_hazards(replace(spells, columns=columns)) is None)
    assert found == {True, False}
