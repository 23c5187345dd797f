"""Does leaving follow leaving, from the referrer to the referred and the other way round?"""

from __future__ import annotations

from refgraph.analyses.churn_headline import build_headline, find_refusal
from refgraph.analyses.churn_notes import build_notes
from refgraph.analyses.columns import build_frame, make_empty_frame
from refgraph.analyses.hazard_columns import TREE_COLUMNS, list_hazard_columns
from refgraph.analyses.retention_rows import CONTRASTS, RetentionRow, compute_rows
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.customer_size import read_size
from refgraph.measures.recommender_spells import build_recommender_spells
from refgraph.measures.retention_spells import ACTIVE, build_spells
from refgraph.measures.tallies import compute_ratio, read_figures, stack_rows
from refgraph.model.graph import Graph
from refgraph.model.message import message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("neighbor", Unit.LABEL, key="churn_neighbor"),
    Column("state", Unit.LABEL, key="churn_state"),
    Column("against", Unit.LABEL, key="churn_against"),
    *list_hazard_columns("M51"),
    *TREE_COLUMNS,
)
CHURN_CONTRASTS = CONTRASTS[1:]
"""Will leave / is there (the placebo), has left / will leave, has left / is there, by months."""
REFERRER, REFERRED = "churn-referrer", "churn-referred"


@analysis(
    grain="churn-state",
    columns=COLUMNS,
    order=(),
    formulas=("M51",),
    key=("neighbor", "state", "against"),
)
def churn(graph: Graph, *, size: str | None = None) -> Answer:
    """How fast customers leave after a neighbor left, against before; both ways along referrals.

    neighbor: ``churn-referrer``, the referred after their referrer left; ``churn-referred``,
    recommenders after a customer that they referred left. hazard_ratio: rate of leaving in
    ``state`` / rate in ``against``, at one size and joining year; its range from the year before
    the leaving (lower) to the time before that (upper). loss_rate: leavers per customer-year.
    size: as in `value-gap`. Null: the reason is in ``verdict``. Raises UsageError
    ``size-is-outcome``, ``unknown-size``.
    """
    size_read = read_size(graph, size)
    spells = build_spells(graph, size_read)
    refusal = find_refusal(graph, spells)
    if refusal or spells is None:
        why = message(f"phrase.unfollowed-{refusal}")
        headline = message("headline.churn-cannot", reason=why, standing=as_of_phrase(graph))
        return Answer(make_empty_frame(COLUMNS), headline)
    up = build_recommender_spells(graph, size_read)
    assert up is not None
    rows = {
        REFERRER: compute_rows(spells, ACTIVE, CHURN_CONTRASTS),
        REFERRED: compute_rows(up, ACTIVE, CHURN_CONTRASTS),
    }
    cells = [_build_row(neighbor, row) for neighbor, part in rows.items() for row in part]
    frame = build_frame(read_figures(cells), COLUMNS)
    headline = build_headline(graph, {REFERRER: spells, REFERRED: up}, rows)
    notes = tuple(build_notes(graph, spells, size_read))
    return Answer(frame, headline, notes, stack_rows(cells))


def _build_row(neighbor: str, row: RetentionRow) -> dict[str, object]:
    state, against = (word.replace("stay-", "near-", 1) for word in (row.state, row.against))
    cells: dict[str, object] = {"neighbor": neighbor, "state": state, "against": against or "none"}
    cells["loss_rate"] = compute_ratio(row.leavers, row.years)
    return cells | {
        "verdict": row.verdict,
        "customers": row.customers,
        "leavers": row.leavers,
        **row.hazard,
    }
