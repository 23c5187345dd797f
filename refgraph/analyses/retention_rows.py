"""The rows of `retention`: each state against another, with the hazard ratio or the reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from refgraph.estimates.cox import HazardFit, Spells, fit_hazards
from refgraph.estimates.gap import MIN_SIDE, Gap, complete_gap
from refgraph.estimates.survival import (
    MIN_AT_RISK,
    SurvivalCurve,
    compute_event_share,
    kaplan_meier,
)
from refgraph.measures.calendar import YEAR
from refgraph.measures.members import Members
from refgraph.measures.retention_spells import ACTIVE, GONE, LEAD, OTHERS, STATES, RetentionSpells
from refgraph.measures.tallies import list_inputs
from refgraph.model.graph import Bools, Floats
from refgraph.model.tally import Tally

MIN_REFERRED = 1_000
"""From this many referred customers on, the time after the referrer left is reported too."""
GONE_ALL = "stay-gone"
CONTRASTS = (
    (ACTIVE, OTHERS),
    (LEAD, ACTIVE),
    (GONE_ALL, LEAD),
    (GONE_ALL, ACTIVE),
    *((state, ACTIVE) for state in GONE),
)
"""State and the state that it is compared with, in the order of the rows."""
YEARS = (1, 3, 5)


@dataclass(frozen=True)
class RetentionRow:
    """A state against another. gap: hazard ratio - 1. customers, leavers, years: in the state.

    inside: the rows in the state. compared: those in either; trees: those of them. curve: of
    leaving, of those inside; None if nobody was in the state.
    """

    state: str
    against: str
    gap: Gap
    customers: Tally
    leavers: Tally
    years: Tally
    trees: Tally
    inside: Members
    compared: Members
    stay: tuple[float, ...]
    curve: SurvivalCurve | None

    @property
    def hazard(self) -> dict[str, object]:
        """``hazard_ratio`` with its ends, ``trees`` and ``effective_trees``."""
        gap = self.gap
        ends = {"": gap.gap, "_low": gap.low, "_high": gap.high}
        ratios = {f"hazard_ratio{end}": 1.0 + number for end, number in ends.items()}
        figures = list_inputs(self.compared, ratios | {"effective_trees": gap.effective})
        return {**figures, "trees": self.trees if gap.trees else None}

    @property
    def verdict(self) -> str:
        """higher, lower or unknown, as a label; else the reason for no number."""
        if self.gap.reason:
            return f"stay-{self.gap.reason}"
        if self.gap.is_unknown:
            return "gap-unknown"
        return "gap-higher" if self.gap.gap > 0 else "gap-lower"


def compute_rows(
    spells: RetentionSpells,
    base: str = OTHERS,
    contrasts: Sequence[tuple[str, str]] = CONTRASTS,
) -> list[RetentionRow]:
    """A row for the base, compared with nobody, then one per contrast."""
    referred = len(np.unique(spells.customer[spells.state > 0]))
    coarse = _fit(spells, [[1], [2], [3, 4, 5, 6]])
    fine = _fit(spells, [[k] for k in range(1, len(STATES))]) if referred >= MIN_REFERRED else None
    rows = [_describe(spells, base, "", Gap(reason="reference"))]
    for state, against in contrasts:
        is_fine = state in GONE
        gap = _refuse(spells, state, against)
        if not gap.reason and referred < MIN_REFERRED and (state, against) != CONTRASTS[0]:
            gap = replace(gap, reason="too-few-referred")
        fit = fine if is_fine else coarse
        if not gap.reason:
            names = list(STATES[1:]) if is_fine else [ACTIVE, LEAD, GONE_ALL]
            gap = _contrast(fit, names, state, against, gap)
        rows.append(_describe(spells, state, against, gap))
    return rows


def _mark(spells: RetentionSpells, state: str) -> Bools:
    """The rows in a state; `GONE_ALL` is any of the last four."""
    if state == GONE_ALL:
        return np.asarray(spells.state >= STATES.index(GONE[0]))
    return np.asarray(spells.state == STATES.index(state))


def _fit(spells: RetentionSpells, groups: list[list[int]]) -> HazardFit | None:
    """Hazards with a column per group of states; states that nobody is in have no column."""
    columns = [np.isin(spells.state, group).astype(np.float64) for group in groups]
    has_leaver = [bool(spells.event[column > 0].any()) for column in columns]
    used = [column for column, has in zip(columns, has_leaver, strict=True) if has]
    is_kept = np.ones(len(spells.event), np.bool_)
    for column, has in zip(columns, has_leaver, strict=True):
        is_kept &= (column == 0) | has  # a hazard of 0 has no logarithm
    if not used or not spells.event.any():
        return None
    covariates = [_standardize(column) for column in spells.covariates]
    covariates = [column for column in covariates if column.any()]
    data = Spells(
        spells.start[is_kept],
        spells.stop[is_kept],
        spells.event[is_kept],
        np.column_stack([*used, *covariates])[is_kept],
        spells.cluster[is_kept],
    )
    fit = fit_hazards(data)
    return None if fit is None else _spread(fit, has_leaver)


def _spread(fit: HazardFit, is_seen: list[bool]) -> HazardFit:
    """The fit with zeros for the states without a column."""
    places = np.flatnonzero(is_seen)
    coefficients = np.zeros(len(is_seen))
    coefficients[places] = fit.coefficients[: len(places)]
    scores = np.zeros((len(fit.scores), len(is_seen)))
    scores[:, places] = fit.scores[:, : len(places)]
    return HazardFit(coefficients, scores)


def _standardize(column: Floats) -> Floats:
    spread = float(column.std())
    if spread < 1e-9:
        return np.zeros(len(column))
    return np.asarray((column - column.mean()) / spread, np.float64)


def _refuse(spells: RetentionSpells, state: str, against: str) -> Gap:
    """Counts of both sides, and why they cannot be compared, if so."""
    sides = [_mark(spells, name) for name in (state, against)]
    counts = [len(np.unique(spells.customer[side])) for side in sides]
    trees = len(np.unique(spells.cluster[sides[0] | sides[1]]))
    gap = Gap(referred=counts[0], others=counts[1], trees=trees)
    if min(counts) < MIN_SIDE:
        return replace(gap, reason="too-few")
    leavers = [int(spells.event[side].sum()) for side in sides]
    return gap if min(leavers) else replace(gap, reason="no-leaver")


def _contrast(fit: HazardFit | None, names: list[str], state: str, against: str, gap: Gap) -> Gap:
    if fit is None:
        return replace(gap, reason="not-separable")
    weights = np.zeros(len(names))
    weights[names.index(state)] = 1.0
    if against != OTHERS:
        weights[names.index(against)] -= 1.0
    effect, parts = fit.contrast(weights)
    return complete_gap(gap, effect, parts**2, is_ratio=True)


def _describe(spells: RetentionSpells, state: str, against: str, gap: Gap) -> RetentionRow:
    rows = _mark(spells, state)
    start, stop, event = spells.start[rows], spells.stop[rows], spells.event[rows]
    curve = kaplan_meier(np.maximum(start, 0.0), stop, event) if rows.any() else None
    stay = tuple(
        1.0 - compute_event_share(curve, year * YEAR, MIN_AT_RISK)[0]
        if curve is not None
        else math.nan
        for year in YEARS
    )
    members = Members("customers", np.where(rows, 0, -1), 1, spells.customer)
    both = rows | _mark(spells, against) if against else rows
    compared = Members("customers", np.where(both, 0, -1), 1, spells.customer)
    days = spells.stop - np.maximum(spells.start, 0.0)
    return RetentionRow(
        state,
        against,
        gap,
        customers=members.count_distinct(spells.customer),
        leavers=members.count(spells.event),
        years=members.add_up_weights(days, YEAR),
        trees=compared.count_distinct(spells.cluster),
        inside=members,
        compared=compared,
        stay=stay,
        curve=curve,
    )
