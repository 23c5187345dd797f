"""How many random cases a property test tries: a tenth in the suite, all of them in a soak."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

FEW = 10
"""A test of fewer cases always tries all of them."""


def cases(count: int) -> int:
    """The number of examples out of ``count``; ``scripts/soak`` sets REFGRAPH_SOAK."""
    if count <= FEW or os.environ.get("REFGRAPH_SOAK"):
        return count
    return max(FEW, count // 10)


def choose(few: int, many: int) -> range:
    """The seeds of a test of whole companies or servers: ``few``, in a soak ``many`` times its own
    number, which ``REFGRAPH_SOAK`` gives.
    """
    times = os.environ.get("REFGRAPH_SOAK")
    return range(many * int(times)) if times else range(few)


def choose_few(values: Iterable[T], few: int) -> list[T]:
    """``few`` of the values, evenly spread and the same each time; all of them in a soak."""
    every = list(values)
    if os.environ.get("REFGRAPH_SOAK"):
        return every
    return every[:: -(-len(every) // few)]
