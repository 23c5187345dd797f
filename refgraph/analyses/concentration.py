"""How concentrated are value and, separately, recommending on few customers?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from refgraph.analyses.columns import build_frame
from refgraph.estimates import concentration as estimates
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.conversion import tally_referrals
from refgraph.measures.members import number_parties, select_members
from refgraph.measures.reach_and_credit import tally_direct_value
from refgraph.measures.tallies import (
    add_tallies,
    compute_ratio,
    measure_value,
    read_figures,
    stack_rows,
    sum_groups,
)
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tally
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("measure", Unit.LABEL, key="concentration_measure"),
    Column("parties", Unit.COUNT, key="measured_parties"),
    Column("value", Unit.VALUE, key="measured_value"),
    Column("direct", Unit.COUNT, key="measured_referrals", detail=True),
    Column("top_20", Unit.SHARE, "M10"),
    Column("brings_80", Unit.SHARE, "M10", inputs=True),
    Column("gini", Unit.RATIO, "M10", inputs=True),
    Column("cr_1", Unit.SHARE, "M10"),
    Column("cr_3", Unit.SHARE, "M10"),
    Column("cr_10", Unit.SHARE, "M10", detail=True),
    Column("losers", Unit.COUNT, "M10", detail=True),
    Column("losses", Unit.VALUE, "M10", detail=True),
    Column("top", Unit.SHARE, "M10", key="whale_top", asked="curve", closed="scale"),
    Column("part", Unit.SHARE, "M10", key="whale_part", asked="curve"),
)
CURVE_STEPS = 20
TOP = 0.2
MIN_PARTIES = 5
"""Of fewer parties the top 20 % is less than one of them."""
SMALL_GROUP = 20
"""Up to this many parties, a note states the highest possible Gini coefficient."""


@analysis(grain="measure", columns=COLUMNS, needs_referrals=False, order=(), formulas=("M10",))
def concentration(graph: Graph, *, curve: bool = False) -> Answer:
    """Own value over existing customers; direct value and number of referred over recommenders.

    top_20: share of the total that the top 20 % account for. brings_80: smallest share of the
    parties that accounts for 80 %; both null below 5 parties. cr_k: share of the top k. All null
    for a total of 0 or less. gini: over values of 0 and above; losers and losses count the others.
    curve: one row per 5 % of the parties, best first (whale curve), with the figures of the measure
    repeated.
    """
    columns = [c for c in COLUMNS if curve or not c.asked]
    rows: list[dict[str, object]] = []
    for name, tally, is_measured in _list_measures(graph):
        row = _build_row(name, tally, is_measured)
        rows += [row | x for x in _list_curve_points(tally, is_measured)] if curve else [row]
    frame, opened = build_frame(read_figures(rows), columns), stack_rows(rows)
    notes = tuple(_build_notes(graph, frame))
    return Answer(frame, _build_headline(graph, frame), notes, opened)


def _list_measures(graph: Graph) -> Iterator[tuple[str, Tally, Bools]]:
    """Name, tally by party, and the parties measured; value only if one is recorded."""
    is_recommender = graph.out_degree > 0
    if graph.value.basis != "customers":
        yield "own-value", number_parties(len(graph)).add_up(measure_value(graph)), graph.existing
        if graph.has_referral_data:
            yield "direct-value", tally_direct_value(graph), is_recommender
    if graph.has_referral_data:
        yield "referred-parties", tally_referrals(graph), is_recommender


def _build_row(name: str, tally: Tally, is_measured: Bools) -> dict[str, object]:
    numbers = tally.numbers[is_measured].astype(np.float64)
    is_count = name == "referred-parties"
    is_enough = len(numbers) >= MIN_PARTIES
    total = sum_groups(tally, is_measured)
    is_loser = is_measured & (tally.numbers < 0)
    members = select_members("customers", is_measured)
    return {
        "measure": name,
        "parties": members.count(),
        "value": None if is_count else total,
        "direct": total if is_count else None,
        "top_20": _tally_top(tally, is_measured, TOP * len(numbers), total) if is_enough else None,
        "brings_80": members.list_inputs(
            estimates.smallest_share_for(numbers) if is_enough else np.nan
        ),
        "gini": members.list_inputs(estimates.gini(numbers)),
        **{f"cr_{k}": _tally_top(tally, is_measured, k, total) for k in (1, 3, 10)},
        "losers": members.count(is_loser),
        "losses": None if is_count else sum_groups(tally, is_loser),
    }


def _tally_top(tally: Tally, is_measured: Bools, top: float, total: Tally) -> Tally:
    """The share of the largest ``top`` parties in the total; perhaps only a part of the last."""
    place = np.flatnonzero(is_measured)
    order = place[np.argsort(-tally.numbers[place], kind="stable")]
    whole = min(int(top), len(order))
    is_top, is_next = (np.zeros(len(tally.numbers), np.bool_) for _ in range(2))
    is_top[order[:whole]] = True
    is_next[order[whole : whole + 1]] = True
    part = sum_groups(tally, is_top)
    if top > whole and is_next.any():
        part = add_tallies(part, sum_groups(tally, is_next, top - whole))
    return compute_ratio(part, total)


def _list_curve_points(tally: Tally, is_measured: Bools) -> Iterator[dict[str, object]]:
    """Points of the whale curve: share of the parties, and their share of the total."""
    numbers, total = tally.numbers[is_measured], sum_groups(tally, is_measured)
    if not len(numbers):
        return
    share, part = estimates.whale_curve(numbers)
    for step in range(CURVE_STEPS + 1):
        top = step / CURVE_STEPS
        opened = _tally_top(tally, is_measured, top * len(numbers), total)
        height = np.array([float(np.interp(top, share, part))])
        yield {"top": top, "part": replace(opened, numbers=height)}


def _build_headline(graph: Graph, frame: pl.DataFrame) -> Message:
    rows = {row["measure"]: row for row in frame.iter_rows(named=True)}
    recommending = rows.get("direct-value", rows.get("referred-parties"))
    return message(
        "headline.concentration",
        head=_describe_own_value(graph, rows.get("own-value")),
        rest=_describe_recommending(recommending),
        basis=value_basis_phrase(graph),
        standing=as_of_phrase(graph),
    )


def _describe_own_value(graph: Graph, row: dict[str, Any] | None) -> Message:
    if row is None:
        return message("phrase.concentration-unknown")
    if row["cr_1"] is None:
        return message("phrase.concentration-undefined")
    if row["top_20"] is None:
        return message(
            "phrase.concentration-own-few",
            customers=row["parties"],
            share=row["cr_1"],
            value=graph.value.amount(row["value"]),
        )
    return message(
        "phrase.concentration-own",
        customers=row["parties"],
        share=row["top_20"],
        brings=row["brings_80"],
        gini=row["gini"],
        value=graph.value.amount(row["value"]),
    )


def _describe_recommending(row: dict[str, Any] | None) -> Message:
    if row is None or row["cr_1"] is None:
        return message("phrase.concentration-nobody")
    suffix = "-count" if row["measure"] == "referred-parties" else ""
    share = row["top_20"]
    if share is None:
        suffix, share = f"-few{suffix}", row["cr_1"]
    return message(
        f"phrase.concentration-brought{suffix}", recommenders=row["parties"], share=share
    )


def _build_notes(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    notes = []
    has_losses = (pl.col("measure") == "own-value") & (pl.col("losers") > 0)
    own_value = frame.filter(has_losses).head(1)
    for customers, losses in own_value.select("losers", "losses").iter_rows():
        notes += [message("note.losses", customers=customers, losses=graph.value.amount(losses))]
    if frame["cr_1"].null_count():
        notes.append(message("note.concentration-undefined"))
    if frame["top_20"].is_null().any() and frame["cr_1"].is_not_null().any():
        notes.append(message("note.concentration-few", parties=MIN_PARTIES))
    small = frame.filter(pl.col("gini").is_not_null() & (pl.col("parties") <= SMALL_GROUP))
    if small.height:
        least = int(small["parties"].to_numpy().min())
        limit = (least - 1) / least
        notes.append(message("note.gini-small", parties=least, limit=limit))
    return notes
