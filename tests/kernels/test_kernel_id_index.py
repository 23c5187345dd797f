"""Ids to indices: as a dictionary finds them, by the table and by the join, whatever the ids look
like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.random_cases import cases

from refgraph.kernels import compilation, id_index
from refgraph.kernels.id_index import MAX_PROBES, UNDECIDED

TEXTS = st.text(max_size=3) | st.sampled_from(
    ["001", "1", " 1 ", "", "a" * 40, "a" * 39 + "b", "\0", "\0\0", "𠮷"]
)
both_methods = pytest.mark.parametrize("above", [0, 10**9], ids=["table", "join"])
both_modes = pytest.mark.parametrize("mode", ["plain", "compiled"])


@both_modes
@both_methods
@settings(max_examples=cases(60), deadline=None)
@given(ids=st.lists(TEXTS, unique=True), wanted=st.lists(TEXTS | st.none()), cut=st.integers(0, 5))
def test_find_indices_any_texts_agrees_with_a_dictionary(
    mode: str, above: int, ids: list[str], wanted: list[str | None], cut: int
) -> None:
    index = {id: k for k, id in enumerate(ids)}
    parts = [pl.Series("x", part, dtype=pl.String) for part in (ids[:cut], ids[cut:])]
    texts = pl.Series("y", wanted, dtype=pl.String)
    with pytest.MonkeyPatch.context() as patch, compilation.force_mode(mode):
        patch.setattr(id_index, "HASH_TABLE_ABOVE", above)
        found = id_index.find_indices(parts[0].append(parts[1]), texts)
    assert found.dtype == pl.Int32
    assert found.to_list() == [None if text is None else index.get(text) for text in wanted]


KEYS = (
    st.integers(-3, 3)
    | st.integers(-(2**63), 2**63 - 1)
    | st.builds(lambda a, b: (a << 32) + b, st.integers(-2, 2), st.integers(0, 3))
)


@both_modes
@given(keys=st.lists(KEYS, max_size=12), wanted=st.lists(KEYS, max_size=8))
def test_find_keys_any_keys_finds_one_that_shares_31_bits(
    mode: str, keys: list[int], wanted: list[int]
) -> None:
    """Every key that was given is found, if only by one with the same 31 bits; a stranger need not
    be.
    """
    found = np.full(len(wanted), -7, np.int32)
    slots = np.full(1 << max(1, len(keys).bit_length()), -1, np.int64)
    with compilation.force_mode(mode):
        all_inserted = id_index.insert_keys(np.array(keys, np.int64), slots)
        id_index.find_keys(slots, np.array(wanted, np.int64), found)
    assert not all_inserted or len(set(keys)) == len(keys)
    bits = [(key >> 32) & (2**31 - 1) for key in (*keys, *wanted)]
    for k, index in enumerate(found.tolist()):
        assert index == -1 or bits[index] == bits[len(keys) + k]
        assert index != -1 or wanted[k] not in keys


class CountingSlots:
    """A hash table that counts how often a slot is read."""

    def __init__(self, size: int) -> None:
        self.slots = [-1] * size
        self.reads = 0

    def __len__(self) -> int:
        return len(self.slots)

    def __getitem__(self, slot: int) -> int:
        self.reads += 1
        return self.slots[slot]

    def __setitem__(self, slot: int, entry: int) -> None:
        self.slots[slot] = entry


def mix(n: int) -> Iterator[int]:
    """Random keys."""
    yield from np.random.default_rng(4).integers(-(2**63), 2**63, n, dtype=np.int64).tolist()


SPREADS: dict[str, tuple[Callable[[int], list[int]], float]] = {
    "equal": (lambda n: [12345] * n, 1),
    "sequential": (lambda n: list(range(n)), 1.1),
    "sequential, different tags": (lambda n: [k << 32 | k for k in range(n)], 1.1),
    "one home slot": (lambda n: [k << 32 for k in range(n)], MAX_PROBES),
    "two home slots": (lambda n: [k << 32 | k % 2 for k in range(n)], MAX_PROBES),
    "random": (lambda n: list(mix(n)), 3),
}


@pytest.mark.parametrize(("make_keys", "most"), SPREADS.values(), ids=SPREADS.keys())
def test_hash_table_any_keys_takes_linear_work(
    make_keys: Callable[[int], list[int]], most: float
) -> None:
    """Probes per key do not grow with their number, neither while inserting nor while finding."""
    n = 4000
    keys, slots = make_keys(n), CountingSlots(16_384)
    found = np.empty(n, np.int32)
    with compilation.force_mode("plain"):
        id_index.insert_keys(keys, slots)  # type: ignore[arg-type]
        assert slots.reads <= most * n
        slots.reads = 0
        id_index.find_keys(slots, keys, found)  # type: ignore[arg-type]
        assert slots.reads <= most * n
        slots.reads = 0
        strangers = [key ^ (1 << 60) for key in keys]
        id_index.find_keys(slots, strangers, found)  # type: ignore[arg-type]
        assert slots.reads <= MAX_PROBES * n


def test_hash_table_after_too_many_probes_is_undecided() -> None:
    keys = np.arange(100, dtype=np.int64) << 32
    slots, found = np.full(256, -1, np.int64), np.empty(100, np.int32)
    assert not id_index.insert_keys(keys, slots)
    id_index.find_keys(slots, keys, found)
    assert found.tolist() == [*range(MAX_PROBES), *[UNDECIDED] * (100 - MAX_PROBES)]


def hash_by_length(texts: pl.Series) -> np.ndarray:
    """A bad hash: texts of one length have equal keys."""
    return texts.str.len_bytes().fill_null(1).cast(pl.Int64).to_numpy()


def hash_into_one_slot(texts: pl.Series) -> np.ndarray:
    """Another bad hash: different keys with one home slot."""
    return texts.str.len_bytes().fill_null(1).cast(pl.Int64).to_numpy() << 32


@pytest.mark.parametrize("bad_hash", [hash_by_length, hash_into_one_slot])
@both_methods
def test_find_indices_bad_hash_misleads_nobody(
    above: int, bad_hash: Callable[[pl.Series], np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(id_index, "HASH_TABLE_ABOVE", above)
    monkeypatch.setattr(id_index, "_hash_texts", bad_hash)
    ids = [letter * size for size in range(1, 150) for letter in "ab"]
    wanted = [*ids[::3], "c", "c" * 200, None, "a" * 149]
    index = {id: k for k, id in enumerate(ids)}
    found = id_index.find_indices(pl.Series(ids), pl.Series(wanted))
    assert found.to_list() == [None if text is None else index.get(text) for text in wanted]


@pytest.mark.parametrize("bad_hash", [None, hash_by_length, hash_into_one_slot])
@both_methods
def test_is_unique_tells_equal_ids_from_equal_hashes(
    above: int, bad_hash: Callable[..., np.ndarray] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(id_index, "HASH_TABLE_ABOVE", above)
    if bad_hash:
        monkeypatch.setattr(id_index, "_hash_texts", bad_hash)
    ids = [letter * size for size in range(1, 150) for letter in "ab"]
    assert id_index.IdIndex(pl.Series(ids)).is_unique
    assert not id_index.IdIndex(pl.Series([*ids, "aa"])).is_unique
    assert not id_index.IdIndex(pl.Series(["same"] * 300)).is_unique


@settings(max_examples=cases(300), deadline=None)
@given(
    st.lists(
        TEXTS | st.text("01", min_size=9, max_size=9).map("C".__add__) | st.text(), unique=True
    ),
    st.integers(0, 5),
)
def test_sort_ids_any_texts_is_the_order_of_code_points(ids: list[str], cut: int) -> None:
    parts = [pl.Series("x", part, dtype=pl.String) for part in (ids[:cut], ids[cut:])]
    rows = id_index.sort_ids(parts[0].append(parts[1]))
    assert rows.tolist() == sorted(range(len(ids)), key=ids.__getitem__)
