"""Names that differ by a few characters: typing errors, never other numbers or other places.

Names are compared only if they share one of the rarest pairs of characters, so that the work grows
with the number of names and not with its square.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from refgraph.intake.comparison_keys import are_compatible
from refgraph.intake.match_rules import make_pairs

MAX_NAMES_PER_GRAM = 200
"""A pair of characters that more names have is too common to compare by."""
GRAMS_PER_NAME = 4
"""One error of typing spoils three pairs of characters; a fourth one finds the name."""
CHUNK = 1_000
"""Names compared at once: bounds the memory."""
_MAX_CHARS = 60
_HAN = r"\p{Han}"
_LIMITS = ((5, 1), (10, 2))
"""Characters of the longer name -> how many may differ, for Han; half as many for Latin letters."""


def match_similar_names(wanted: pl.DataFrame, offered: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Pairs of names that differ by one character, or by two in a long name.

    Names of four Han characters or fewer are never compared: most have a neighbor by chance.
    wanted, offered: keys of names, with the ``number`` of each name.
    """
    names, others = (_select_long(side) for side in (wanted, offered))
    if not (names.height and others.height):
        return
    grams = _make_grams(names)
    index = _make_grams(others).join(grams.select("gram").unique(), on="gram", how="semi")
    index = index.with_columns(names=pl.len().over("gram"))
    index = index.filter(pl.col("names") <= MAX_NAMES_PER_GRAM)
    rarity = index.select("gram", "names").unique()
    rarest = grams.join(rarity, on="gram").sort("number", "names", "gram")
    rarest = rarest.group_by("number", maintain_order=True).head(GRAMS_PER_NAME)
    index = index.select("gram", other="number")
    for start in range(0, names.height, CHUNK):
        chunk = names.slice(start, CHUNK)
        blocks = rarest.join(chunk, on="number", how="semi").select("number", "gram")
        pairs = blocks.join(index, on="gram").select("number", "other").unique()
        pairs = pairs.join(chunk, on="number").join(
            others, left_on="other", right_on="number", suffix="*"
        )
        yield _compare(pairs)


def _select_long(keys: pl.DataFrame) -> pl.DataFrame:
    """Names that are long enough: ``number``, ``core``, ``place``, ``numbers``."""
    core = pl.col("core")
    least = pl.when(core.str.contains(_HAN)).then(_LIMITS[0][0]).otherwise(2 * _LIMITS[0][0])
    long = keys.select("number", "core", "place", "numbers").drop_nulls("core")
    return long.filter(core.str.len_chars() >= least)


def _make_grams(names: pl.DataFrame) -> pl.DataFrame:
    """``number`` and ``gram``: each pair of neighboring characters of a name, once."""
    core = pl.col("core")
    parts = []
    longest = names.select(core.str.len_chars().max()).item()
    for k in range(min(longest, _MAX_CHARS) - 1):
        gram = core.str.slice(k, 2)
        part = names.select("number", gram=gram).filter(pl.col("gram").str.len_chars() == 2)
        parts.append(part.with_columns(pl.col("gram").hash(0)))
    return pl.concat(parts).unique()


def _compare(pairs: pl.DataFrame) -> pl.DataFrame:
    """Those of the pairs whose names are as similar as their length demands."""
    pairs = pairs.filter(
        (pl.col("core") != pl.col("core*"))
        & pl.col("numbers").eq_missing(pl.col("numbers*"))
        & are_compatible("place", "place*")
    )
    sizes = [pl.col(column).str.len_chars().cast(pl.Int32) for column in ("core", "core*")]
    longest = pl.max_horizontal(sizes)
    plain = pl.when(pl.col("core").str.contains(_HAN)).then(longest).otherwise(longest // 2)
    allowed = pl.when(plain >= _LIMITS[1][0]).then(_LIMITS[1][1]).otherwise(_LIMITS[0][1])
    pairs = pairs.with_columns(allowed=allowed).filter(
        (sizes[0] - sizes[1]).abs() <= pl.col("allowed")
    )
    distance = _measure_distances(pairs["core"], pairs["core*"])
    near = pairs.filter(pl.Series(distance) <= pairs["allowed"])
    return make_pairs(near, "similar-name", "number", "other", "core", "core*")


def _measure_distances(left: pl.Series, right: pl.Series) -> np.ndarray:
    """How many characters differ, pair by pair: wrong, missing, added, or swapped with the next."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    if not left.len():
        return np.zeros(0, np.int32)
    distances: np.ndarray = cpdist(
        left.to_list(), right.to_list(), scorer=OSA.distance, score_cutoff=2, dtype=np.int32
    )
    return distances
