"""Conversion of channels compared: with own sales, or each channel with all the others."""

from __future__ import annotations

from typing import get_args

import numpy as np
import polars as pl

from refgraph.estimates.fisher import fisher_exact_test
from refgraph.estimates.multiple_testing import benjamini_hochberg
from refgraph.estimates.proportion import Difference, newcombe
from refgraph.measures.channel_assignment import ChannelField
from refgraph.measures.channels import OWN_SALES, UNSPECIFIED, build_channel_vocabulary
from refgraph.measures.conversion import (
    MIN_DECIDED,
    build_difference_frame,
    compare_conversion,
    is_known,
)
from refgraph.measures.groups import NOT_RECORDED, SensitiveField
from refgraph.measures.referrer_mix import is_referrer_mix_known, note_referrer_mix
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Label, Message, message

COMPARED_WITH_OTHERS = ("tie", *get_args(SensitiveField))
"""Definitions without own sales: each channel is compared with all the others together."""
NOT_CHANNELS = (NOT_RECORDED, UNSPECIFIED, "not-referred", "other-sources")
"""Rows of the answer that are no channels and are not compared."""


def compare_channels(graph: Graph, frame: pl.DataFrame, by: ChannelField) -> pl.DataFrame:
    """Columns that compare the conversion of each channel with that of its reference."""
    closed = frame["closed"].to_numpy()
    decided = closed + frame["lost"].fill_null(0).to_numpy()
    is_channel = ~frame["channel"].is_in(NOT_CHANNELS).to_numpy()
    is_own = _mark_own_sales(graph, frame["channel"], by)
    can_compare = is_channel & ~is_own & is_known(graph)
    differences: list[Difference | None] = []
    p_values = np.full(frame.height, np.nan)
    for row in range(frame.height):
        reference = is_own
        if by in COMPARED_WITH_OTHERS:
            reference = is_channel & (np.arange(frame.height) != row)
        counts = (
            int(closed[row]),
            int(decided[row]),
            int(closed[reference].sum()),
            int(decided[reference].sum()),
        )
        difference = compare_conversion(*counts) if can_compare[row] else None
        differences.append(difference)
        if difference is not None:
            p_values[row] = fisher_exact_test(*counts)
    columns = build_difference_frame(differences).with_columns(
        is_compared=pl.Series(~np.isnan(p_values)),
        is_above_chance=pl.Series(benjamini_hochberg(p_values), dtype=pl.Boolean),
    )
    word = pl.when("is_above_chance").then(pl.lit("yes")).otherwise(pl.lit("no"))
    return columns.select(
        "difference",
        "difference_low",
        "difference_high",
        above_chance=pl.when("is_compared").then(word),
    )


def _mark_own_sales(graph: Graph, channels: pl.Series, by: ChannelField) -> Bools:
    """Which channels are own sales; of sources, those that the vocabulary counts among them."""
    families: dict[str, str] = {}
    if by == "source":
        families = build_channel_vocabulary(graph, "family")
    is_own = [OWN_SALES in (name, families.get(name.lower())) for name in channels]
    return np.array(is_own, bool)


def note_comparison(graph: Graph, by: ChannelField, frame: pl.DataFrame) -> list[Message]:
    """With what the channels were compared, or why they were not.

    Nothing where conversion is unknown; its own note says so.
    """
    if not is_known(graph):
        return []
    uses_others = by in COMPARED_WITH_OTHERS
    against = Label("the-others" if uses_others else OWN_SALES)
    is_reference = pl.col("channel") == OWN_SALES
    if uses_others:
        is_reference = ~pl.col("channel").is_in(NOT_CHANNELS)
    compared = frame["difference"].drop_nulls().len()
    if compared:
        return [message("note.channel-looks", looks=compared, against=against)]
    reference = frame.filter(is_reference)
    if reference["closed"].sum() >= MIN_DECIDED and not reference["lost"].sum():
        return [message("note.channels-no-loss", against=against)]
    return [message("note.channels-not-compared", decided=MIN_DECIDED)]


def note_key_or_old(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    """Conversion of those referred by key accounts, and by old customers only."""
    notes = note_referrer_mix(graph)
    if is_referrer_mix_known(graph) and is_known(graph):
        notes.insert(0, _compare_key_and_old(frame))
    return notes


def _compare_key_and_old(frame: pl.DataFrame) -> Message:
    key, key_decided = _count_outcomes(frame, ("key_only", "both"))
    old, old_decided = _count_outcomes(frame, ("old_only",))
    if min(key_decided, old_decided) < MIN_DECIDED:
        return message("note.key-old-few", key=key_decided, old=old_decided, decided=MIN_DECIDED)
    gap, low, high = newcombe(key, key_decided, old, old_decided)
    return message(
        "note.key-or-old",
        key=key,
        key_decided=key_decided,
        old=old,
        old_decided=old_decided,
        gap=gap,
        low=low,
        high=high,
    )


def _count_outcomes(frame: pl.DataFrame, channels: tuple[str, ...]) -> tuple[int, int]:
    """Closed, and closed or lost, over these channels."""
    rows = frame.filter(pl.col("channel").is_in(channels))
    closed = int(rows["closed"].sum())
    return closed, closed + int(rows["lost"].sum())
