"""Virality is rounded once, up to ten million parties: closed forms and exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.measures.tree_shapes import _divide_exactly, compute_virality
from refgraph.model.graph import Forest

ROOT = np.zeros(1, np.int64)


def build_tree(parent: np.ndarray, size: np.ndarray, depth: np.ndarray) -> Forest:
    """A forest of one tree whose parties are in preorder."""
    return Forest(
        parent=parent,
        order=np.arange(len(parent), dtype=np.int32),
        preorder_parent=parent,
        size=size.astype(np.int32),
        depth=depth.astype(np.int32),
    )


def build_chain(n: int) -> Forest:
    index = np.arange(n, dtype=np.int32)
    return build_tree(index - np.int32(1), n - index, index)


def build_broom(handle: int, hairs: int) -> Forest:
    """A chain of `handle` parties, the last of which has `hairs` children."""
    n = handle + hairs
    index = np.arange(n, dtype=np.int32)
    parent = np.minimum(index - 1, handle - 1).astype(np.int32)
    size = np.where(index < handle, n - index, 1)
    return build_tree(parent, size, np.minimum(index, handle))


@pytest.mark.parametrize(
    "n", [2, 3, 30, 65_537, 300_000, 301_000, 3_000_001, 9_999_999, 10_000_000]
)
def test_compute_virality_of_a_chain_is_the_closed_form(n: int) -> None:
    assert compute_virality(build_chain(n), ROOT).tolist() == [(n + 1) / 3]


@pytest.mark.parametrize(
    ("handle", "hairs"), [(1, 29), (1, 9_999_999), (5_000_000, 5_000_000), (7, 1_234_567)]
)
def test_compute_virality_of_a_broom_is_the_closed_form(handle: int, hairs: int) -> None:
    n = handle + hairs
    pairs_across_handle = sum(k * (n - k) for k in range(1, handle))
    total = hairs * (n - 1) + pairs_across_handle
    assert compute_virality(build_broom(handle, hairs), ROOT).tolist() == [
        2 * total / (n * (n - 1))
    ]


@given(st.integers(0, 2**61), st.integers(0, 2**61), st.integers(2, 2**31 - 1))
@settings(deadline=None)
def test_divide_exactly_of_any_limbs_is_the_nearest_float(
    high: int, low: int, members: int
) -> None:
    limbs = [(high, low), (high >> 41, low >> 9), (high >> 42, low >> 10), (0, low)]
    for high_limb, low_limb in limbs:
        total = (high_limb << 32) + low_limb
        exact = Fraction(2 * total, members * (members - 1))
        arguments = (np.array([x], np.int64) for x in (high_limb, low_limb, members))
        assert _divide_exactly(*arguments).tolist() == [float(exact)]
