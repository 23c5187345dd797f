"""Short names: 河钢 may be 河北钢铁, because its characters stand in this order in the name."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from refgraph.intake.match_rules import MAX_BEARERS, make_pairs

_MAX_SHORT = 4
_SHORT = r"^\p{Han}{2,4}$"
_MAX_SEARCHED = 14
"""Characters of a name in which the others are looked for."""
_KEYS = ("core", "rest")
_CHUNK = 1_000
_FOUND_SCHEMA = {
    "number": pl.UInt32,
    "number*": pl.UInt32,
    "short": pl.String,
    "key": pl.String,
}


def match_short_names(wanted: pl.DataFrame, offered: pl.DataFrame) -> pl.DataFrame:
    """Pairs of a short name and a longer one: the first character is that of the name, or of what
    follows its place; the others follow in order. A branch has no short name.

    wanted, offered: keys of names, with the ``number`` of each name.
    """
    short = wanted.select("number", short="core").filter(pl.col("short").str.contains(_SHORT))
    first, last = pl.col("short").str.head(1), pl.col("short").str.tail(1)
    short = short.with_columns(block=first + last)
    blocks = short.select("block").unique()
    firms = offered.filter(pl.col("head").is_null())
    parts = [pl.DataFrame(schema=_FOUND_SCHEMA)]
    for key in _KEYS:
        parts += _match_in_blocks(short, blocks, firms.select("number", key=key))
    found = pl.concat(parts)
    found = found.unique(["number", "number*"], keep="first", maintain_order=True)
    return make_pairs(found, "short-name", "number", "number*", "short", "key")


def _match_in_blocks(
    short: pl.DataFrame, blocks: pl.DataFrame, names: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Pairs that share the first character and the last one of the short name, in chunks."""
    key = pl.col("key")
    names = names.drop_nulls("key").filter(key.str.contains(r"^\p{Han}{3}"))
    parts = [
        names.select("number", block=key.str.head(1) + key.str.slice(k, 1)).join(
            blocks, on="block", how="semi"
        )
        for k in range(1, _MAX_SEARCHED)
    ]
    located = pl.concat(parts).unique().sort("block", "number")
    is_pair = short["short"] == short["block"]
    first = located.group_by("block", maintain_order=True).head(MAX_BEARERS)
    sides = [(short.filter(is_pair), first), (short.filter(~is_pair), located)]
    for texts, found in sides:
        for start in range(0, texts.height, _CHUNK):
            chunk = texts.slice(start, _CHUNK).join(found, on="block", suffix="*")
            pairs = chunk.join(names, left_on="number*", right_on="number")
            yield _keep_in_order(pairs).select("number", "number*", "short", "key")


def _keep_in_order(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs in whose longer name the characters of the short one follow each other."""
    pairs = pairs.with_columns(rest=pl.col("key").str.slice(1))
    for k in range(1, _MAX_SHORT):
        character = pl.col("short").str.slice(k, 1)
        rest = pl.col("rest").str.splitn(character, 2).struct.field("field_1")
        is_over = pl.col("short").str.len_chars() <= k
        pairs = pairs.with_columns(rest=pl.when(is_over).then("rest").otherwise(rest))
        pairs = pairs.drop_nulls("rest")
    longer = pl.col("key").str.len_chars() > pl.col("short").str.len_chars()
    return pairs.filter(longer)
