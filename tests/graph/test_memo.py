"""Results are stored on the first argument: per object, per other arguments, read-only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from refgraph.graph.memo import cached_on_first_argument


@dataclass(frozen=True)
class Owner:
    """A frozen value to store results on."""

    size: int


calls: list[tuple[int, int]] = []


@cached_on_first_argument
def repeat_size(owner: Owner, times: int) -> np.ndarray:
    calls.append((owner.size, times))
    return np.full(times, owner.size)


def test_cached_on_first_argument_computes_once_per_object_and_arguments() -> None:
    calls.clear()
    one, equal_one = Owner(1), Owner(1)
    assert repeat_size(one, 2) is repeat_size(one, 2)
    assert repeat_size(one, 3) is not repeat_size(one, 2)
    assert repeat_size(equal_one, 2) is not repeat_size(one, 2)
    assert calls == [(1, 2), (1, 3), (1, 2)]


def test_cached_on_first_argument_returns_read_only_arrays() -> None:
    with pytest.raises(ValueError, match="read-only"):
        repeat_size(Owner(1), 2)[0] = 5


def test_cached_on_first_argument_with_keyword_raises() -> None:
    with pytest.raises(TypeError, match="by position"):
        repeat_size(Owner(1), times=2)
