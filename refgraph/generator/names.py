"""Names: companies such as 寻梅坞五金制品有限公司, people such as 林若岚. All invented, drawn by lot from word lists."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.generator import words
from refgraph.generator.attributes import Codes
from refgraph.generator.dealing import Ints
from refgraph.generator.origins import Longs
from refgraph.generator.streams import stream

TRADES = [names for _, _, names in words.SECTORS.values()]
EACH = len(TRADES[0])
PARTS = (len(words.FIRST), len(words.SECOND), len(words.THIRD), EACH, len(words.FORMS))
CAPACITY = int(np.prod(PARTS))
"""Names in one sector, 4.7 million: more than it has parties, so that names are unique."""
STRIDE = 1_618_033
"""Prime and no factor of `CAPACITY`: multiples of it visit every name before one comes again."""


def ranks(seed: int, sector: Codes) -> Longs:
    """int64 by party: which name of its sector it bears; all different within a sector."""
    order = np.argsort(sector, kind="stable")
    starts = np.searchsorted(sector[order], np.arange(len(TRADES)))
    within = np.arange(len(sector)) - starts[sector[order]]
    first = stream(seed, "names").integers(0, CAPACITY, len(TRADES))
    rank = np.empty(len(sector), np.int64)
    rank[order] = (within * STRIDE + first[sector[order]]) % CAPACITY
    return rank


def companies(rank: Longs, sector: Codes) -> pl.Series:
    """Three characters like those of an old place, a word of the trade, a legal form; with rare characters (镕喆堃翀𠮷)."""
    first, second, third, trade, form = np.unravel_index(rank, PARTS, order="F")
    flat = [word for trade_words in TRADES for word in trade_words]
    parts = [of(words.FIRST, first), of(words.SECOND, second), of(words.THIRD, third), of(flat, sector * EACH + trade),
             of(words.FORMS, form)]  # fmt: skip
    return _joined(parts)


def people(rng: np.random.Generator, count: int) -> pl.Series:
    """A surname and two characters."""
    drawn = [rng.integers(0, len(pool), count) for pool in (words.SURNAMES, words.GIVEN, words.GIVEN)]
    return _joined([of(pool, k) for pool, k in zip((words.SURNAMES, words.GIVEN, words.GIVEN), drawn, strict=True)])


def places(rng: np.random.Generator, count: int, form: str) -> pl.Series:
    """Partners and authorities: a place of three characters and what they are."""
    pools = (words.FIRST, words.SECOND, words.THIRD)
    return _joined([*(of(pool, rng.integers(0, len(pool), count)) for pool in pools), pl.Series([form] * count, dtype=pl.String)])


def groups(seed: int, count: int) -> pl.Series:
    """Groups of companies: a place of three characters and 控股集团, all different."""
    pools = (words.FIRST, words.SECOND, words.THIRD)
    parts = tuple(map(len, pools))
    rank = (np.arange(count) * STRIDE + int(stream(seed, "group-names").integers(0, np.prod(parts)))) % np.prod(parts)
    places = np.unravel_index(rank, parts, order="F")
    return _joined([*(of(p, k) for p, k in zip(pools, places, strict=True)), pl.Series(["控股集团"] * count, dtype=pl.String)])


def of(pool: str | list[str] | tuple[str | None, ...], places: Longs | Codes | Ints) -> pl.Series:
    """The words at these places."""
    return pl.Series(list(pool), dtype=pl.String).gather(pl.Series(places).cast(pl.UInt32))


def _joined(parts: list[pl.Series]) -> pl.Series:
    return pl.select(pl.concat_str(parts)).to_series()
