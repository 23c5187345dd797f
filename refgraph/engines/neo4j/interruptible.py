"""Work in a thread of its own, so that a signal interrupts the wait for it and never the work.

An exception raised by a signal handler (Ctrl-C, SIGTERM) inside the driver can leave half a message
in its buffer; the next message is appended to it, and the server reports a protocol error instead,
or both sides wait forever.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")
POLL_SECONDS = 0.05
"""Seconds per wait. Polars restarts system calls that a signal has interrupted, so one long wait
would never notice the signal."""


class Pulse:
    """When work last showed that it goes on."""

    def __init__(self) -> None:
        self.last = monotonic()

    def beat(self) -> None:
        """It goes on."""
        self.last = monotonic()


class BackgroundTask(Generic[T]):
    """Work that starts at once in a thread.

    If the caller abandons the task, it still runs to completion; its result is discarded.
    """

    def __init__(self, work: Callable[[], T], pulse: Pulse | None = None) -> None:
        self._pulse = pulse or Pulse()
        self._future: Future[T] = Future()
        Thread(target=self._run_work, args=(work,), daemon=True).start()

    def _run_work(self, work: Callable[[], T]) -> None:
        try:
            self._future.set_result(work())
        except BaseException as error:
            self._future.set_exception(error)

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the work has ended.

        Raises TimeoutError after that many seconds without a beat of the pulse, and whatever a
        signal handler raises.
        """
        start = monotonic()
        while not self._future.done():
            try:
                self._future.exception(POLL_SECONDS)
            except TimeoutError:
                silent_since = max(start, self._pulse.last)
                is_late = seconds is not None and monotonic() >= silent_since + seconds
                if is_late and not self._future.done():
                    raise

    def outcome(self) -> T:
        """What the work returned; raises what it raised. Call it after `wait`."""
        return self._future.result()
