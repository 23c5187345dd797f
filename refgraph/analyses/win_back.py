"""Do customers that left come back, from where, and who leads them back?"""

from __future__ import annotations

from typing import Any

import numpy as np

from refgraph.analyses.columns import build_frame, make_empty_frame
from refgraph.estimates.survival import MIN_AT_RISK, compute_event_share, kaplan_meier
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.calendar import YEAR_DAYS, to_day_number
from refgraph.measures.members import list_parties
from refgraph.measures.returns import EXITS, LED, Returns, list_returns
from refgraph.measures.tallies import build_share, read_figures, stack_rows
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("group", Unit.LABEL, key="back_group"),
    Column("left", Unit.COUNT, key="back_left"),
    Column("returned", Unit.COUNT, key="back_returned"),
    Column("left_earlier", Unit.COUNT, key="back_left_earlier"),
    Column("returned_earlier", Unit.COUNT, key="back_returned_earlier"),
    Column("rate", Unit.SHARE, "M63", key="back_rate"),
    Column("rate_low", Unit.SHARE, "M63", key="back_rate_low"),
    Column("rate_high", Unit.SHARE, "M63", key="back_rate_high"),
    *(
        Column(
            f"within_{months}{end}",
            Unit.SHARE,
            "M63",
            key=f"back_within_{months}{end}",
            detail=bool(end),
            inputs=True,
        )
        for months in (12, 24)
        for end in ("", "_low", "_high")
    ),
)
ALL = "exit-all"


@analysis(
    grain="exit",
    columns=COLUMNS,
    order=(),
    formulas=("M63",),
    needs_referrals=False,
)
def win_back(graph: Graph) -> Answer:
    """One row for all that left, one per exit, and one per kind of who led them back.

    A customer is back from its date of returning, else from an order more than 90 days after it
    left. rate: back / left, of those who left at least 12 months ago, with Wilson's interval.
    within_12, within_24: share back within that many months of leaving (Kaplan-Meier), null below
    10 still away then. Of who led them back: whoever referred them between leaving and coming back.
    """
    returns = list_returns(graph)
    if returns is None:
        headline = message("headline.win-back-cannot", standing=as_of_phrase(graph))
        return Answer(make_empty_frame(COLUMNS), headline)
    assert graph.as_of is not None
    last = to_day_number(graph.as_of)
    everyone = np.ones(len(returns.days), np.bool_)
    masks = {ALL: everyone, **{word: (returns.exit == word).to_numpy() for word in EXITS}}
    rows = [
        _build_exit_row(returns, word, mask, last)
        for word, mask in masks.items()
        if word == ALL or mask.any()
    ]
    for word in LED:
        is_led = (returns.led == word).fill_null(False).to_numpy()
        if is_led.any():
            rows.append(_count(returns, word, everyone, is_led, last))
    cells = read_figures(rows)
    frame = build_frame(cells, COLUMNS)
    notes = [message("note.win-back-meaning")]
    if not graph.has("customers.left_to"):
        notes.append(message("note.win-back-no-exit"))
    return Answer(frame, _build_headline(graph, cells[0]), tuple(notes), stack_rows(rows))


def _build_exit_row(returns: Returns, word: str, mask: Bools, last: int) -> dict[str, object]:
    days, has_returned = returns.days[mask], returns.has_returned[mask]
    curve = kaplan_meier(None, days.astype(np.float64), has_returned)
    row = _count(returns, word, mask, returns.has_returned & mask, last)
    for months, years in ((12, 1), (24, 2)):
        share = compute_event_share(curve, YEAR_DAYS * years, MIN_AT_RISK)
        for end, figure in zip(("", "_low", "_high"), share, strict=True):
            row[f"within_{months}{end}"] = list_parties(returns.customer[mask]).list_inputs(figure)
    return row


def _count(returns: Returns, word: str, away: Bools, back: Bools, last: int) -> dict[str, object]:
    """Who left and who came back, and the rate of those who left a year ago or earlier."""
    is_earlier, members = returns.left <= last - YEAR_DAYS, list_parties(returns.customer)
    left, returned = members.count(away & is_earlier), members.count(back & is_earlier)
    return {
        "group": word,
        "left": members.count(away),
        "returned": members.count(back),
        "left_earlier": left,
        "returned_earlier": returned,
        **build_share(returned, left, "rate"),
    }


def _build_headline(graph: Graph, row: dict[str, Any]) -> Message:
    return message(
        "headline.win-back",
        left=row["left"],
        returned=row["returned"],
        earlier=row["left_earlier"],
        rate=_describe_share(row, "rate"),
        by12=_describe_share(row, "within_12"),
        by24=_describe_share(row, "within_24"),
        standing=as_of_phrase(graph),
    )


def _describe_share(row: dict[str, Any], name: str) -> Message:
    """A share with its interval, where it has one."""
    share, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if share is None:
        return message("phrase.share-unknown")
    if low is None:
        return message("phrase.share-bare", share=share)
    return message("phrase.share-known", share=share, low=low, high=high)
