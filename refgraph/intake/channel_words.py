"""Words for a channel in place of a referrer (网上, 老客户介绍) become the customer's source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import polars as pl

from refgraph.intake.cast import normalize_word
from refgraph.intake.party_resolution import REFERRAL_ENDS, ROW_COLUMN
from refgraph.model.settings import Settings
from refgraph.model.vocabulary import CUSTOMER_REFERRAL, STAFF_REFERRAL, UNKNOWN_WORDS


class ChannelOutcome(NamedTuple):
    """customers: with the sources that referrals named. referrals: without those in `skipped`.

    filled_columns: ``customers.source`` if a customer got its source.
    """

    customers: pl.DataFrame
    referrals: pl.DataFrame
    skipped: pl.DataFrame
    filled_columns: frozenset[str]


@cache
def load_default_channels() -> Mapping[str, Mapping[str, list[str]]]:
    """``family``, ``method`` and ``tie`` of ``data/channels.toml``: word -> its spellings."""
    text = files("refgraph.data").joinpath("channels.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def list_channel_words(settings: Settings) -> frozenset[str]:
    """Words in lower case that name a channel and no party, with those of ``[channels]``."""
    words = [*CUSTOMER_REFERRAL, *STAFF_REFERRAL]
    for level in ("family", "method"):
        for table in (load_default_channels()[level], settings.channels.get_spellings(level)):
            for word, spellings in table.items():
                words += [word, *spellings]
    return frozenset(word.strip().lower() for word in words)


def move_channel_words(
    customers: pl.DataFrame, referrals: pl.DataFrame, words: frozenset[str]
) -> ChannelOutcome:
    """Take referrals out whose referrer is a word for a channel and no customer.

    The word becomes the ``source`` of the referred customer, if none is recorded.
    customers: accepted ones. referrals: with their `ROW_COLUMN`; rows behind the customers are
    unknown parties. words: in lower case.
    """
    referrer, referred = (ROW_COLUMN[end] for end in REFERRAL_ENDS)
    is_unknown = pl.col(referrer) >= customers.height
    is_channel = is_unknown & normalize_word(pl.col("referrer")).is_in(words)
    unknown = referrals.select(is_unknown.any()).item()
    named = referrals.filter(is_channel) if unknown else referrals.clear()
    if not named.height:
        return ChannelOutcome(customers, referrals, named, frozenset())
    new = named.sort("file", "line").unique(referred, keep="first", maintain_order=True)
    new = new.filter(pl.col(referred) < customers.height)
    new = new.select(row=referred, new=pl.col("referrer").str.strip_chars())
    rows = customers.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int32))
    both = rows.join(new, on="row", how="left", maintain_order="left")
    source = pl.col("source").str.strip_chars().str.to_lowercase()
    is_empty = source.is_null() | source.is_in(UNKNOWN_WORDS)
    is_filled = is_empty & pl.col("new").is_not_null()
    is_any_filled = both.select(is_filled.any()).item()
    filled_columns = frozenset({"customers.source"} if is_any_filled else ())
    source = pl.when(is_filled).then("new").otherwise("source").alias("source")
    customers = both.with_columns(source).drop("row", "new")
    return ChannelOutcome(customers, referrals.filter(~is_channel), named, filled_columns)
