"""Does a referral pay? Value, staying and leaving summed up in at most six sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from refgraph.analyses.at_risk import at_risk
from refgraph.analyses.churn import REFERRER, churn
from refgraph.analyses.columns import build_frame
from refgraph.analyses.gap_headline import MAIN_METHODS
from refgraph.analyses.payoff_sentences import build_headline
from refgraph.analyses.retention import retention
from refgraph.analyses.value_gap import value_gap
from refgraph.model.graph import Graph
from refgraph.model.message import message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("question", Unit.LABEL, key="pay_question"),
    Column("answer", Unit.LABEL, key="pay_answer"),
    Column("ratio", Unit.RATIO, key="pay_ratio", closed="elsewhere"),
    Column("ratio_low", Unit.RATIO, key="pay_ratio_low", closed="elsewhere"),
    Column("ratio_high", Unit.RATIO, key="pay_ratio_high", closed="elsewhere"),
    Column("detectable", Unit.RATIO, "M31", key="pay_detectable", closed="elsewhere"),
)
Row = Mapping[str, Any]


@analysis(
    grain="pay-question",
    columns=COLUMNS,
    order=(),
    formulas=("M25", "M27", "M30", "M51"),
)
def payoff(graph: Graph) -> Answer:
    """Four questions, each answered by its analysis with the defaults: are the referred worth more
    (`value-gap`), do they stay while their referrer does (`retention`), do they leave after it
    (`churn`), and does referring change the recommender (`value-gap --group recommenders`).

    ratio: worth, or rate of leaving, / that of the others compared; of `churn` the upper end of the
    range, with the interval of the lower end below it. Null: the reason is in ``answer``.
    """
    worth = find_worth(value_gap(graph).frame)
    stay = _find(retention(graph).frame, state="stay-active", against="stay-others")
    follow = find_following(churn(graph).frame)
    recommender = find_recommender(value_gap(graph, group="recommenders").frame)
    risk = at_risk(graph).headline
    rows = {"worth": worth, "stay": stay, "follow": follow, "recommender": recommender}
    cells = [{"question": f"pay-{name}", **_build_row(row)} for name, row in rows.items()]
    headline = build_headline(graph, rows, risk)
    return Answer(build_frame(cells, COLUMNS), headline, (message("note.payoff-details"),))


def find_worth(frame: pl.DataFrame) -> Row:
    """The row of the adjusted gap, with a spline if there is one, else the reason for none."""
    rows = [_find(frame, method=method) for method in MAIN_METHODS]
    return next((row for row in rows if _has_number(row)), rows[-1])


def find_following(frame: pl.DataFrame) -> Row:
    """After the referrer left: the range, given only if its lower end is clear."""
    lower = _find(frame, neighbor=REFERRER, state="near-gone", against="near-lead")
    upper = _find(frame, neighbor=REFERRER, state="near-gone", against="near-active")
    placebo = _find(frame, neighbor=REFERRER, state="near-lead", against="near-active")
    refused = next((row for row in (lower, upper, placebo) if not _has_number(row)), None)
    if refused is not None:
        return refused
    is_clear = lower["hazard_ratio_low"] > 1.0
    return {
        "verdict": "gap-higher" if is_clear else "gap-unknown",
        "hazard_ratio": upper["hazard_ratio"],
        "hazard_ratio_low": min(lower["hazard_ratio"], upper["hazard_ratio_low"]),
        "hazard_ratio_high": upper["hazard_ratio_high"],
        "trees": upper["trees"],
    }


def find_recommender(frame: pl.DataFrame) -> Row:
    """After the first referral, unless recommenders differed already before it."""
    main = _find(frame, method="gap-recommending")
    placebo = _find(frame, method="gap-placebo")
    refused = next((row for row in (main, placebo) if row and not _has_number(row)), None)
    if refused is not None:
        return {"verdict": refused["verdict"]}
    if placebo and placebo["verdict"] != "gap-unknown":
        return {"verdict": "pay-before"}
    return main


def _find(frame: pl.DataFrame, **values: str) -> dict[str, Any]:
    """The row with these values; empty without one."""
    rows = frame.filter(*(pl.col(name) == value for name, value in values.items()))
    return rows.row(0, named=True) if rows.height else {}


def _has_number(row: Row) -> bool:
    return bool(row) and row["verdict"] in ("gap-higher", "gap-lower", "gap-unknown")


def _build_row(row: Row) -> dict[str, object]:
    """The verdict and the ratio with its ends; an answer without rows is not recorded."""
    cells: dict[str, object] = {"answer": row["verdict"] if row else "not_recorded"}
    for end in ("", "_low", "_high"):
        gap, ratio = row.get(f"gap{end}"), row.get(f"hazard_ratio{end}")
        cells[f"ratio{end}"] = ratio if gap is None else 1.0 + gap
    detectable = row.get("detectable")
    return cells | {"detectable": None if detectable is None else 1.0 + detectable}
