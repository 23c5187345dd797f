"""How many customers came by referral, by which referrers, and how certain is that number?"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from refgraph.analyses.claimed_share import CLAIMED
from refgraph.analyses.columns import build_frame
from refgraph.analyses.effect_notes import build_notes
from refgraph.estimates.ratio import compute_ratio_interval
from refgraph.graph.phrases import as_of_phrase, value_basis_phrase
from refgraph.measures.components import label_components
from refgraph.measures.members import Members, select_members
from refgraph.measures.referral_status import (
    DEFINITIONS,
    compute_share_bounds,
    is_referred,
    is_undetermined,
    mark_arcs_of_kinds,
)
from refgraph.measures.referrer_mix import (
    REFERRER_MIXES,
    classify_referrer_mix,
    is_referrer_mix_known,
)
from refgraph.measures.tallies import (
    build_share,
    compute_ratio,
    list_inputs,
    measure_value,
    read_figures,
    stack_rows,
)
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.tally import Tally
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("definition", Unit.LABEL, "M11"),
    Column("customers", Unit.COUNT),
    Column("referred", Unit.COUNT, "M1"),
    Column("share", Unit.SHARE, "M1"),
    Column("share_low", Unit.SHARE, "M1"),
    Column("share_high", Unit.SHARE, "M1"),
    Column("key_only", Unit.COUNT, detail=True),
    Column("old_only", Unit.COUNT, detail=True),
    Column("both", Unit.COUNT, detail=True),
    Column("neither", Unit.COUNT, detail=True),
    Column("unknown", Unit.COUNT, "M2", detail=True),
    Column("bound_low", Unit.SHARE, "M2"),
    Column("bound_high", Unit.SHARE, "M2"),
    Column("value", Unit.VALUE, detail=True),
    Column("referred_value", Unit.VALUE, detail=True),
    Column("value_share", Unit.SHARE, "M1"),
    Column("value_share_low", Unit.SHARE, "M1", detail=True, inputs=True),
    Column("value_share_high", Unit.SHARE, "M1", detail=True, inputs=True),
    Column("paid", Unit.COUNT, detail=True),
    Column("unpaid", Unit.COUNT, detail=True),
)


@analysis(
    grain="definition",
    columns=COLUMNS,
    order=(),
    formulas=("M1", "M2", "M11"),
    variants=(CLAIMED,),
)
def effect(graph: Graph) -> Answer:
    """Referral share M1 = R/n of existing customers; one row per definition of R.

    R counts customers referred by customers; + by staff; + by partners. The share has Wilson's
    interval, and bounds M2 if sources are missing; the share of value one by CR2 over trees, null
    below 3 degrees of freedom. key_only + old_only + both + neither = R.
    paid, unpaid: referrals of customers in R with a reward above 0, and of 0.
    """
    rows = [_build_row(graph, name, kinds) for name, kinds in DEFINITIONS.items()]
    frame = build_frame(read_figures(rows), COLUMNS)
    notes = tuple(build_notes(graph, frame))
    return Answer(frame, _build_headline(graph, frame), notes, stack_rows(rows))


def _build_row(graph: Graph, name: str, kinds: tuple[str, ...]) -> dict[str, object]:
    is_member = is_referred(graph, kinds) & graph.existing
    existing = select_members("customers", graph.existing)
    customers, referred = existing.count(), existing.count(is_member)
    value, referred_value = (existing.add_up(measure_value(graph), m) for m in (None, is_member))
    return {
        "definition": name,
        "customers": customers,
        "referred": referred,
        **build_share(referred, customers),
        **_compute_bounds(graph, kinds),
        **_count_referrer_mixes(graph, kinds, existing, is_member),
        "value": value,
        "referred_value": referred_value,
        "value_share": compute_ratio(referred_value, value),
        **_compute_value_interval(graph, is_member),
        **_count_rewards(graph, kinds, is_member),
    }


def _compute_value_interval(graph: Graph, referred: Bools) -> dict[str, Tally]:
    """The interval of the value share: customers of one tree may depend on each other."""
    existing = graph.existing
    value, cluster = graph.value.scaled[existing], label_components(graph)[existing]
    interval = compute_ratio_interval(np.where(referred[existing], value, 0.0), value, cluster)
    low, high = float(np.maximum(interval.low, 0.0)), float(np.minimum(interval.high, 1.0))
    ends = {"value_share_low": low, "value_share_high": high}
    return list_inputs(select_members("customers", existing), ends)


def _compute_bounds(graph: Graph, kinds: tuple[str, ...]) -> dict[str, Tally | None]:
    """How many customers are of unknown source, and the bounds of the share."""
    bounds = compute_share_bounds(graph, kinds)
    return {"unknown": bounds.unknown, "bound_low": bounds.low, "bound_high": bounds.high}


def _count_referrer_mixes(
    graph: Graph, kinds: tuple[str, ...], existing: Members, is_member: Bools
) -> dict[str, Tally | None]:
    """How many of the referred came through a key account, an old customer, both or neither."""
    if not is_referrer_mix_known(graph):
        return dict.fromkeys(REFERRER_MIXES)
    mixes = classify_referrer_mix(graph, kinds)
    return {name: existing.count(is_member & (mixes == name).to_numpy()) for name in REFERRER_MIXES}


def _count_rewards(
    graph: Graph, kinds: tuple[str, ...], is_member: Bools
) -> dict[str, Tally | None]:
    if not graph.has("referrals.reward"):
        return {"paid": None, "unpaid": None}
    is_counted = mark_arcs_of_kinds(graph, kinds) & is_member[graph.arcs["referred"].to_numpy()]
    referrals, reward = select_members("referrals", is_counted), graph.arcs["reward"]
    return {
        "paid": referrals.count((reward > 0).fill_null(False).to_numpy()),
        "unpaid": referrals.count((reward == 0).fill_null(False).to_numpy()),
    }


def _build_headline(graph: Graph, frame: pl.DataFrame) -> Message:
    row = frame.row(0, named=True)
    if not row["customers"]:
        return message("headline.effect-none", parties=len(graph), standing=as_of_phrase(graph))
    undetermined = int(is_undetermined(graph).sum())
    return message(
        "headline.effect",
        referred=row["referred"],
        customers=row["customers"],
        share=row["share"],
        share_low=row["share_low"],
        share_high=row["share_high"],
        bounds=_describe_bounds(row, undetermined),
        worth=_describe_worth(graph, row),
        standing=as_of_phrase(graph),
    )


def _describe_worth(graph: Graph, row: dict[str, Any]) -> Message:
    """The share of value of the referred, or why there is none."""
    if graph.value.basis == "customers":
        return message("headline.effect-no-value")
    basis = value_basis_phrase(graph)
    if row["value_share"] is None:
        total = graph.value.amount(row["value"])
        return message("headline.effect-value-undefined", total=total, basis=basis)
    if row["value_share_low"] is None:
        return message("headline.effect-value", share=row["value_share"], basis=basis)
    return message(
        "headline.effect-value-interval",
        share=row["value_share"],
        low=row["value_share_low"],
        high=row["value_share_high"],
        basis=basis,
    )


def _describe_bounds(row: dict[str, Any], undetermined: int) -> Message:
    """Between which shares the true one lies, whatever is unknown.

    undetermined: parties of unknown role or status.
    """
    unknown = row["unknown"]
    if unknown is None:
        return message("headline.effect-unbounded")
    if undetermined:
        bounds = {"low": row["bound_low"], "high": row["bound_high"], "unknown": unknown}
        return message("headline.effect-bounds-parties", **bounds, parties=undetermined)
    if not unknown:
        return message("headline.effect-all-sourced")
    low, high = row["bound_low"], row["bound_high"]
    return message("headline.effect-bounds", low=low, high=high, unknown=unknown)
