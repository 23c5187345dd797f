"""Rules that propose which customer a name may mean; each compares keys of `comparison_keys`.

Pairs have the columns of `PAIRS_SCHEMA`. The earlier a rule stands in `RULES`, the surer it is.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from refgraph.intake.comparison_keys import are_compatible

RULES = (
    "by-column",
    "by-tax-id",
    "same-name",
    "other-script",
    "without-title",
    "without-brackets",
    "without-group-word",
    "without-place",
    "branch-name",
    "part-of-name",
    "short-name",
    "similar-name",
)
"""Rules in order.

by-column, by-tax-id: a code, phone, e-mail or tax number of one customer. same-name: several
customers have the name. other-script: traditional characters. without-title: a person with a
title. without-brackets, -group-word, -place: without what stands in brackets, 集团, or the place.
branch-name: a branch of the firm. part-of-name: one name begins with the other. short-name: its
characters stand in this order in the name. similar-name: a few characters differ.
"""
VAGUE_RULES = ("part-of-name", "short-name", "similar-name")
"""Rules that are dropped where a surer one proposes a customer for the same name."""
PAIRS_SCHEMA = {
    "wanted": pl.UInt32,
    "offered": pl.UInt32,
    "rule": pl.String,
    "left": pl.String,
    "right": pl.String,
}
"""A name and a customer by their numbers, the rule, and the two keys that it compared."""
MAX_BEARERS = 20
"""A key shared by more customers than this identifies none of them."""
_EQUAL_KEYS = (
    ("same-name", "base", "base"),
    ("other-script", "plain", "plain"),
    ("without-title", "untitled", "plain"),
    ("without-brackets", "bare", "bare"),
    ("without-group-word", "core", "core"),
    ("without-place", "rest", "rest"),
    ("branch-name", "head", "core"),
)
_MIN_CHARS = {"without-place": 3}
_PART_KEYS = (("core", 4), ("rest", 3))
"""A beginning must have as many characters to propose the whole: of the core, of what follows the
place."""
_MAX_PART_CHARS = 40
_ENDS_IN_HAN = r"\p{Han}$"
_HAN_OR_TWO_WORDS = r"\p{Han}|\S\s\S"


def match_equal_keys(wanted: pl.DataFrame, offered: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Pairs with an equal key, one frame per rule.

    wanted, offered: keys of names, with the ``number`` of each name.
    """
    for rule, left, right in _EQUAL_KEYS:
        names = wanted.select("number", "place", key=left)
        names = names.filter(pl.col("key").str.len_chars() >= _MIN_CHARS.get(rule, 1))
        keys = keep_distinctive_keys(offered.select("number", "place", key=right), "key")
        pairs = names.join(keys, on="key", suffix="*")
        if rule == "without-place":
            pairs = pairs.filter(are_compatible("place", "place*"))
        yield make_pairs(pairs, rule, "number", "number*", "key", "key")


def match_parts(wanted: pl.DataFrame, offered: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Pairs in which one name begins with the other; words in Latin letters are not cut.

    wanted, offered: as for `match_equal_keys`.
    """
    for key, least in _PART_KEYS:
        for pairs in _match_beginnings(wanted, offered, key, least):
            yield make_pairs(pairs, "part-of-name", "number", "number*", "part", "whole")
        for pairs in _match_beginnings(offered, wanted, key, least):
            yield make_pairs(pairs, "part-of-name", "number*", "number", "whole", "part")


def make_pairs(
    pairs: pl.DataFrame, rule: str, wanted: str, offered: str, left: str, right: str
) -> pl.DataFrame:
    """The columns of `PAIRS_SCHEMA` from columns of these names."""
    found = pairs.select(wanted=wanted, offered=offered, rule=pl.lit(rule), left=left, right=right)
    return found.cast(PAIRS_SCHEMA)  # type: ignore[arg-type]


def keep_distinctive_keys(keys: pl.DataFrame, column: str) -> pl.DataFrame:
    """Without rows whose key is null, or is shared by more than `MAX_BEARERS`."""
    return keys.drop_nulls(column).filter(pl.len().over(column) <= MAX_BEARERS)


def _match_beginnings(
    short: pl.DataFrame, long: pl.DataFrame, key: str, least: int
) -> Iterator[pl.DataFrame]:
    """Pairs in which the key of `short` is the beginning of that of `long`, by its length.

    One join per length, so that no name is compared with every other.
    """
    parts = short.select("number", "place", part=key).drop_nulls("part")
    parts = parts.with_columns(size=pl.col("part").str.len_chars())
    parts = parts.filter(pl.col("size").is_between(least, _MAX_PART_CHARS) & _is_whole_word("part"))
    wholes = long.select("number", "place", whole=key).drop_nulls("whole")
    wholes = wholes.filter(pl.col("whole").str.len_chars() > least)
    for size in parts["size"].unique().sort():
        candidates = parts.filter(pl.col("size") == size)
        after = pl.col("whole").str.slice(size, 1)
        is_cut = pl.col("whole").str.head(size).str.contains(_ENDS_IN_HAN) | (after == " ")
        longer = wholes.filter((after != "") & is_cut)
        longer = longer.with_columns(part=pl.col("whole").str.head(size))
        longer = longer.join(candidates, on="part", how="semi")
        pairs = candidates.join(keep_distinctive_keys(longer, "part"), on="part", suffix="*")
        yield pairs.filter(are_compatible("place", "place*"))


def _is_whole_word(column: str) -> pl.Expr:
    """Whether a key has a Han character or two words: one word in Latin letters is too common."""
    return pl.col(column).str.contains(_HAN_OR_TWO_WORDS)
