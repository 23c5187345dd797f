"""How long work reports what it is doing. The bar and the remarks are shown in ``commands``."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Called with the name of the stage, how much is done, and how much there is, if known."""

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        """Report; called often, so it should be quick."""


def ignore_progress(stage: str, done: int, total: int | None = None) -> None:
    """The progress for callers who do not show any."""


_listeners: list[Callable[[str], None]] = []
"""A list, not a context variable: remarks also come from threads that work in the background."""


@contextmanager
def listen(listener: Callable[[str], None]) -> Iterator[None]:
    """Call ``listener`` with the id of each remark made in this process until the block ends."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


_watchers: list[Callable[[str], None]] = []
_running: list[str] = []
"""The steps that have begun and not ended, the innermost last."""


@contextmanager
def watch_steps(watcher: Callable[[str], None]) -> Iterator[None]:
    """Call ``watcher`` with the innermost running step whenever one begins or ends, until the block
    ends; empty if none is left.
    """
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def _tell_watchers() -> None:
    for watcher in tuple(_watchers):
        watcher(_running[-1] if _running else "")


@contextmanager
def log_step(logger: logging.Logger, step: str, *values: object) -> Iterator[None]:
    """Log a step with its duration when it ends, also by an error; ``--debug`` shows it.

    Watchers are told when it begins and ends.

    step, values: a text with ``%`` places, such as ``read %s``, and what fills them.
    """
    start = time.perf_counter()
    _running.append(step)
    _tell_watchers()
    try:
        yield
    finally:
        _running.pop()
        _tell_watchers()
        duration = 1000 * (time.perf_counter() - start)
        logger.debug(f"{step}: %.1f ms", *values, duration)


def remark(id: str) -> None:
    """Report to all listeners why a person has to wait. The sentence is ``[remark]`` of the texts.

    id: ``compiling`` (kernels, for the first time), ``cache-unwritable`` or ``cache-unusable``
    (they cannot be stored or read), ``unguarded`` (a database without the indexes that reading
    needs), ``confirming`` (what was loaded is read back) or ``edited`` (it is no longer the same).
    """
    for listener in tuple(_listeners):
        listener(id)
