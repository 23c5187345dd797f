"""Ids to positions: as a dictionary does it, by the table and by the join, whatever the ids look like."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.kernels import compile, encoder

TEXTS = st.text(max_size=3) | st.sampled_from(["001", "1", " 1 ", "", "a" * 40, "a" * 39 + "b", "\0", "\0\0", "𠮷"])
FORCED = pytest.mark.parametrize("bound", [0, 10**9], ids=["table", "join"])


@pytest.mark.parametrize("mode", ["plain", "compiled"])
@FORCED
@settings(max_examples=60, deadline=None)
@given(ids=st.lists(TEXTS, unique=True), wanted=st.lists(TEXTS | st.none()), cut=st.integers(0, 5))
def test_positions_are_those_of_a_dictionary(mode: str, bound: int, ids: list[str], wanted: list[str | None], cut: int) -> None:
    known = {id: k for k, id in enumerate(ids)}
    parts = [pl.Series("x", part, dtype=pl.String) for part in (ids[:cut], ids[cut:])]
    with pytest.MonkeyPatch.context() as patch, compile.mode(mode):
        patch.setattr(encoder, "TABLE_ABOVE", bound)
        found = encoder.positions(parts[0].append(parts[1]), pl.Series("y", wanted, dtype=pl.String))
    assert found.dtype == pl.Int32
    assert found.to_list() == [None if text is None else known.get(text) for text in wanted]


KEYS = st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1) | st.builds(lambda a, b: (a << 32) + b, st.integers(-2, 2), st.integers(0, 3))


@pytest.mark.parametrize("mode", ["plain", "compiled"])
@given(keys=st.lists(KEYS, max_size=12), wanted=st.lists(KEYS, max_size=8))
def test_keys_that_meet_in_one_slot_are_told_apart_by_31_bits(mode: str, keys: list[int], wanted: list[int]) -> None:
    """In the table is found whatever was placed under this very key, or else one that shares 31 bits with it."""
    at, slots = np.full(len(wanted), -7, np.int32), np.full(1 << max(1, len(keys).bit_length()), -1, np.int64)
    with compile.mode(mode):
        encoder.place(np.array(keys, np.int64), slots)
        encoder.find(slots, np.array(wanted, np.int64), at)
    bits = [(key >> 32) & (2**31 - 1) for key in (*keys, *wanted)]
    for k, found in enumerate(at.tolist()):
        assert found == -1 or bits[found] == bits[len(keys) + k]
        assert (found == -1) <= (wanted[k] not in keys)


@FORCED
@pytest.mark.parametrize("same", ["all", "one"])
def test_equal_keys_of_different_ids_mislead_nobody(bound: int, same: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the hash were the length of the text: ids that meet go through the join, strangers that meet an id stay out."""
    monkeypatch.setattr(encoder, "TABLE_ABOVE", bound)
    monkeypatch.setattr(encoder, "_keys", lambda texts: texts.str.len_bytes().fill_null(1).cast(pl.Int64).to_numpy())
    ids = pl.Series(["a", "b", "cc"] if same == "all" else ["a", "cc"])
    wanted = pl.Series(["b", "dd", "cc", None, "a"])
    assert encoder.positions(ids, wanted).to_list() == ([1, None, 2, None, 0] if same == "all" else [None, None, 1, None, 0])


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS | st.text("01", min_size=9, max_size=9).map("C".__add__) | st.text(), unique=True), st.integers(0, 5))
def test_the_order_of_ids_is_that_of_their_code_points(ids: list[str], cut: int) -> None:
    parts = [pl.Series("x", part, dtype=pl.String) for part in (ids[:cut], ids[cut:])]
    assert encoder.order(parts[0].append(parts[1])).tolist() == sorted(range(len(ids)), key=ids.__getitem__)
