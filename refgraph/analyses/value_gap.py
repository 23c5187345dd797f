"""Are referred customers worth more than others, everything else equal?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from refgraph.analyses.columns import build_frame
from refgraph.analyses.gap_headline import build_headline
from refgraph.analyses.gap_notes import build_notes
from refgraph.analyses.gap_rows import GapRow, build_row, compute_rows
from refgraph.analyses.recommender_gap import (
    build_recommender_headline,
    build_recommender_notes,
    compare_recommenders,
)
from refgraph.errors import UsageError
from refgraph.measures.customer_size import CustomerSize, read_size
from refgraph.measures.gap_comparison import build_comparison
from refgraph.measures.gap_outcomes import OutcomeName, compute_outcome
from refgraph.measures.tallies import read_figures, stack_rows
from refgraph.model.graph import Graph
from refgraph.model.message import Message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("method", Unit.LABEL, key="gap_method"),
    Column("verdict", Unit.LABEL, key="gap_verdict"),
    Column("gap", Unit.SHARE, "M25", key="value_gap", inputs=True),
    Column("gap_low", Unit.SHARE, "M25", key="value_gap_low", inputs=True),
    Column("gap_high", Unit.SHARE, "M25", key="value_gap_high", inputs=True),
    Column("detectable", Unit.SHARE, "M31", key="gap_detectable", inputs=True),
    Column("referred", Unit.COUNT, key="gap_referred"),
    Column("others", Unit.COUNT, key="gap_others"),
    Column("trees", Unit.COUNT, key="gap_trees"),
    Column("effective_trees", Unit.RATIO, key="gap_effective_trees", detail=True, inputs=True),
    Column("matched", Unit.SHARE, "M25", key="gap_matched", detail=True, inputs=True),
    Column("e_value", Unit.RATIO, "M25", key="gap_e_value", detail=True, inputs=True),
    Column("e_value_limit", Unit.RATIO, "M25", key="gap_e_value_limit", detail=True, inputs=True),
    Column("unit", Unit.LABEL, key="gap_unit", detail=True),
    *(
        Column(name, Unit.QUANTITY, formula, key=f"gap_{name}", detail=True, inputs=True)
        for name, formula in (
            ("difference", "M25"),
            ("difference_low", "M25"),
            ("difference_high", "M25"),
            ("difference_detectable", "M31"),
        )
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
    headline = build_headline(graph, outcome, outcomes, data, rows)
    notes = build_notes(graph, outcomes, data, rows, size_read)
    return _build_answer(rows, unit, headline, notes)


def _compare_recommenders(graph: Graph, outcome: OutcomeName, size: CustomerSize) -> Answer:
    if outcome != "total":
        raise UsageError("recommenders-outcome", outcome=outcome)
    rows = compare_recommenders(graph, size)
    headline = build_recommender_headline(graph, rows)
    return _build_answer(rows, graph.value.unit, headline, build_recommender_notes(graph, size))


def _build_answer(
    rows: Sequence[GapRow], unit: str, headline: Message, notes: Sequence[Message]
) -> Answer:
    cells = [build_row(row, unit) for row in rows]
    return Answer(build_frame(read_figures(cells), COLUMNS), headline, (*notes,), stack_rows(cells))
