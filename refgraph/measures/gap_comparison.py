"""Who is compared: referred customers and others, with their size, sector, year and tree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.estimates.comparison import Comparison, pool_levels
from refgraph.measures.calendar import MAX_DAY, MIN_DAY, compute_membership, to_day_number
from refgraph.measures.components import label_components
from refgraph.measures.customer_size import CustomerSize
from refgraph.measures.gap_outcomes import Outcome
from refgraph.measures.groups import group_parties, merge_small_groups
from refgraph.measures.referral_status import mark_arcs_of_kinds, referred_by_unknown
from refgraph.model.graph import Bools, Floats, Graph, Longs


@dataclass(frozen=True, eq=False, kw_only=True)
class GapData:
    """The customers compared.

    everyone: all of them, without size. sized: those of known size, with their groups; None if the
    size does not allow a comparison. rows: int64, the parties of ``sized`` (of ``everyone`` without
    it). late: customers left out because every referral of them is dated after they joined.
    unsized: customers of unknown size. size_reason: why ``sized`` is None, else empty.
    """

    everyone: Comparison
    sized: Comparison | None
    rows: Longs
    late: int
    unsized: int
    size_reason: str


@dataclass(frozen=True, eq=False)
class ReferredStatus:
    """is_referred: bool[n], by a referral not later than joining, or by an unknown party.
    is_late: bool[n], only by later ones.
    """

    is_referred: Bools
    is_late: Bools


def classify_referred(graph: Graph) -> ReferredStatus:
    """Who was referred before joining; an undated referral, or joining date, is never late."""
    kinds = ("customer", *graph.scope.count)
    arcs = graph.arcs.filter(pl.Series(mark_arcs_of_kinds(graph, kinds), dtype=pl.Boolean))
    is_late_arc = (arcs["at"] > graph.parties["since"].gather(arcs["referred"])).fill_null(False)
    has_arc, is_referred = np.zeros(len(graph), np.bool_), np.zeros(len(graph), np.bool_)
    has_arc[arcs["referred"].to_numpy()] = True
    is_referred[arcs["referred"].filter(~is_late_arc).to_numpy()] = True
    is_referred |= referred_by_unknown(graph, kinds)
    return ReferredStatus(is_referred, has_arc & ~is_referred)


def overlaps_window(graph: Graph) -> Bools:
    """bool[n]: whether the relation overlaps the dates of the orders; all without such dates."""
    membership = compute_membership(graph)
    since, until = graph.value.since, graph.value.until
    first = to_day_number(since) if since else MIN_DAY
    last = to_day_number(until) if until else MAX_DAY
    return (membership.joined <= last) & (membership.left > first)


def build_comparison(graph: Graph, outcome: Outcome, size: CustomerSize) -> GapData:
    """Referred customers and others, existing and former, whose relation overlaps the orders."""
    status = classify_referred(graph)
    is_customer = graph.customers & outcome.is_usable & overlaps_window(graph)
    rows = np.flatnonzero(is_customer & ~status.is_late)
    everyone = _compare(graph, outcome, status.is_referred, rows, None)
    is_sized = ~np.isnan(size.log)
    sized_rows = rows[is_sized[rows]]
    reason = _find_size_reason(size, sized_rows, status.is_referred)
    sized = None if reason else _compare(graph, outcome, status.is_referred, sized_rows, size.log)
    return GapData(
        everyone=everyone,
        sized=sized,
        rows=sized_rows if sized else rows,
        late=int((is_customer & status.is_late).sum()),
        unsized=len(rows) - len(sized_rows),
        size_reason=reason,
    )


def _find_size_reason(size: CustomerSize, rows: Longs, is_referred: Bools) -> str:
    """Why customers of one size cannot be compared; empty if they can."""
    if not size.name:
        return "no-size"
    hits = int(is_referred[rows].sum())
    if not hits or hits == len(rows):
        return "size-missing"
    numbers = size.log[rows]
    return "size-constant" if float(numbers.max()) - float(numbers.min()) < 1e-9 else ""


def _compare(
    graph: Graph, outcome: Outcome, is_referred: Bools, rows: Longs, size: Floats | None
) -> Comparison:
    referred = is_referred[rows]
    return Comparison(
        y=outcome.y[rows],
        referred=referred,
        size=None if size is None else size[rows],
        factors=tuple(list_factors(graph, rows, referred)) if size is not None else (),
        cluster=label_components(graph)[rows].astype(np.int64),
        scale="difference" if outcome.is_linear else "ratio",
        weight=None if outcome.weight is None else outcome.weight[rows],
        party=rows,
    )


def list_factors(
    graph: Graph, rows: Longs, referred: Bools, *, with_years: bool = True
) -> list[Longs]:
    """The sector and the year of joining of some parties, where the data has them, pooled."""
    factors = []
    if graph.has("customers.sector"):
        words = merge_small_groups(group_parties(graph, "sector").gather(rows))
        sector = words.rank("dense").cast(pl.Int64).to_numpy() - 1
        factors.append(pool_levels(sector, referred, ordered=False) + 1)
    years = graph.parties["since"].gather(rows).dt.year().cast(pl.Int64)
    if with_years and years.null_count() < len(years):
        factors.append(_pool_years(years, referred))
    return factors


def _pool_years(years: pl.Series, referred: Bools) -> Longs:
    """Bands of years of joining, from 1; 0 = not recorded."""
    is_known = years.is_not_null().to_numpy()
    first = years.min()
    assert isinstance(first, int)
    offset = years.fill_null(first).to_numpy() - first
    band = np.zeros(len(years), np.int64)
    band[is_known] = 1 + pool_levels(offset[is_known], referred[is_known], ordered=True)
    return band
