"""How long work tells what it is doing: a callback. The bar itself is drawn in ``commands``, and remarks are told there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """Called with the name of the stage, what is done and, if known, what there is to do."""

    def __call__(self, stage: str, done: int, total: int | None = None) -> None: ...


def silent(stage: str, done: int, total: int | None = None) -> None:
    """The progress of a caller who does not want to hear of it."""


listeners: list[Callable[[str], None]] = []
"""Whoever wants to hear what a person should know of a wait; the command line adds itself."""


def remark(id: str) -> None:
    """Tell the listeners: ``compiling`` (kernels, for the first time), ``cache-unwritable`` (they cannot be kept), ``unguarded``
    (a database without the indexes that reading needs), ``confirming`` (what was loaded is read back)."""
    for listener in listeners:
        listener(id)
