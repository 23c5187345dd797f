"""Tallies made of others: ratios, their intervals, differences, and columns row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from refgraph.estimates.proportion import newcombe, wilson_array
from refgraph.graph.memo import cached_on_first_argument
from refgraph.measures.member_lists import AllMembers, MembersSoFar, OtherMembers
from refgraph.measures.members import Members
from refgraph.model.graph import Bools, Floats, Graph, Longs
from refgraph.model.tally import (
    Method,
    Quantity,
    Role,
    StackedTally,
    Tallies,
    Tally,
    Term,
    WeightRule,
)

REFERENCE: dict[str, Role] = {
    "numerator": "reference-numerator",
    "denominator": "reference",
}
"""Role in a ratio -> role of the same rows if that ratio is the reference of a difference."""
DIFFERENCES = ("difference", "difference_low", "difference_high")
DIFFERENCE_METHODS: tuple[Method, ...] = ("difference", "difference-low", "difference-high")


@cached_on_first_argument
def measure_value(graph: Graph) -> Quantity:
    """The value of each party; the orders of the window, if these make it up."""
    value = graph.value
    column = value.basis if value.is_from_orders else ""
    return Quantity(scaled=value.scaled, scale=value.scale, order_column=column)


def compute_ratio(part: Tally, whole: Tally) -> Tally:
    """part / whole; nan where the whole is 0 or less."""
    one, other = _get_exact(part), _get_exact(whole)
    if part.scale != whole.scale:
        one, other = part.numbers, whole.numbers
    numbers = np.full(len(other), np.nan)
    np.divide(one, other, out=numbers, where=other > 0)
    terms = (*part.take_roles(counted="numerator"), *whole.take_roles(counted="denominator"))
    return Tally(method="ratio", numbers=numbers, terms=terms, is_known=_join_known(part, whole))


def compute_share_of_all(part: Tally) -> Tally:
    """Each figure / the sum of all; nan if that is 0 or less."""
    return compute_ratio(part, spread_total(part))


def spread_total(tally: Tally) -> Tally:
    """The sum of the figures of all groups, for every group. The groups share no member."""
    groups = len(tally.numbers)
    terms = tuple(replace(t, members=AllMembers(t.members, groups)) for t in tally.terms)
    total = float(_get_exact(tally).sum())
    return Tally(
        method=tally.method,
        numbers=np.broadcast_to(total / tally.scale, groups),
        terms=terms,
        scaled=np.broadcast_to(total, groups),
        scale=tally.scale,
    )


def compute_wilson_interval(ratio: Tally, hits: Tally, n: Tally) -> tuple[Tally, Tally]:
    """The ends of Wilson's interval of a ratio of two counts (M1); nan where n is 0."""
    low, high = wilson_array(hits.numbers, n.numbers)
    return (
        replace(ratio, method="low", numbers=low),
        replace(ratio, method="high", numbers=high),
    )


def build_share(hits: Tally, n: Tally, name: str = "share") -> dict[str, Tally]:
    """``share``, ``share_low`` and ``share_high``: a ratio of counts with Wilson's interval."""
    ratio = compute_ratio(hits, n)
    low, high = compute_wilson_interval(ratio, hits, n)
    return {name: ratio, f"{name}_low": low, f"{name}_high": high}


def compare_ratios(share: Tally, reference: Tally, counts: Sequence[Tally]) -> dict[str, Tally]:
    """``difference`` and its ends by Newcombe's interval: share - reference, of one group each.

    counts: hits and n of the share, then of the reference.
    """
    figures = newcombe(*(float(count.numbers[0]) for count in counts))
    terms = (*share.terms, *reference.take_roles(**REFERENCE))
    return {
        name: Tally(method=method, numbers=np.array([figure]), terms=terms)
        for name, method, figure in zip(DIFFERENCES, DIFFERENCE_METHODS, figures, strict=True)
    }


def add_so_far(tally: Tally, first: int = 0) -> Tally:
    """The sum of the figures of each group and of those from ``first`` on before it."""
    is_counted = np.arange(len(tally.numbers)) >= first
    terms = tuple(replace(t, members=_keep_so_far(t, first)) for t in tally.terms)
    numbers = np.cumsum(np.where(is_counted, tally.numbers, 0))
    if tally.scaled is None:
        return replace(tally, numbers=numbers, terms=terms)
    scaled = np.cumsum(np.where(is_counted, tally.scaled, 0.0))
    return replace(tally, numbers=scaled / tally.scale, scaled=scaled, terms=terms)


