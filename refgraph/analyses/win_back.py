"""Do customers that left come back, from where, and who leads them back?"""

from __future__ import annotations

import math

import numpy as np

from refgraph.analyses.columns import build_frame, make_empty_frame
from refgraph.estimates.proportion import wilson
from refgraph.estimates.survival import MIN_AT_RISK, compute_event_share, kaplan_meier
from refgraph.graph.phrases import as_of_phrase
from refgraph.measures.calendar import YEAR_DAYS, to_day_number
from refgraph.measures.returns import EXITS, LED, Returns, list_returns
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
    Column("within_12", Unit.SHARE, "M63", key="back_within_12"),
    Column("within_12_low", Unit.SHARE, "M63", key="back_within_12_low", detail=True),
    Column("within_12_high", Unit.SHARE, "M63", key="back_within_12_high", detail=True),
    Column("within_24", Unit.SHARE, "M63", key="back_within_24"),
    Column("within_24_low", Unit.SHARE, "M63", key="back_within_24_low", detail=True),
    Column("within_24_high", Unit.SHARE, "M63", key="back_within_24_high", detail=True),
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
    rows = [_build_exit_row(returns, ALL, everyone, last)]
    for word in EXITS:
        mask = (returns.exit == word).to_numpy()
        if mask.any():
            rows.append(_build_exit_row(returns, word, mask, last))
    rows += [row for word in LED if (row := _build_led_row(returns, word, last))["returned"]]
    frame = build_frame(rows, COLUMNS)
    notes = [message("note.win-back-meaning")]
    if not graph.has("customers.left_to"):
        notes.append(message("note.win-back-no-exit"))
    return Answer(frame, _build_headline(graph, rows[0]), tuple(notes))


def _build_exit_row(returns: Returns, word: str, mask: Bools, last: int) -> dict[str, object]:
    days, has_returned = returns.days[mask], returns.has_returned[mask]
    curve = kaplan_meier(None, days.astype(np.float64), has_returned)
    row = _count(returns, word, mask, returns.has_returned & mask, last)
    for months, years in ((12, 1), (24, 2)):
        share = compute_event_share(curve, YEAR_DAYS * years, MIN_AT_RISK)
        names = (f"within_{months}", f"within_{months}_low", f"within_{months}_high")
        row |= dict(zip(names, share, strict=True))
    return row


def _build_led_row(returns: Returns, word: str, last: int) -> dict[str, object]:
    """Those led back by one kind, out of all that left."""
    everyone = np.ones(len(returns.days), np.bool_)
    is_led = (returns.led == word).fill_null(False).to_numpy()
    return _count(returns, word, everyone, is_led, last)


def _count(returns: Returns, word: str, away: Bools, back: Bools, last: int) -> dict[str, object]:
    """Who left and who came back, and the rate of those who left a year ago or earlier."""
    is_earlier = returns.left <= last - YEAR_DAYS
    left, returned = int((away & is_earlier).sum()), int((back & is_earlier).sum())
    low, high = wilson(returned, left)
    return {
        "group": word,
        "left": int(away.sum()),
        "returned": int(back.sum()),
        "left_earlier": left,
        "returned_earlier": returned,
        "rate": returned / left if left else math.nan,
        "rate_low": low,
        "rate_high": high,
    }


def _build_headline(graph: Graph, row: dict[str, object]) -> Message:
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


def _describe_share(row: dict[str, object], name: str) -> Message:
    """A share with its interval, where it has one."""
    share, low, high = (float(str(row[f"{name}{end}"])) for end in ("", "_low", "_high"))
    if math.isnan(share):
        return message("phrase.share-unknown")
    if math.isnan(low):
        return message("phrase.share-bare", share=share)
    return message("phrase.share-known", share=share, low=low, high=high)
