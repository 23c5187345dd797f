"""The network of a campaign: its links, and the chance that each passes a message on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.errors import UsageError
from refgraph.measures.channels import classify_channels
from refgraph.model.graph import Bools, Floats, Graph, Ints, Longs
from refgraph.model.parameter_values import describe_value

DEFAULT_CHANCE = 0.1
FOLLOW_UP_DAYS = 730
"""A referred party passes on if it refers somebody within two years."""
MIN_HISTORY, PRIOR = 20, 10.0
"""Fewer referrals with two years of follow-up teach nothing; the pull towards the mean, in
referrals."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Cascade:
    """Arcs by target, and what each party counts.

    in_ptr int64[n+1], in_src int32[m], p float64[m]: referrers, and the chance that the message
    passes along the arc. weight float64[n]: value or 1, not negative. is_candidate bool[n]: may
    start. cost float64[n] or None. is_forest: at most one referrer each and no cycle. source: where
    the chances come from (given, in-degree, learned, default). history: referrals learned from.
    """

    in_ptr: Longs
    in_src: Ints
    p: Floats
    weight: Floats
    is_candidate: Bools
    cost: Floats | None
    is_forest: bool
    source: str
    history: int = 0

    @property
    def out_degree(self) -> Longs:
        """int64[n]: arcs from each party."""
        return np.bincount(self.in_src, minlength=len(self.weight)).astype(np.int64)


def build_cascade(
    graph: Graph, probability: str, weight: Floats, is_candidate: Bools, cost: Floats | None
) -> Cascade:
    """The cascade along counted arcs, cut ones included.

    probability: a number from 0 to 1, ``in-degree`` (1 / number of referrers) or ``learned``.
    Raises UsageError ``bad-chance`` for anything else.
    """
    arcs = graph.counted_arcs.sort("referred", "referrer")
    target = arcs["referred"].to_numpy()
    source = np.ascontiguousarray(arcs["referrer"].cast(pl.Int32).to_numpy())
    in_ptr = np.searchsorted(target, np.arange(len(graph) + 1)).astype(np.int64)
    degree = np.diff(in_ptr)
    chance, origin, history = _find_chances(graph, arcs, probability, degree[target])
    is_tree = bool((degree <= 1).all()) and not graph.arcs["cut"].any()
    return Cascade(
        in_ptr=in_ptr,
        in_src=source,
        p=chance,
        weight=weight,
        is_candidate=is_candidate,
        cost=cost,
        is_forest=is_tree,
        source=origin,
        history=history,
    )


def _find_chances(
    graph: Graph, arcs: pl.DataFrame, probability: str, degree: Longs
) -> tuple[Floats, str, int]:
    """The chance of each arc, where it comes from, and how many referrals it was learned from."""
    if probability == "in-degree":
        return 1.0 / degree, "in-degree", 0
    if probability == "learned":
        learned, history = _learn_chances(graph, arcs)
        if learned is not None:
            return learned, "learned", history
        return np.full(arcs.height, DEFAULT_CHANCE), "default", history
    try:
        chance = float(probability.rstrip("%")) / (100 if probability.endswith("%") else 1)
    except ValueError:
        chance = -1.0
    if not 0.0 <= chance <= 1.0:
        raise UsageError("bad-chance", value=describe_value(probability))
    return np.full(arcs.height, chance), "given", 0


def _learn_chances(graph: Graph, arcs: pl.DataFrame) -> tuple[Floats | None, int]:
    """By tie: the share of referred parties that referred somebody within two years.

    Only dated referrals with two years of follow-up teach. The share of all is pulled towards 0.1,
    that of each tie towards the share of all. Returns the chance of each arc, None if there are
    fewer than 20 to learn from, and how many there are.
    """
    if graph.as_of is None or arcs["at"].null_count() == arcs.height:
        return None, 0
    made = arcs.select("referrer", made=pl.col("at")).drop_nulls().sort("made")
    tie = classify_channels(graph, arcs["tie"].cast(pl.String), "tie")
    frame = arcs.select("referred", "at", tie=tie, row=pl.int_range(pl.len()))
    age = (pl.lit(graph.as_of) - pl.col("at")).dt.total_days()
    taught = frame.filter(age >= FOLLOW_UP_DAYS).sort("at")
    if taught.height < MIN_HISTORY:
        return None, taught.height
    later = taught.join_asof(
        made.with_columns(next=pl.col("made")),
        left_on="at",
        right_on="made",
        by_left="referred",
        by_right="referrer",
        strategy="forward",
        check_sortedness=False,
    )
    within = (pl.col("next") - pl.col("at")).dt.total_days() <= FOLLOW_UP_DAYS
    passed = later.select("tie", passed=within.fill_null(False))
    mean = (int(passed["passed"].sum()) + PRIOR * DEFAULT_CHANCE) / (passed.height + PRIOR)
    by_tie = passed.group_by("tie").agg(
        chance=(pl.col("passed").sum() + PRIOR * mean) / (pl.len() + PRIOR)
    )
    chances = frame.join(by_tie, on="tie", how="left", maintain_order="left")["chance"]
    return chances.fill_null(mean).to_numpy(), taught.height
