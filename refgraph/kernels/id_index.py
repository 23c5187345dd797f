"""Text ids -> indices: a hash table with open addressing over 64-bit hashes; texts are compared on
every hit.

Up to about a million rows the join of polars is as fast and needs no compiler. Above, polars hashes
the texts (0.01 s for two million); the kernels below insert and find them, with 31 bits of the hash
next to the index so that a probe costs one memory load; and polars compares the texts. A text that
met another id's hash, or too many probes, is looked up by the join. Only hashes are copied; a null
is never found.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from refgraph.kernels.arrays import Bool, Bytes, Int32, Int64
from refgraph.kernels.compilation import kernel

HASH_TABLE_ABOVE = 1_000_000
"""Number of ids and texts from which the hash table is worth its kernels."""

MAX_PROBES = 64
"""Slots looked at for one key, so that the work is linear for any keys. Random keys in a half-full
table take 2.
"""

ABSENT, UNDECIDED = -1, -2
"""What `find_keys` writes instead of an index: not in the table; too many probes to know."""

_CHUNK = 1 << 18
"""Texts compared at a time: they stay in the processor's cache."""


class IdIndex:
    """The index of each of some texts among `ids`: distinct texts without null.

    The table is built at the first question and serves all later ones. Same answers for any number
    of threads.
    """

    def __init__(self, ids: pl.Series) -> None:
        self.ids = ids.rechunk()  # gathering from many chunks takes ten times as long

    def find_indices(self, wanted: pl.Series) -> pl.Series:
        """Int32, as long as `wanted`: the index of each text among the ids, null if it is not there
        or null.
        """
        if len(self.ids) + len(wanted) < HASH_TABLE_ABOVE:
            return self._join(wanted)
        found = np.empty(len(wanted), np.int32)
        find_keys(self._table[0], _hash_texts(wanted), found)
        unsure = np.flatnonzero((found == UNDECIDED) | _find_mismatches(self.ids, wanted, found))
        indices = pl.Series("index", found).set(pl.Series(found < 0), None)
        if len(unsure):
            indices = indices.scatter(unsure, self._join(wanted.gather(unsure)))
        return indices

    def _join(self, wanted: pl.Series) -> pl.Series:
        """The same by polars."""
        index = pl.Series("index", np.arange(len(self.ids), dtype=np.int32))
        ids = pl.DataFrame({"id": self.ids, "index": index})
        wanted_ids = pl.DataFrame({"id": wanted})
        return wanted_ids.join(ids, on="id", how="left", maintain_order="left")["index"]

    @cached_property
    def is_unique(self) -> bool:
        """Whether all ids are different. To be asked first of ids that may not be."""
        if len(self.ids) >= HASH_TABLE_ABOVE and self._table[1]:
            return True
        return self.ids.n_unique() == len(self.ids)

    @cached_property
    def _table(self) -> tuple[Int64, bool]:
        """The slots, and whether all ids are certainly different."""
        slots = np.full(1 << max(1, (2 * len(self.ids)).bit_length()), -1, np.int64)
        return slots, bool(insert_keys(_hash_texts(self.ids), slots))


def find_indices(ids: pl.Series, wanted: pl.Series) -> pl.Series:
    """`IdIndex.find_indices` for a single question."""
    return IdIndex(ids).find_indices(wanted)


def join_bytes(texts: pl.Series) -> Bytes:
    """uint8[k]: the bytes of all texts, one after another; a null has none."""
    return np.frombuffer(str(texts.str.join("")[0] or "").encode(), np.uint8)


def sort_ids(ids: pl.Series) -> Int64:
    """int64[n]: the rows of `ids` in increasing order of code points. ids: distinct texts without
    null.

    Eight bytes after the common beginning of all ids are sorted as one number; if they do not
    distinguish all ids, polars sorts the texts, which takes four times as long.
    """
    ids = ids.rechunk()
    if ids.is_sorted():
        return np.arange(len(ids))
    rows = np.argsort(_read_leading_bytes(ids)).astype(np.int64, copy=False)
    sorted_ids = ids.gather(rows)
    if (sorted_ids.slice(0, len(ids) - 1) < sorted_ids.slice(1)).all():
        return rows
    return ids.arg_sort().to_numpy().astype(np.int64)


