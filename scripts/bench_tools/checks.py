"""Checksums: a few numbers that tell whether two tools gave the same answer at every position."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bench_tools.graphs import Array

Checksums = tuple[int | float, ...]


def compute_checksums(arrays: Iterable[Array]) -> Checksums:
    """The length of each array and its sum weighted by position.

    Sums of whole numbers are exact modulo 2**64; the others are float64.
    """
    sums: list[int | float] = []
    for array in arrays:
        mark = (np.arange(len(array), dtype=np.int64) * 2_654_435_761) % 1_000_003 + 1
        if array.dtype.kind in "iub":
            sums += [len(array), int(np.dot(array.astype(np.int64), mark))]
        else:
            numbers = array.astype(np.float64)
            sums += [
                len(array),
                float(np.dot(numbers, mark / 1e6)),
                float(np.dot(numbers, numbers)),
            ]
    return tuple(sums)


def are_checksums_equal(a: Checksums, b: Checksums, tolerance: float) -> bool:
    """Whether whole numbers are equal and floats differ by at most the relative tolerance."""
    return len(a) == len(b) and all(
        x == y
        if isinstance(x, int) and isinstance(y, int)
        else abs(x - y) <= tolerance * max(abs(x), abs(y), 1e-300)
        for x, y in zip(a, b, strict=True)
    )


def label_by_smallest(label: Array) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Comparable labels of a partition: the smallest position in each part."""
    values, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    return np.asarray(first[inverse.reshape(-1)], np.int64)
