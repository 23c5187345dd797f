"""Rows of a table in groups, and the tallies made of them: counts, sums, extremes, medians."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from refgraph.estimates.quantile import compute_grouped_median
from refgraph.model.arrays import Bools, Floats, Ints, Longs
from refgraph.model.representation import Described
from refgraph.model.tally import Quantity, TableName, Tally, Term


@dataclass(frozen=True, eq=False, repr=False)
class Members(Described):
    """Rows of a table of the Graph, each in one group or in none.

    group int[m]: 0 .. groups - 1, -1 = none. row int[m]: row of the table, None = 0 .. m - 1.
    """

    table: TableName
    group: Ints | Longs
    groups: int
    row: Ints | Longs | None = None

    def list_members(self, group: int) -> Longs:
        """The positions of the members of a group."""
        return np.flatnonzero(self.group == group)

    def get_rows(self, members: Longs) -> Longs:
        """The rows of the table at these positions."""
        return members if self.row is None else self.row[members].astype(np.int64)

    def list_all(self) -> Longs:
        """The positions of the members of any group."""
        return np.flatnonzero(self.group >= 0)

    def list_groups(self, row: int) -> Longs:
        """The groups that have a row of the table as a member."""
        found = self.group[self._find_positions(row)].astype(np.int64)
        return np.unique(found[found >= 0])

    def _find_positions(self, row: int) -> Longs:
        if self.row is None:
            return np.arange(row, row + 1)
        return np.flatnonzero(self.row == row)

    def count(self, mask: Bools | None = None) -> Tally:
        """How many members each group has; mask bool[m]: only these."""
        numbers = np.bincount(self.group[self._choose(mask)], minlength=self.groups)
        return Tally(method="count", numbers=numbers, terms=(Term(members=self, mask=mask),))

    def add_up(
        self, quantity: Quantity, mask: Bools | None = None, weight: Floats | None = None
    ) -> Tally:
        """The sum of weight times quantity over each group; mask bool[m], weight float64[m]."""
        selected = self._choose(mask)
        amounts = self._get_amounts(quantity)[selected]
        if weight is not None:
            amounts = amounts * weight[selected]
        group = self.group[selected]
        # Without members the sums are whole numbers.
        counted = np.bincount(group, weights=amounts, minlength=self.groups)
        sums: Floats = counted.astype(np.float64, copy=False)
        term = Term(members=self, mask=mask, weight=weight, quantity=quantity)
        numbers, scale = sums / quantity.scale, quantity.scale
        return Tally(method="sum", numbers=numbers, terms=(term,), scaled=sums, scale=scale)

    def add_up_weights(self, weight: Floats | Longs, scale: float = 1.0) -> Tally:
        """The sum of the weights of each group, float64[m], divided by a scale."""
        is_member = self.group >= 0
        sums = np.bincount(self.group[is_member], weights=weight[is_member], minlength=self.groups)
        term = Term(members=self, weight=weight / scale)
        return Tally(method="sum", numbers=sums / scale, terms=(term,))

    def find_extreme(
        self, which: Literal["least", "greatest"], quantity: Quantity, mask: Bools | None = None
    ) -> Tally:
        """The least or greatest quantity of each group; nan where it has none."""
        selected = self._select(mask)
        amounts = self._get_amounts(quantity)[selected]
        is_least = which == "least"
        extreme = np.full(self.groups, np.inf if is_least else -np.inf)
        choose = np.minimum if is_least else np.maximum
        choose.at(extreme, self.group[selected], amounts)
        extreme[~np.isfinite(extreme)] = np.nan
        numbers = extreme / quantity.scale
        term = Term(members=self, mask=mask, quantity=quantity)
        return Tally(method=which, numbers=numbers, terms=(term,))

    def find_median(self, quantity: Quantity, mask: Bools | None = None) -> Tally:
        """The median quantity of each group; nan where it has none."""
        selected = self._select(mask)
        amounts = self._get_amounts(quantity)[selected]
        numbers = compute_grouped_median(self.group[selected], amounts, self.groups)
        term = Term(members=self, mask=mask, quantity=quantity)
        return Tally(method="middle", numbers=numbers / quantity.scale, terms=(term,))

    def count_distinct(self, labels: Ints | Longs, mask: Bools | None = None) -> Tally:
        """How many different labels, int[m], the members of one group have; one row stands for
        each.
        """
        chosen = np.flatnonzero(self._select(mask))
        is_first = np.zeros(len(self.group), np.bool_)
        is_first[chosen[np.unique(labels[chosen], return_index=True)[1]]] = True
        return self.count(is_first)

    def list_inputs(self, numbers: np.ndarray | float, mask: Bools | None = None) -> Tally:
        """Figures that a formula computes from the members together; one number by group."""
        term = Term(members=self, mask=mask)
        return Tally(method="inputs", numbers=np.atleast_1d(numbers), terms=(term,))

    def _select(self, mask: Bools | None) -> Bools:
        is_member = self.group >= 0
        return is_member if mask is None else is_member & mask

    def _choose(self, mask: Bools | None) -> Bools | slice:
        """As `_select`; a slice where that is everything, which copies nothing."""
        if mask is None and (not len(self.group) or self.group.min() >= 0):
            return slice(None)
        return self._select(mask)

    def _get_amounts(self, quantity: Quantity) -> Floats:
        return quantity.scaled if self.row is None else quantity.scaled[self.row]


def number_parties(parties: int) -> Members:
    """Every party in a group of its own, for figures of the party itself."""
    return Members("customers", np.arange(parties), parties)


def select_members(table: TableName, mask: Bools) -> Members:
    """One group of rows; mask: bool by row of the table."""
    return Members(table, np.where(mask, 0, -1), 1)


def list_parties(parties: Longs, group: Longs | None = None, groups: int = 1) -> Members:
    """Parties, some perhaps several times, in one group, or in those given."""
    return Members(
        "customers", np.zeros(len(parties), np.int64) if group is None else group, groups, parties
    )


def group_by_word(table: TableName, words: pl.Series, mask: Bools) -> tuple[pl.Series, Members]:
    """The words in order, and the rows of each; words, mask: by row of the table."""
    names = words.filter(pl.Series(mask)).unique().sort()
    codes = names.to_frame("word").with_row_index("code")
    found = words.to_frame("word").join(codes, on="word", how="left", maintain_order="left")
    group = found["code"].cast(pl.Int64).fill_null(-1).to_numpy()
    return names, Members(table, np.where(mask, group, -1), names.len())
