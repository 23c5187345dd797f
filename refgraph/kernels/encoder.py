"""Text ids -> positions: a hash table with open addressing over 64-bit keys, texts compared on every hit.

Below about a million rows the join of polars is as quick and needs no compiler. Above, polars hashes the texts (0.01 s
for two million), the kernels below place and find them by 31 bits of the hash beside the position, so that a place costs
one load, and polars compares the texts: whoever another id's hash misled is looked for again by the join. Nothing but
the hashes is copied; a null is never found, whatever its cell may hold.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compile import kernel

TABLE_ABOVE = 1_000_000
"""Ids and texts wanted from which the table is worth its kernels."""

_PIECE = 1 << 18
"""Texts compared at a time: they stay in the cache of the processor."""


class Lookup:
    """Where each of some texts stands among `ids`. ids: texts, each once, distinct to the byte.

    The table is made when first asked for and serves every later question. The same for every number of threads.
    """

    def __init__(self, ids: pl.Series) -> None:
        self.ids = ids.rechunk()  # to gather from many chunks takes ten times as long

    def positions(self, wanted: pl.Series) -> pl.Series:
        """Int32, as long as `wanted`: the position of each text, null where there is none and for null."""
        if len(self.ids) + len(wanted) < TABLE_ABOVE:
            return self._joined(wanted)
        at = np.empty(len(wanted), np.int32)
        find(self._table[0], _keys(wanted), at)
        misled = np.flatnonzero(_apart(self.ids, wanted, at))
        found = pl.Series("place", at).set(pl.Series(at < 0), None)
        return found.scatter(misled, self._joined(wanted.gather(misled))) if len(misled) else found

    def _joined(self, wanted: pl.Series) -> pl.Series:
        place = pl.DataFrame({"id": self.ids, "place": np.arange(len(self.ids), dtype=np.int32)})
        return pl.DataFrame({"id": wanted}).join(place, on="id", how="left", maintain_order="left")["place"].alias("place")

    @cached_property
    def distinct(self) -> bool:
        """Whether all ids are different; asked of ids that may not be, before anything else is."""
        return (len(self.ids) >= TABLE_ABOVE and self._table[1]) or self.ids.n_unique() == len(self.ids)

    @cached_property
    def _table(self) -> tuple[Int64, bool]:
        slots = np.full(1 << max(1, (2 * len(self.ids)).bit_length()), -1, np.int64)
        return slots, bool(place(_keys(self.ids), slots))


def positions(ids: pl.Series, wanted: pl.Series) -> pl.Series:
    """What a `Lookup` of `ids` says of `wanted`, for one question."""
    return Lookup(ids).positions(wanted)


def letters(texts: pl.Series) -> npt.NDArray[np.uint8]:
    """uint8[k]: the bytes of all texts, one behind the other; a null has none."""
    return np.frombuffer(str(texts.str.join("")[0] or "").encode(), np.uint8)


def order(ids: pl.Series) -> Int64:
    """int64[n]: the rows of `ids` in increasing order of code points. ids: texts, each once, none null.

    Eight bytes behind what all ids begin with are sorted as one number; where that does not tell all of them apart,
    polars sorts the texts, which takes four times as long.
    """
    ids = ids.rechunk()
    if ids.is_sorted():
        return np.arange(len(ids))
    at = np.argsort(_front(ids)).astype(np.int64, copy=False)
    sorted_ids = ids.gather(at)
    if (sorted_ids.slice(0, len(ids) - 1) < sorted_ids.slice(1)).all():
        return at
    return ids.arg_sort().to_numpy().astype(np.int64)


def _front(ids: pl.Series) -> npt.NDArray[np.uint64]:
    """uint64[n]: the first eight bytes behind the common beginning, the first one greatest, zeros behind the end."""
    least, most = (str(text).encode() for text in (ids.min(), ids.max()))
    common = next((k for k, (a, b) in enumerate(zip(least, most)) if a != b), min(len(least), len(most)))
    text = letters(ids)
    size = ids.str.len_bytes().to_numpy().astype(np.int64)
    front = np.zeros((len(ids), 8), np.uint8)
    if len(text) == len(ids) * size[0] and (size == size[0]).all():
        told = text.reshape(len(ids), size[0])[:, common : common + 8]
        front[:, : told.shape[1]] = told
    else:
        end = np.cumsum(size)
        for k in range(8):
            place = end - size + common + k
            inside = np.flatnonzero(place < end)
            front[inside, k] = text[place[inside]]
    return front.view(">u8").ravel().astype(np.uint64)


def _apart(ids: pl.Series, wanted: pl.Series, at: Int32) -> npt.NDArray[np.bool_]:
    """bool[m]: the position says another text than the one wanted, or the one wanted is null."""
    apart = np.zeros(len(at), np.bool_)
    for start in range(0, len(at), _PIECE):
        piece = slice(start, start + _PIECE)
        there = at[piece] >= 0
        same = (ids.gather(np.where(there, at[piece], 0)) == wanted[piece]).fill_null(False) if len(ids) else there
        apart[piece] = there & ~np.asarray(same)
    return apart


def _keys(texts: pl.Series) -> Int64:
    return np.ascontiguousarray(texts.hash().to_numpy()).view(np.int64)


@kernel(steps=lambda keys, slots: 3 * len(keys), warm=lambda: (np.arange(3), np.full(8, -1)))
def place(keys: Int64, slots: Int64) -> bool:
    """Put each key into the table, 31 bits of it above its position; False if some may be equal.

    slots: int64, all -1, their number a power of two above len(keys).
    """
    last, distinct = len(slots) - 1, True
    for k in range(len(keys)):
        slot = int(keys[k]) & last
        tag = (int(keys[k]) >> 32) & 0x7FFFFFFF
        there = int(slots[slot])
        while there >= 0:
            distinct = distinct and there >> 32 != tag
            slot = (slot + 1) & last
            there = int(slots[slot])
        slots[slot] = tag << 32 | k
    return distinct


@kernel(steps=lambda slots, wanted, at: 3 * len(wanted), warm=lambda: (np.full(8, -1), np.arange(3), np.empty(3, np.int32)))
def find(slots: Int64, wanted: Int64, at: Int32) -> None:
    """Write into `at`, int32[m], the position of the first key placed that shares 31 bits with the wanted one; -1 for none."""
    last = len(slots) - 1
    for k in range(len(wanted)):
        slot = int(wanted[k]) & last
        tag = (int(wanted[k]) >> 32) & 0x7FFFFFFF
        there = int(slots[slot])
        while there >= 0 and there >> 32 != tag:
            slot = (slot + 1) & last
            there = int(slots[slot])
        at[k] = -1 if there < 0 else there & 0x7FFFFFFF
