"""Virality rounded once, up to trees of ten million, against closed forms and exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refgraph.graphs.shapes import _ratios, virality
from refgraph.model.graph import Forest

ROOT = np.zeros(1, np.int64)


def one_tree(parent: np.ndarray, size: np.ndarray, depth: np.ndarray) -> Forest:
    order = np.arange(len(parent), dtype=np.int32)
    return Forest(parent, order, parent, size.astype(np.int32), depth.astype(np.int32))


def chain(n: int) -> Forest:
    place = np.arange(n, dtype=np.int32)
    return one_tree(place - np.int32(1), n - place, place)


def broom(handle: int, hairs: int) -> Forest:
    """A chain of `handle` whose last has `hairs` children."""
    place = np.arange(handle + hairs, dtype=np.int32)
    parent = np.minimum(place - 1, handle - 1).astype(np.int32)
    return one_tree(parent, np.where(place < handle, handle + hairs - place, 1), np.minimum(place, handle))


@pytest.mark.parametrize("n", [2, 3, 30, 65_537, 300_000, 301_000, 3_000_001, 9_999_999, 10_000_000])
def test_a_chain_of_any_length_is_rounded_once(n: int) -> None:
    assert virality(chain(n), ROOT).tolist() == [(n + 1) / 3]


@pytest.mark.parametrize(("handle", "hairs"), [(1, 29), (1, 9_999_999), (5_000_000, 5_000_000), (7, 1_234_567)])
def test_stars_and_brooms(handle: int, hairs: int) -> None:
    """Below the k-th of the handle hang n - k; each hair is one edge to n - 1 others."""
    n = handle + hairs
    total = hairs * (n - 1) + sum(k * (n - k) for k in range(1, handle))
    assert virality(broom(handle, hairs), ROOT).tolist() == [2 * total / (n * (n - 1))]


@given(st.integers(0, 2**61), st.integers(0, 2**61), st.integers(2, 2**31 - 1))
@settings(deadline=None)
def test_the_mean_is_the_nearest_float(high: int, low: int, members: int) -> None:
    for h, w in ((high, low), (high >> 41, low >> 9), (high >> 42, low >> 10), (0, low)):
        exact = Fraction(2 * ((h << 32) + w), members * (members - 1))
        given = (np.array([x], np.int64) for x in (h, w, members))
        assert _ratios(*given).tolist() == [float(exact)]
