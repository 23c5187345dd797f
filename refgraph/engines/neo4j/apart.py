"""Work in a thread of its own, so that a signal ends the wait for it and never breaks into it.

An exception from a handler (Ctrl-C, SIGTERM) at a place of its own choosing leaves half a message in the driver, to which it
appends the next; then the server complains instead of the signal being heard, or both wait for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")
SLICE = 0.05
"""Seconds of one wait. Polars restarts system calls that a signal has broken into: a wait without end would never hear it."""


class Apart(Generic[T]):
    """Work that is under way from now on. Whoever lets go of it lets it go on to its end with nobody listening."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._future: Future[T] = Future()
        Thread(target=self._done, args=(work,), daemon=True).start()

    def _done(self, work: Callable[[], T]) -> None:
        try:
            self._future.set_result(work())
        except BaseException as error:
            self._future.set_exception(error)

    def wait(self, seconds: float | None = None) -> None:
        """Until it has ended. Raises TimeoutError after so many seconds, and what a handler of signals raises."""
        end = None if seconds is None else monotonic() + seconds
        while not self._future.done():
            try:
                self._future.exception(SLICE)
            except TimeoutError:
                if end is not None and monotonic() >= end and not self._future.done():
                    raise

    def outcome(self) -> T:
        """What it gave or raised, once it has ended."""
        return self._future.result()
