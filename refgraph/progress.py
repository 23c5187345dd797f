"""How long work tells what it is doing: a callback. The bar itself is drawn in ``commands``."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with the name of the stage, what is done and, if known, what there is to do."""

    def __call__(self, stage: str, done: int, total: int | None = None) -> None: ...


def silent(stage: str, done: int, total: int | None = None) -> None:
    """The progress of a caller who does not want to hear of it."""
