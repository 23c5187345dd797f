"""Names of companies (寻梅坞五金制品有限公司) and people (林若岚), drawn from word lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from refgraph.generator import words
from refgraph.generator.attributes import Codes
from refgraph.generator.origins import Longs
from refgraph.generator.referrer_sampling import Ints
from refgraph.generator.streams import make_stream

TRADES = [trades for _, _, trades in words.SECTORS.values()]
TRADES_PER_SECTOR = len(TRADES[0])
PLACE_POOLS = (words.FIRST_CHARACTERS, words.SECOND_CHARACTERS, words.THIRD_CHARACTERS)
"""Characters of a place name, one pool per character."""
PERSON_POOLS = (words.SURNAMES, words.GIVEN_NAME_CHARACTERS, words.GIVEN_NAME_CHARACTERS)
PART_COUNTS = (*map(len, PLACE_POOLS), TRADES_PER_SECTOR, len(words.LEGAL_FORMS))
NAMES_PER_SECTOR = int(np.prod(PART_COUNTS))
"""4.7 million names in one sector: more than it can have parties, so that names are unique."""
STRIDE = 1_618_033
"""A prime that does not divide `NAMES_PER_SECTOR`: its multiples visit every name once."""
GROUP_SUFFIX = "控股集团"


def assign_name_ranks(seed: int, sector: Codes) -> Longs:
    """int64 by party: the number of its name among those of its sector, all different."""
    order = np.argsort(sector, kind="stable")
    starts = np.searchsorted(sector[order], np.arange(len(TRADES)))
    index_in_sector = np.arange(len(sector)) - starts[sector[order]]
    first = make_stream(seed, "names").integers(0, NAMES_PER_SECTOR, len(TRADES))
    rank = np.empty(len(sector), np.int64)
    rank[order] = (index_in_sector * STRIDE + first[sector[order]]) % NAMES_PER_SECTOR
    return rank


def build_company_names(rank: Longs, sector: Codes) -> pl.Series:
    """Three characters like those of an old place, a word of the trade, and a legal form.

    Some characters are rare (镕喆堃翀𠮷).
    """
    *place, trade, form = np.unravel_index(rank, PART_COUNTS, order="F")
    all_trades = [word for trades in TRADES for word in trades]
    return _concatenate(
        [
            *map(gather_words, PLACE_POOLS, place),
            gather_words(all_trades, sector * TRADES_PER_SECTOR + trade),
            gather_words(words.LEGAL_FORMS, form),
        ]
    )


def draw_person_names(rng: np.random.Generator, count: int) -> pl.Series:
    """A surname and two characters."""
    return _draw_characters(rng, count, PERSON_POOLS)


def draw_place_names(rng: np.random.Generator, count: int, suffix: str) -> pl.Series:
    """Names of partners and authorities: a place of three characters and what they are."""
    return _draw_characters(rng, count, PLACE_POOLS) + suffix


def build_group_names(seed: int, count: int) -> pl.Series:
    """Names of groups of companies: a place of three characters and 控股集团, all different."""
    part_counts = tuple(map(len, PLACE_POOLS))
    names = int(np.prod(part_counts))
    first = int(make_stream(seed, "group-names").integers(0, names))
    rank = (np.arange(count) * STRIDE + first) % names
    place = np.unravel_index(rank, part_counts, order="F")
    return _concatenate(list(map(gather_words, PLACE_POOLS, place))) + GROUP_SUFFIX


def gather_words(pool: Iterable[str | None], indices: Longs | Codes | Ints) -> pl.Series:
    """The words (of a mapping its keys, of a text its characters) at these indices."""
    return pl.Series(list(pool), dtype=pl.String).gather(pl.Series(indices).cast(pl.UInt32))


def _draw_characters(rng: np.random.Generator, count: int, pools: Sequence[str]) -> pl.Series:
    """Texts of one random character from each pool."""
    indices = [rng.integers(0, len(pool), count) for pool in pools]
    return _concatenate(list(map(gather_words, pools, indices)))


def _concatenate(parts: list[pl.Series]) -> pl.Series:
    return pl.select(pl.concat_str(parts)).to_series()
