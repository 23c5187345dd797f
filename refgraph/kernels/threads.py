"""Work in blocks on several threads: compiled kernels run beside each other, and how many do changes no bit.

How the work is cut into blocks must depend on the work alone, never on the number of threads; a block writes to memory
of its own, and sums of blocks are added in the order of the blocks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def count() -> int:
    """How many threads to use: `$REFGRAPH_THREADS`, else the cores that this process may run on.

    Raises ValueError when the variable is no whole number of 1 or more.
    """
    given = os.environ.get("REFGRAPH_THREADS")
    if given:
        if not given.isdecimal() or int(given) < 1:
            raise ValueError(f"REFGRAPH_THREADS is {given!r}, not a whole number from 1")
        return int(given)
    cores = getattr(os, "sched_getaffinity", None)
    return len(cores(0)) if cores else os.cpu_count() or 1


class Crew:
    """Threads that wait for work; as a context: `with Crew(most) as crew`. With one thread, all is done at the caller's."""

    def __init__(self, most: int) -> None:
        threads = min(most, count())
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None

    def run(self, task: Callable[[int], T], blocks: int) -> Iterator[T]:
        """task(0), task(1) ... task(blocks - 1), in this order, however they were shared out."""
        return map(task, range(blocks)) if self._pool is None else self._pool.map(task, range(blocks))

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def spans(length: int, parts: int) -> list[tuple[int, int]]:
    """(first, end) of `parts` spans of 0 .. length that differ in length by one at most."""
    borders = [length * k // parts for k in range(parts + 1)]
    return list(zip(borders[:-1], borders[1:], strict=True))
