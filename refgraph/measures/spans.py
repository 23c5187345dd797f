"""Members of a run of groups, such as years with a customer, and those watched at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.estimates.survival import SurvivalCurve
from refgraph.model.graph import Bools, Floats, Longs
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


@dataclass(frozen=True, eq=False, repr=False)
class WatchedMembers(Described):
    """The customers watched at one time: one group of those with entry < time <= exit.

    customer int64[m], entry, exit float64[m].
    """

    customer: Longs
    entry: Floats
    exit: Floats
    time: float
    table: TableName = "customers"

    def list_members(self, group: int) -> Longs:
        """Those watched at that time."""
        return np.flatnonzero((self.entry < self.time) & (self.time <= self.exit))

    def list_all(self) -> Longs:
        """Those watched at any time."""
        return np.arange(len(self.customer))

    def get_rows(self, members: Longs) -> Longs:
        """The customers at these positions."""
        return self.customer[members]

    def list_groups(self, row: int) -> Longs:
        """The group, if the customer is in it."""
        return np.zeros(int(np.isin(row, self.customer[self.list_members(0)])), np.int64)


def tally_at_risk(customer: Longs, curve: SurvivalCurve, time: float, at_risk: int) -> Tally:
    """How many were at risk at one time of a curve; customer int64: of those given to it."""
    watched = WatchedMembers(customer[curve.place], curve.entry, curve.exit, time)
    return Tally(method="count", numbers=np.array([at_risk]), terms=(Term(members=watched),))
