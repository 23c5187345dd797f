"""Checksums: a few numbers that tell whether two tools gave the same answer, position by position."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bench_tools.graphs import Array

Sums = tuple[int | float, ...]


def sums(arrays: Iterable[Array]) -> Sums:
    """For each array the length and the sum weighted by position: exact for whole numbers (modulo 2**64), else float64."""
    found: list[int | float] = []
    for array in arrays:
        mark = (np.arange(len(array), dtype=np.int64) * 2_654_435_761) % 1_000_003 + 1
        if array.dtype.kind in "iub":
            found += [len(array), int(np.dot(array.astype(np.int64), mark))]
        else:
            numbers = array.astype(np.float64)
            found += [len(array), float(np.dot(numbers, mark / 1e6)), float(np.dot(numbers, numbers))]
    return tuple(found)


def agree(a: Sums, b: Sums, tolerance: float) -> bool:
    """Whether whole numbers are the same and floats differ by no more than the tolerance, relatively."""
    return len(a) == len(b) and all(
        x == y if isinstance(x, int) and isinstance(y, int) else abs(x - y) <= tolerance * max(abs(x), abs(y), 1e-300)
        for x, y in zip(a, b, strict=True)
    )


def smallest_member(label: Array) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Labels of a partition made comparable: the smallest position of each part."""
    values, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    return np.asarray(first[inverse.reshape(-1)], np.int64)
