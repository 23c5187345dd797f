"""Tallies: the figures of a column together with the rows of the data that make each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple, Protocol

import numpy as np
import polars as pl

from refgraph.model.arrays import Bools, Floats, Longs
from refgraph.model.representation import Described

TableName = Literal["customers", "referrals", "orders", "settings"]
Method = Literal[
    "count",
    "sum",
    "ratio",
    "least",
    "greatest",
    "middle",
    "low",
    "high",
    "difference",
    "difference-low",
    "difference-high",
    "inputs",
]
"""How a figure follows from its rows.

count, sum: the weights, or weight times amount, added up. ratio: the sum over the numerator by that
over the denominator. least, greatest, middle: of the amounts, or of the dates if there are none.
low, high: ends of Wilson's interval of a ratio. difference and its ends: of two ratios, the second
under the roles of the reference (Newcombe). inputs: the rows that a formula takes together.
"""
Role = Literal["counted", "numerator", "denominator", "reference-numerator", "reference"]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Quantity(Described):
    """What each row of a table adds to a sum: ``scaled`` / ``scale``, float64 by row of the table.

    order_column: the column of the orders whose sums these are; empty if the table itself holds the
    numbers. order_mask: bool by order: which orders, None = those in the window of the scope.
    """

    scaled: Floats
    scale: int = 1
    order_column: str = ""
    order_mask: Bools | None = None


class MemberLists(Protocol):
    """Rows of a table of the Graph by group; a row may belong to several groups, or to none."""

    @property
    def table(self) -> TableName:
        """The table of the rows."""
        ...

    def list_members(self, group: int) -> Longs:
        """The positions of the members of a group."""
        ...

    def get_rows(self, members: Longs) -> Longs:
        """The rows of the table at these positions."""
        ...

    def list_all(self) -> Longs:
        """The positions of the members of any group."""
        ...

    def list_groups(self, row: int) -> Longs:
        """The groups that have a row of the table as a member."""
        ...


WeightRule = Callable[[int, Longs], Floats]
"""(group, positions of its members) -> their weights."""


class ListedRows(NamedTuple):
    """Rows of a table and the weight of each: int64[k], float64[k]."""

    row: Longs
    weight: Floats


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Term(Described):
    """The members of groups that enter a figure in one role.

    mask bool[m], weight float64[m]: by position of the member; None = all, 1. quantity: by row of
    the table; None = each counts 1.
    """

    members: MemberLists
    role: Role = "counted"
    mask: Bools | None = None
    weight: Floats | WeightRule | None = None
    quantity: Quantity | None = None

    def list_rows(self, group: int) -> ListedRows:
        """The rows of a group, with their weights."""
        members = self.members.list_members(group)
        if self.mask is not None:
            members = members[self.mask[members]]
        if callable(self.weight):
            weight = self.weight(group, members)
        elif self.weight is not None:
            weight = self.weight[members]
        else:
            weight = np.ones(len(members))
        counts = weight != 0
        return ListedRows(self.members.get_rows(members[counts]), weight[counts])


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Tally(Described):
    """A figure for each of several groups, and what each of them is made of.

    numbers: int64[groups], or float64[groups] with nan where it is undefined. scaled, scale: sums
    before the division, so that ratios of exact sums are exact. is_known: bool by group, None =
    all. is_date: whether the numbers are days since 1970-01-01.
    """

    method: Method
    numbers: np.ndarray
    terms: tuple[Term, ...]
    scaled: Floats | None = None
    scale: int = 1
    is_known: Bools | None = None
    is_date: bool = False

    def to_series(self) -> pl.Series:
        """The figures as a column: whole numbers, float64 or dates; null where unknown."""
        series = pl.Series(self.numbers, nan_to_null=True)
        if self.is_known is not None and not self.is_known.all():
            series = series.set(pl.Series(~self.is_known), None)
        return series.cast(pl.Int32).cast(pl.Date) if self.is_date else series

    def get_number(self, group: int = 0) -> float | int | None:
        """The figure of one group; None where it is unknown."""
        return self.to_series()[group]  # type: ignore[no-any-return]

    def keep_known(self, is_known: Bools | bool) -> Tally:
        """The tally without the figures that are not known; bool by group, or one for all."""
        known = np.broadcast_to(np.asarray(is_known, np.bool_), self.numbers.shape)
        return replace(self, is_known=known if self.is_known is None else known & self.is_known)

    def take_roles(self, **roles: Role) -> tuple[Term, ...]:
        """The terms in other roles: ``counted="numerator"``."""
        return tuple(replace(term, role=roles.get(term.role, term.role)) for term in self.terms)

    def find(self, group: int) -> tuple[Tally, int]:
        """The tally that holds a figure, and its group there."""
        return self, group

    def take(self, groups: Longs) -> Tally:
        """The figures of some groups, without what they are made of."""
        return replace(
            self,
            numbers=self.numbers[groups],
            terms=(),
            scaled=None if self.scaled is None else self.scaled[groups],
            is_known=None if self.is_known is None else self.is_known[groups],
        )


@dataclass(frozen=True, eq=False, repr=False)
class StackedTally(Described):
    """A column whose figures come from one tally each; None = a cell that is no figure."""

    rows: tuple[Tally | None, ...]

    def find(self, group: int) -> tuple[Tally | None, int]:
        """The tally that holds a figure, and its group there."""
        return self.rows[group], 0


class TalliesOnDemand(Mapping[str, Tally | StackedTally]):
    """Tallies by column, computed when the first is asked for: until then they hold no memory."""

    def __init__(self, compute: Callable[[], Mapping[str, Tally | StackedTally]]) -> None:
        self._compute = compute

    @cached_property
    def _tallies(self) -> Mapping[str, Tally | StackedTally]:
        return self._compute()

    def __getitem__(self, column: str) -> Tally | StackedTally:
        return self._tallies[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tallies)

    def __len__(self) -> int:
        return len(self._tallies)


@dataclass(frozen=True, eq=False, repr=False)
class Tallies(Described):
    """What the figures of an answer are made of.

    by_column: column -> its figures. groups int64[rows]: the group of each row of the answer, None
    = 0, 1, 2 ...
    """

    by_column: Mapping[str, Tally | StackedTally]
    groups: Longs | None = None

    def find(self, column: str, row: int) -> tuple[Tally | None, int]:
        """The tally of a cell and its group there; no tally if the cell is no figure."""
        if column not in self.by_column:
            return None, 0
        group = row if self.groups is None else int(self.groups[row])
        return self.by_column[column].find(group)