def _keep_so_far(term: Term, first: int) -> MembersSoFar:
    assert isinstance(term.members, Members)
    return MembersSoFar(term.members, first)


def sum_groups(tally: Tally, is_chosen: Bools, factor: float = 1.0) -> Tally:
    """The sum of the figures of some groups, times a factor, as a tally of one group."""
    terms = tuple(_choose_groups(term, is_chosen, factor) for term in tally.terms)
    scaled = np.array([float(np.sort(_get_exact(tally)[is_chosen]).sum())]) * factor
    numbers = scaled / tally.scale
    if tally.scaled is None and factor == 1.0:
        return Tally(method=tally.method, numbers=numbers.astype(tally.numbers.dtype), terms=terms)
    return Tally(
        method=tally.method, numbers=numbers, terms=terms, scaled=scaled, scale=tally.scale
    )


def _choose_groups(term: Term, is_chosen: Bools, factor: float) -> Term:
    members = term.members
    assert isinstance(members, Members) and not callable(term.weight)
    weight = term.weight
    if factor != 1.0:
        weight = np.full(len(members.group), factor) if weight is None else weight * factor
    return replace(term, members=OtherMembers(members, is_chosen), weight=weight)


def scale_figures(tally: Tally, factor: Floats) -> Tally:
    """Each sum times a factor of its group, float64[groups]."""
    terms = tuple(replace(t, weight=_scale_weights(t, factor)) for t in tally.terms)
    return Tally(method="sum", numbers=tally.numbers * factor, terms=terms)


def _scale_weights(term: Term, factor: Floats) -> WeightRule:
    rule = term.weight
    assert callable(rule) or rule is None

    def weigh(group: int, members: Longs) -> Floats:
        weight = np.ones(len(members)) if rule is None else rule(group, members)
        return weight * float(factor[group])

    return weigh


def list_inputs(members: Members, figures: Mapping[str, float]) -> dict[str, Tally]:
    """Figures that a formula computes from the members of one group together."""
    return {name: members.list_inputs(figure) for name, figure in figures.items()}


def make_unknown(groups: int) -> Tally:
    """Figures that the data cannot give, made of nothing."""
    return Tally(method="sum", numbers=np.full(groups, np.nan), terms=())


def add_tallies(first: Tally, second: Tally) -> Tally:
    """The sum of two counts, or of two sums of one scale."""
    terms, known = (*first.terms, *second.terms), _join_known(first, second)
    if first.scaled is None or second.scaled is None:
        return replace(first, numbers=first.numbers + second.numbers, terms=terms, is_known=known)
    scaled = first.scaled + second.scaled
    numbers = scaled / first.scale
    return replace(first, numbers=numbers, scaled=scaled, terms=terms, is_known=known)


def build_columns(tallies: Mapping[str, Tally]) -> dict[str, pl.Series]:
    """The figures of each column, for a frame with one row per group."""
    return {name: tally.to_series().alias(name) for name, tally in tallies.items()}


def read_figures(rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Rows of cells, a tally replaced by its only figure."""
    return [
        {name: cell.get_number() if isinstance(cell, Tally) else cell for name, cell in row.items()}
        for row in rows
    ]


def stack_rows(rows: Sequence[Mapping[str, object]]) -> Tallies:
    """The tallies of an answer whose rows were built one by one, in the order of the rows."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {}
    for name in names:
        cells = [row.get(name) for row in rows]
        tallies = tuple(cell if isinstance(cell, Tally) else None for cell in cells)
        if any(tallies):
            columns[name] = StackedTally(tallies)
    return Tallies(columns)


def _get_exact(tally: Tally) -> Floats:
    exact = tally.numbers if tally.scaled is None else tally.scaled
    return exact.astype(np.float64, copy=False)


def _join_known(first: Tally, second: Tally) -> np.ndarray | None:
    if first.is_known is None or second.is_known is None:
        return second.is_known if first.is_known is None else first.is_known
    return first.is_known & second.is_known
