"""Other views of members: of all groups, of other groups, of groups so far, and by rank."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from refgraph.measures.members import Members
from refgraph.model.arrays import Bools, Longs
from refgraph.model.representation import Described
from refgraph.model.tally import MemberLists, TableName, Tally, Term


@dataclass(frozen=True, eq=False, repr=False)
class AllMembers(Described):
    """The members of all groups, for every group: what the whole of a share is made of."""

    members: MemberLists
    groups: int

    @property
    def table(self) -> TableName:
        """The table of the rows."""
        return self.members.table

    def list_members(self, group: int) -> Longs:
        """The positions of the members of any group."""
        return self.members.list_all()

    def list_all(self) -> Longs:
        """The positions of the members of any group."""
        return self.members.list_all()

    def get_rows(self, members: Longs) -> Longs:
        """The rows of the table at these positions."""
        return self.members.get_rows(members)

    def list_groups(self, row: int) -> Longs:
        """All groups, if any of them has the row as a member."""
        found = len(self.members.list_groups(row)) > 0
        return np.arange(self.groups if found else 0)


@dataclass(frozen=True, eq=False, repr=False)
class MembersSoFar(Described):
    """For every group its members and those of the groups from ``first`` on before it."""

    members: Members
    first: int = 0

    @property
    def table(self) -> TableName:
        """The table of the rows."""
        return self.members.table

    def list_members(self, group: int) -> Longs:
        """The positions of the members of the groups up to this one."""
        numbers = self.members.group
        return np.flatnonzero((numbers >= self.first) & (numbers <= group))

    def list_all(self) -> Longs:
        """The positions of the members of all groups from the first on."""
        return np.flatnonzero(self.members.group >= self.first)

    def get_rows(self, members: Longs) -> Longs:
        """The rows of the table at these positions."""
        return self.members.get_rows(members)

    def list_groups(self, row: int) -> Longs:
        """The group of the row and all after it."""
        found = self.members.list_groups(row)
        is_counted = len(found) and found[0] >= self.first
        return np.arange(found[0], self.members.groups) if is_counted else found[:0]


@dataclass(frozen=True, eq=False, repr=False)
class OtherMembers(Described):
    """The members of other groups, which a group is compared with.

    is_reference bool[groups]: the groups compared with. without_own: whether a group is left out of
    its own reference.
    """

    members: Members
    is_reference: Bools
    without_own: bool = False

    @property
    def table(self) -> TableName:
        """The table of the rows."""
        return self.members.table

    def list_members(self, group: int) -> Longs:
        """The positions of the members of the groups compared with."""
        found = self.list_all()
        return found[self.members.group[found] != group] if self.without_own else found

    def list_all(self) -> Longs:
        """The positions of the members of all groups compared with."""
        is_chosen = np.append(self.is_reference, False)
        return np.flatnonzero(is_chosen[self.members.group])

    def get_rows(self, members: Longs) -> Longs:
        """The rows of the table at these positions."""
        return self.members.get_rows(members)

    def list_groups(self, row: int) -> Longs:
        """No group: a row counts in its own, not where others are compared with it."""
        return np.empty(0, np.int64)


@dataclass(frozen=True, eq=False, repr=False)
class Ranking(Described):
    """The parties in the order of a table; a party's group is all down to it.

    order int64[k]: parties, first to last. position int64[n]: place of each party in it, -1 = none.
    """

    order: Longs
    position: Longs
    table: TableName = "customers"

    def list_members(self, group: int) -> Longs:
        """The parties down to this one."""
        return self.order[: self.position[group] + 1]

    def list_all(self) -> Longs:
        """All parties that have a place."""
        return self.order

    def get_rows(self, members: Longs) -> Longs:
        """The parties themselves."""
        return members

    def list_groups(self, row: int) -> Longs:
        """The party itself and those behind it."""
        place = self.position[row]
        return self.order[place:] if place >= 0 else self.order[:0]


@dataclass(frozen=True, eq=False, repr=False)
class Following(Ranking):
    """As `Ranking`; a party's group is all behind it."""

    def list_members(self, group: int) -> Longs:
        """The parties behind this one."""
        return self.order[self.position[group] + 1 :]

    def list_groups(self, row: int) -> Longs:
        """Those before the party."""
        return self.order[: max(int(self.position[row]), 0)]


@dataclass(frozen=True, eq=False, repr=False)
class Renumbered(Described):
    """Groups under other numbers: group k is the group ``numbers[k]`` of other members."""

    members: MemberLists
    numbers: Longs

    @property
    def table(self) -> TableName:
        """The table of the rows."""
        return self.members.table

    def list_members(self, group: int) -> Longs:
        """The positions of the members of a group."""
        return self.members.list_members(int(self.numbers[group]))

    def list_all(self) -> Longs:
        """The positions of the members of any group."""
        return self.members.list_all()

    def get_rows(self, members: Longs) -> Longs:
        """The rows of the table at these positions."""
        return self.members.get_rows(members)

    def list_groups(self, row: int) -> Longs:
        """The groups that have a row of the table as a member."""
        return np.flatnonzero(np.isin(self.numbers, self.members.list_groups(row)))


def is_about_others(members: MemberLists) -> bool:
    """Whether they are wholes, sums so far or ranks: a row is among them because others are."""
    inner = members.members if isinstance(members, Renumbered) else members
    return isinstance(inner, (AllMembers, MembersSoFar, Ranking))


def renumber(tally: Tally, numbers: Longs) -> Tally:
    """The figures of a tally whose terms have no weights, under other numbers of their groups."""
    terms = tuple(replace(t, members=Renumbered(t.members, numbers)) for t in tally.terms)
    return replace(tally, numbers=tally.numbers[numbers], terms=terms)


def rank_parties(order: Longs, parties: int) -> Tally:
    """The rank of each party, 1 = first: how many there are down to it. order: as in `Ranking`."""
    position = np.full(parties, -1, np.int64)
    position[order] = np.arange(len(order))
    term = Term(members=Ranking(order.astype(np.int64), position))
    return Tally(method="count", numbers=position + 1, terms=(term,))
