"""Blocks of work on several threads, with the same result for any number of them.

Compiled kernels release the interpreter lock and run side by side. How the work is cut into blocks
must depend on the work alone, never on the number of threads; a block writes to memory of its own,
and sums over blocks are added in the order of the blocks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")


def count_threads() -> int:
    """How many threads to use: `$REFGRAPH_THREADS`, else the cores that this process may run on.

    Raises ValueError unless the variable is an integer of at least 1.
    """
    setting = os.environ.get("REFGRAPH_THREADS")
    if setting:
        if not setting.isdecimal() or int(setting) < 1:
            raise ValueError(f"REFGRAPH_THREADS is {setting!r}, not an integer of at least 1")
        return int(setting)
    get_affinity = getattr(os, "sched_getaffinity", None)
    return len(get_affinity(0)) if get_affinity else os.cpu_count() or 1


class WorkerPool:
    """Threads that wait for work: `with WorkerPool(limit) as pool`. A single thread is the caller's
    own.
    """

    def __init__(self, limit: int | None = None) -> None:
        threads = count_threads() if limit is None else min(limit, count_threads())
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None

    def map(self, task: Callable[[S], T], blocks: Iterable[S]) -> Iterator[T]:
        """The result of the task for each block, in the order of the blocks."""
        return map(task, blocks) if self._pool is None else self._pool.map(task, blocks)

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, error: object, *_: object) -> None:
        """After an error, such as Ctrl-C, blocks that are at work are not waited for."""
        if self._pool is not None:
            self._pool.shutdown(wait=error is None, cancel_futures=True)


def split_range(length: int, parts: int) -> list[tuple[int, int]]:
    """(first, end) of `parts` spans of 0 .. length whose lengths differ by at most one."""
    borders = [length * k // parts for k in range(parts + 1)]
    return list(zip(borders[:-1], borders[1:], strict=True))
