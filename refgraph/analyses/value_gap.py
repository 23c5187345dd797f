"""Are referred customers worth more than others, everything else equal?"""

from __future__ import annotations

from typing import Literal

from refgraph.analyses.columns import build_frame
from refgraph.analyses.gap_headline import build_headline
from refgraph.analyses.gap_notes import build_notes
from refgraph.analyses.gap_rows import build_row, compute_rows
from refgraph.analyses.recommender_gap import (
    build_recommender_headline,
    build_recommender_notes,
    compare_recommenders,
)
from refgraph.errors import UsageError
from refgraph.measures.customer_size import CustomerSize, read_size
from refgraph.measures.gap_comparison import build_comparison
from refgraph.measures.gap_outcomes import OutcomeName, compute_outcome
from refgraph.model.graph import Graph
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("method", Unit.LABEL, key="gap_method"),
    Column("verdict", Unit.LABEL, key="gap_verdict"),
    Column("gap", Unit.SHARE, "M25", key="value_gap", closed="estimate"),
    Column("gap_low", Unit.SHARE, "M25", key="value_gap_low", closed="estimate"),
    Column("gap_high", Unit.SHARE, "M25", key="value_gap_high", closed="estimate"),
    Column("detectable", Unit.SHARE, "M31", key="gap_detectable", closed="estimate"),
    Column("referred", Unit.COUNT, key="gap_referred", closed="estimate"),
    Column("others", Unit.COUNT, key="gap_others", closed="estimate"),
    Column("trees", Unit.COUNT, key="gap_trees", closed="estimate"),
    Column(
        "effective_trees", Unit.RATIO, key="gap_effective_trees", detail=True, closed="estimate"
    ),
    Column("matched", Unit.SHARE, "M25", key="gap_matched", detail=True, closed="estimate"),
    Column("e_value", Unit.RATIO, "M25", key="gap_e_value", detail=True, closed="estimate"),
    Column(
        "e_value_limit", Unit.RATIO, "M25", key="gap_e_value_limit", detail=True, closed="estimate"
    ),
    Column("unit", Unit.LABEL, key="gap_unit", detail=True),
    Column(
        "difference", Unit.QUANTITY, "M25", key="gap_difference", detail=True, closed="estimate"
    ),
    Column(
        "difference_low",
        Unit.QUANTITY,
        "M25",
        key="gap_difference_low",
        detail=True,
        closed="estimate",
    ),
    Column(
        "difference_high",
        Unit.QUANTITY,
        "M25",
        key="gap_difference_high",
        detail=True,
        closed="estimate",
    ),
    Column(
        "difference_detectable",
        Unit.QUANTITY,
        "M31",
        key="gap_difference_detectable",
        detail=True,
        closed="estimate",
    ),
)

GroupName = Literal["referred", "recommenders"]


@analysis(
    grain="gap-method",
    columns=COLUMNS,
    order=(),
    formulas=("M25", "M26", "M30", "M31"),
)
def value_gap(
    graph: Graph,
    *,
    outcome: OutcomeName = "total",
    size: str | None = None,
    group: GroupName = "referred",
) -> Answer:
    """One row per method: the outcome of referred customers against that of others.

    outcome: value in all, of the first year, profit, profit per revenue, or number of orders.
    size: a column of numbers fixed before the referral; employees, else registered capital, by
    default. gap is a ratio - 1; profit, margin and amounts below 0 have a difference instead.
    Null: no interval for the reason in ``verdict``. group: the referred against others, or
    recommenders after their first referral against others alike (M30; the value in all only).
    Raises UsageError ``size-is-outcome``, ``unknown-size``, ``recommenders-outcome``.
    """
    size_read = read_size(graph, size)
    if group == "recommenders":
        return _compare_recommenders(graph, outcome, size_read)
    outcomes = compute_outcome(graph, outcome)
    data = build_comparison(graph, outcomes, size_read)
    rows = compute_rows(graph, data, by_year=outcome == "total")
    unit = graph.units.get("money", "") if outcome == "profit" else graph.value.unit
    unit = {"margin": "share", "orders": "number"}.get(outcome, unit)
    frame = build_frame([build_row(row, unit) for row in rows], COLUMNS)
    headline = build_headline(graph, outcome, outcomes, data, rows)
    return Answer(frame, headline, tuple(build_notes(graph, outcomes, data, rows, size_read)))


def _compare_recommenders(graph: Graph, outcome: OutcomeName, size: CustomerSize) -> Answer:
    if outcome != "total":
        raise UsageError("recommenders-outcome", outcome=outcome)
    rows = compare_recommenders(graph, size)
    frame = build_frame([build_row(row, graph.value.unit) for row in rows], COLUMNS)
    headline = build_recommender_headline(graph, rows)
    return Answer(frame, headline, tuple(build_recommender_notes(graph, size)))
