"""What a family of cells of the simulation has in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

Outcome = tuple[float | bool, ...]
"""What one company shows; the cell knows what each place means."""


class Cell(Protocol):
    """Companies of one kind, each drawn from its seed."""

    @property
    def n(self) -> int:
        """Customers per company."""

    @property
    def companies(self) -> int:
        """How many companies, unless given."""

    @property
    def name(self) -> str:
        """The key of its outcomes in a record, and the head of its line."""

    def simulate(self, first: int, last: int) -> Iterator[Outcome | None]:
        """One outcome per seed; None if the company gets no number."""

    def describe(self, outcomes: Sequence[Outcome | None]) -> str:
        """One line."""