def _read_leading_bytes(ids: pl.Series) -> npt.NDArray[np.uint64]:
    """uint64[n]: the first eight bytes after the common beginning, the first one most significant,
    zeros after the end.
    """
    common = _count_common_bytes(str(ids.min()).encode(), str(ids.max()).encode())
    text = join_bytes(ids)
    size = ids.str.len_bytes().to_numpy().astype(np.int64)
    leading = np.zeros((len(ids), 8), np.uint8)
    if len(text) == len(ids) * size[0] and (size == size[0]).all():
        same_length = text.reshape(len(ids), size[0])[:, common : common + 8]
        leading[:, : same_length.shape[1]] = same_length
    else:
        end = np.cumsum(size)
        for k in range(8):
            offset = end - size + common + k
            inside = np.flatnonzero(offset < end)
            leading[inside, k] = text[offset[inside]]
    return leading.view(">u8").ravel().astype(np.uint64)


def _count_common_bytes(first: bytes, second: bytes) -> int:
    """The length of the common beginning."""
    for k, (a, b) in enumerate(zip(first, second, strict=False)):
        if a != b:
            return k
    return min(len(first), len(second))


def _find_mismatches(ids: pl.Series, wanted: pl.Series, found: Int32) -> Bool:
    """bool[m]: an index was found, but the id there is another text than the one wanted, or that is
    null.
    """
    mismatch = np.zeros(len(found), np.bool_)
    if len(ids) == 0:
        return mismatch
    for start in range(0, len(found), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        is_found = found[chunk] >= 0
        texts = ids.gather(np.where(is_found, found[chunk], 0))
        is_same = np.asarray((texts == wanted[chunk]).fill_null(False))
        mismatch[chunk] = is_found & ~is_same
    return mismatch


def _hash_texts(texts: pl.Series) -> Int64:
    return np.ascontiguousarray(texts.hash().to_numpy()).view(np.int64)


@kernel(steps=lambda keys, slots: 3 * len(keys))
def insert_keys(keys: Int64, slots: Int64) -> bool:
    """Insert each key with its index, 31 bits of the key above it; False if some may be equal.

    slots: int64, all -1, their number a power of two above len(keys). A probe ends at the first
    free slot, at a slot with the same 31 bits (`find_keys` would stop there, too), or after
    MAX_PROBES slots: such keys are not inserted.
    """
    last, all_inserted = len(slots) - 1, True
    for k in range(len(keys)):
        home = int(keys[k])
        tag = (home >> 32) & 0x7FFFFFFF
        inserted = False
        for step in range(MAX_PROBES):
            slot = (home + step) & last
            entry = int(slots[slot])
            if entry < 0:
                slots[slot] = tag << 32 | k
                inserted = True
            if entry < 0 or entry >> 32 == tag:
                break
        all_inserted = all_inserted and inserted
    return all_inserted


@kernel(steps=lambda slots, wanted, found: 3 * len(wanted))
def find_keys(slots: Int64, wanted: Int64, found: Int32) -> None:
    """Fill `found`, int32[m]: the index of the first key that shares 31 bits with the wanted one,
    ABSENT or UNDECIDED.
    """
    last = len(slots) - 1
    for k in range(len(wanted)):
        home = int(wanted[k])
        tag = (home >> 32) & 0x7FFFFFFF
        found[k] = UNDECIDED
        for step in range(MAX_PROBES):
            entry = int(slots[(home + step) & last])
            if entry < 0:
                found[k] = ABSENT
                break
            if entry >> 32 == tag:
                found[k] = entry & 0x7FFFFFFF
                break
