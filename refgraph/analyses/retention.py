"""Do referred customers stay longer, and what happens when their referrer leaves?"""

from __future__ import annotations

from typing import Literal

from refgraph.analyses.columns import build_frame, make_empty_frame
from refgraph.analyses.hazard_columns import TREE_COLUMNS, list_hazard_columns
from refgraph.analyses.recommender_gap import build_recommender_notes
from refgraph.analyses.recommender_retention import (
    build_staying_headline,
    build_staying_rows,
    compare_staying,
)
from refgraph.analyses.retention_headline import (
    build_headline,
    build_refusal,
    find_refusal,
)
from refgraph.analyses.retention_notes import build_notes
from refgraph.analyses.retention_rows import RetentionRow, compute_rows
from refgraph.estimates.survival import MIN_AT_RISK, tabulate_event_share
from refgraph.measures.calendar import YEAR
from refgraph.measures.customer_size import read_size
from refgraph.measures.retention_spells import build_spells
from refgraph.measures.spans import tally_at_risk
from refgraph.measures.tallies import compute_ratio, list_inputs, read_figures, stack_rows
from refgraph.model.graph import Graph
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("state", Unit.LABEL, key="stay_state"),
    Column("against", Unit.LABEL, key="stay_against"),
    *list_hazard_columns("M27"),
    Column("stay_1", Unit.SHARE, "M27", inputs=True),
    Column("stay_3", Unit.SHARE, "M27", inputs=True),
    Column("stay_5", Unit.SHARE, "M27", inputs=True),
    *TREE_COLUMNS,
    Column("years", Unit.RATIO, key="curve_years", asked="curve", closed="scale"),
    Column("at_risk", Unit.COUNT, "M27", key="curve_at_risk", asked="curve"),
    *(
        Column(name, Unit.SHARE, "M27", key=f"curve_{name}", asked="curve", inputs=True)
        for name in ("staying", "staying_low", "staying_high")
    ),
)
GroupName = Literal["referred", "recommenders"]
CURVE_STEP = 0.25
"""Years between two points of the curve."""


@analysis(
    grain="stay-state",
    columns=COLUMNS,
    order=(),
    formulas=("M27", "M30"),
    key=("state", "against"),
)
def retention(
    graph: Graph, *, size: str | None = None, curve: bool = False, group: GroupName = "referred"
) -> Answer:
    """One row per state of a customer, compared with another: how fast customers leave in it.

    States: not referred; the referrer is a customer; it will leave within 12 months; it has left,
    by months since. hazard_ratio: rate of leaving / rate in ``against``, at one size and joining
    year. loss_rate: leavers per customer-year. stay_k: share still there after k years
    (Kaplan-Meier). size: as in `value-gap`. Null: the reason is in ``verdict``, or fewer than 10
    were observed. curve: one row per quarter of a year since joining and state, with the figures of
    the state repeated. group: the referred, or recommenders in the 12 months after the quarter of
    their first referral against similar others (M30); hazard_ratio is then that of the chances.
    Raises UsageError ``size-is-outcome``, ``unknown-size``.
    """
    columns = [c for c in COLUMNS if curve or not c.asked]
    size_read = read_size(graph, size)
    if group == "recommenders":
        found = compare_staying(graph, size_read)
        cells = build_staying_rows(found)
        frame, headline = (
            build_frame(read_figures(cells), columns),
            build_staying_headline(graph, found),
        )
        notes = build_recommender_notes(graph, size_read)
        return Answer(frame, headline, tuple(notes), stack_rows(cells))
    spells = build_spells(graph, size_read)
    refusal = find_refusal(graph, spells)
    if refusal or spells is None:
        return Answer(make_empty_frame(columns), build_refusal(graph, refusal))
    rows = compute_rows(spells)
    shown = [_build_row(row) | point for row in rows for point in _list_points(row, curve)]
    frame = build_frame(read_figures(shown), columns)
    notes = build_notes(graph, spells, size_read)
    headline = build_headline(graph, spells, rows)
    return Answer(frame, headline, tuple(notes), stack_rows(shown))


def _list_points(row: RetentionRow, with_curve: bool) -> list[dict[str, object]]:
    """The curve of a state as further columns: one empty point without a curve."""
    if not with_curve or row.curve is None:
        return [{}]
    points: list[dict[str, object]] = []
    step, customer = CURVE_STEP * YEAR, row.inside.get_rows(row.inside.list_members(0))
    for time, at_risk, left, low, high in tabulate_event_share(row.curve, step, MIN_AT_RISK):
        shares = {"staying": left, "staying_low": high, "staying_high": low}
        points.append(
            {
                "years": round(time / YEAR, 2),
                "at_risk": tally_at_risk(customer, row.curve, time, at_risk),
                **list_inputs(row.inside, {name: 1.0 - share for name, share in shares.items()}),
            }
        )
    return points or [{}]


def _build_row(row: RetentionRow) -> dict[str, object]:
    stay = {f"stay_{k}": share for k, share in zip((1, 3, 5), row.stay, strict=True)}
    return {
        "state": row.state,
        "against": row.against or "none",
        "verdict": row.verdict,
        "customers": row.customers,
        "leavers": row.leavers,
        "loss_rate": compute_ratio(row.leavers, row.years),
        **list_inputs(row.inside, stay),
        **row.hazard,
    }
