"""Conversion of channels compared: with own sales, or each channel with all the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import polars as pl

from refgraph.estimates.clustered_share import compare_shares
from refgraph.estimates.fisher import fisher_exact_test
from refgraph.estimates.multiple_testing import benjamini_hochberg
from refgraph.measures.channel_assignment import ChannelField
from refgraph.measures.channels import OWN_SALES, UNSPECIFIED, build_channel_vocabulary
from refgraph.measures.conversion import is_known
from refgraph.measures.conversion_comparison import (
    MIN_DECIDED,
    MIN_LOST,
    Comparison,
    add_up_clusters,
    build_difference_frame,
    compare_conversion,
    list_decided,
    measure_clusters,
    note_design_effect,
)
from refgraph.measures.groups import NOT_RECORDED, SensitiveField
from refgraph.measures.referrer_mix import is_referrer_mix_known, note_referrer_mix
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Label, Message, message

COMPARED_WITH_OTHERS = ("tie", *get_args(SensitiveField))
"""Definitions without own sales: each channel is compared with all the others together."""
NOT_CHANNELS = (NOT_RECORDED, UNSPECIFIED, "not-referred", "other-sources")
"""Rows of the answer that are no channels and are not compared."""


@dataclass(frozen=True, eq=False)
class ChannelComparison:
    """frame: the columns that compare each channel. comparisons: those made, None = none."""

    frame: pl.DataFrame
    comparisons: list[Comparison | None]


def compare_channels(
    graph: Graph, channels: pl.DataFrame, names: pl.Series, by: ChannelField
) -> ChannelComparison:
    """The conversion of each channel against that of its reference.

    channels: ``party`` and ``channel``. names: the channels in the order of the answer.
    """
    clusters = _count_clusters(graph, channels, names)
    is_channel = ~names.is_in(NOT_CHANNELS).to_numpy()
    is_own = _mark_own_sales(graph, names, by)
    can_compare = is_channel & ~is_own & is_known(graph)
    uses_others = by in COMPARED_WITH_OTHERS
    comparisons: list[Comparison | None] = []
    p_values = np.full(len(names), np.nan)
    for row, group in enumerate(clusters):
        is_reference = is_own
        if uses_others:
            is_reference = is_channel & (np.arange(len(names)) != row)
        if not can_compare[row]:
            comparisons.append(None)
            continue
        reference = add_up_clusters([clusters[k] for k in np.flatnonzero(is_reference)])
        found = compare_conversion(graph, group, reference, may_select=not uses_others)
        comparisons.append(found)
        if found.difference is not None:
            p_values[row] = fisher_exact_test(*_count_effective(found))
    columns = build_difference_frame(comparisons).with_columns(
        is_compared=pl.Series(~np.isnan(p_values)),
        is_above_chance=pl.Series(benjamini_hochberg(p_values), dtype=pl.Boolean),
    )
    word = pl.when("is_above_chance").then(pl.lit("yes")).otherwise(pl.lit("no"))
    columns = columns.select(
        "difference",
        "difference_low",
        "difference_high",
        above_chance=pl.when("is_compared").then(word),
    )
    return ChannelComparison(columns, comparisons)


def _count_clusters(graph: Graph, channels: pl.DataFrame, names: pl.Series) -> list[pl.DataFrame]:
    """The clusters of each channel."""
    decided = list_decided(graph).join(channels, on="party")
    parts = decided.partition_by("channel", as_dict=True)
    return [add_up_clusters([parts[name,]] if (name,) in parts else []) for name in names]


def _count_effective(found: Comparison) -> tuple[int, int, int, int]:
    """Closed and decided on both sides, as the number of independent prospects worth as much."""
    (k1, n1), (k2, n2) = (
        (round(side.k / side.design_effect), round(side.effective))
        for side in (found.first, found.second)
    )
    return k1, n1, k2, n2


def _mark_own_sales(graph: Graph, channels: pl.Series, by: ChannelField) -> Bools:
    """Which channels are own sales; of sources, those that the vocabulary counts among them."""
    families: dict[str, str] = {}
    if by == "source":
        families = build_channel_vocabulary(graph, "family")
    is_own = [OWN_SALES in (name, families.get(name.lower())) for name in channels]
    return np.array(is_own, bool)


def note_comparison(
    graph: Graph, by: ChannelField, comparisons: Sequence[Comparison | None]
) -> list[Message]:
    """With what the channels were compared, and why some or all were not.

    Nothing where conversion is unknown; its own note says so.
    """
    if not is_known(graph):
        return []
    against = Label("the-others" if by in COMPARED_WITH_OTHERS else OWN_SALES)
    made = [c for c in comparisons if c is not None]
    compared = [c for c in made if c.difference is not None]
    reasons = [c.reason for c in made]
    notes = []
    if compared:
        notes.append(message("note.channel-looks", looks=len(compared), against=against))
        widest = max(compared, key=lambda c: c.first.design_effect)
        notes += note_design_effect(widest.first)
    if "selection" in reasons:
        notes.append(message("note.channels-selection", channels=reasons.count("selection")))
    if not notes and "no-lost" in reasons:
        notes.append(message("note.channels-no-loss", against=against))
    elif not notes:
        few = message("note.channels-not-compared", decided=MIN_DECIDED, lost=MIN_LOST)
        notes.append(few)
    return notes


def note_key_or_old(graph: Graph, channels: pl.DataFrame) -> list[Message]:
    """Conversion of those referred by key accounts, and by old customers only."""
    notes = note_referrer_mix(graph)
    if is_referrer_mix_known(graph) and is_known(graph):
        notes.insert(0, _compare_key_and_old(graph, channels))
    return notes


def _compare_key_and_old(graph: Graph, channels: pl.DataFrame) -> Message:
    both = pl.Series(["key_only", "both", "old_only"])
    key_only, and_old, old_only = _count_clusters(graph, channels, both)
    key = measure_clusters(add_up_clusters([key_only, and_old]))
    old = measure_clusters(old_only)
    if min(key.n, old.n) < MIN_DECIDED:
        return message("note.key-old-few", key=key.n, old=old.n, decided=MIN_DECIDED)
    difference = compare_shares(key, old)
    if difference is None:
        return message("note.key-old-referrers", key=key.n, old=old.n)
    gap, low, high = difference
    return message(
        "note.key-or-old",
        key=key.k,
        key_decided=key.n,
        old=old.k,
        old_decided=old.n,
        gap=gap,
        low=low,
        high=high,
    )
