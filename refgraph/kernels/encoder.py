"""Text ids -> positions: a hash table with open addressing over 64-bit keys, texts compared on every hit.

Below about a million rows the join of polars is as quick and needs no compiler. Above, polars hashes the texts (0.01 s
for two million), the kernel below places and finds the keys, and polars compares all texts at once, so that no equal key
of two different ids can mislead. Nothing but the keys is copied; a null is never found, whatever its cell may hold.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from refgraph.kernels.arrays import Int32, Int64
from refgraph.kernels.compile import COMPILE_ABOVE, Arguments, kernel


def positions(ids: pl.Series, wanted: pl.Series) -> pl.Series:
    """Int32, as long as `wanted`: the position in `ids` of each text, null where there is none and for null.

    ids: texts, each once; they are distinct to the byte. The same for every number of threads.
    """
    ids = ids.rechunk()  # to gather from many chunks takes ten times as long
    if len(ids) + len(wanted) >= COMPILE_ABOVE:
        found = _by_table(ids, wanted)
        if found is not None:
            return found
    place = pl.DataFrame({"id": ids, "place": np.arange(len(ids), dtype=np.int32)})
    return pl.DataFrame({"id": wanted}).join(place, on="id", how="left", maintain_order="left")["place"].alias("place")


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
    letters = np.frombuffer(str(ids.str.join("")[0]).encode(), np.uint8)
    size = ids.str.len_bytes().to_numpy().astype(np.int64)
    front = np.zeros((len(ids), 8), np.uint8)
    if len(letters) == len(ids) * size[0] and (size == size[0]).all():
        told = letters.reshape(len(ids), size[0])[:, common : common + 8]
        front[:, : told.shape[1]] = told
    else:
        end = np.cumsum(size)
        for k in range(8):
            place = end - size + common + k
            inside = np.flatnonzero(place < end)
            front[inside, k] = letters[place[inside]]
    return front.view(">u8").ravel().astype(np.uint64)


def _by_table(ids: pl.Series, wanted: pl.Series) -> pl.Series | None:
    """None where two of the ids have one key (once in 10**5 loads of ten million), so that the join must do it."""
    slots, at = np.full(1 << max(1, (2 * len(ids)).bit_length()), -1, np.int32), np.empty(len(wanted), np.int32)
    if not matched(_keys(ids), slots, _keys(wanted), at):
        return None
    found = pl.Series("place", at).set(pl.Series(at < 0), None)
    return found.set((ids.gather(found) == wanted).not_().fill_null(True), None)


def _keys(texts: pl.Series) -> Int64:
    return np.ascontiguousarray(texts.hash().to_numpy()).view(np.int64)


def _tiny() -> Arguments:
    return np.arange(3), np.full(8, -1, np.int32), np.arange(3), np.empty(3, np.int32)


@kernel(steps=lambda keys, slots, wanted, at: len(keys) + len(wanted), warm=_tiny)
def matched(keys: Int64, slots: Int32, wanted: Int64, at: Int32) -> bool:
    """Write the position in `keys` of each wanted key into `at`, int32[m], -1 where there is none.

    slots: int32, all -1, their number a power of two above len(keys). False, and nothing written, if a key comes twice.
    """
    last = len(slots) - 1
    for k in range(len(keys)):
        slot = int(keys[k]) & last
        while slots[slot] >= 0:
            if keys[slots[slot]] == keys[k]:
                return False
            slot = (slot + 1) & last
        slots[slot] = k
    for k in range(len(wanted)):
        slot = int(wanted[k]) & last
        while slots[slot] >= 0 and keys[slots[slot]] != wanted[k]:
            slot = (slot + 1) & last
        at[k] = slots[slot]
    return True
