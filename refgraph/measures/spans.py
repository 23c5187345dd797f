"""Members of a run of groups, such as the years in which a customer was present."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.model.graph import Bools, Longs
from refgraph.model.representation import Described
from refgraph.model.tally import Quantity, TableName, Tally, Term


@dataclass(frozen=True, eq=False, repr=False)
class SpanMembers(Described):
    """Rows of a table, each in the groups from ``first`` on and before ``end``.

    first, end int64[rows of the table]; a row whose end is not after its first is in none.
    """

    first: Longs
    end: Longs
    groups: int
    table: TableName = "customers"

    def list_members(self, group: int) -> Longs:
        """The rows of a group."""
        return np.flatnonzero((self.first <= group) & (group < self.end))

    def list_all(self) -> Longs:
        """The rows of any group."""
        first, end = np.maximum(self.first, 0), np.minimum(self.end, self.groups)
        return np.flatnonzero(first < end)

    def get_rows(self, members: Longs) -> Longs:
        """The rows themselves."""
        return members

    def list_groups(self, row: int) -> Longs:
        """The groups of a row."""
        return np.arange(max(self.first[row], 0), min(self.end[row], self.groups))

    def count(self, mask: Bools | None = None) -> Tally:
        """How many rows each group has; mask: by row of the table."""
        is_real = self.first < self.end if mask is None else mask & (self.first < self.end)
        change = np.zeros(self.groups + 1, np.int64)
        np.add.at(change, np.clip(self.first[is_real], 0, self.groups), 1)
        np.add.at(change, np.clip(self.end[is_real], 0, self.groups), -1)
        numbers = np.cumsum(change)[: self.groups]
        return Tally(method="count", numbers=numbers, terms=(Term(members=self, mask=mask),))

    def find_greatest(self, quantity: Quantity, mask: Bools) -> Tally:
        """The greatest quantity of a row of a group or of an earlier one; 0 without any."""
        is_used = mask & (self.first < self.groups)
        numbers = np.zeros(self.groups, np.float64)
        first = np.clip(self.first[is_used], 0, max(self.groups - 1, 0))
        np.maximum.at(numbers, first, quantity.scaled[is_used])
        numbers = np.maximum.accumulate(numbers)
        term = Term(members=self, mask=mask, quantity=quantity)
        return Tally(method="greatest", numbers=numbers, terms=(term,))
