"""Reach and credit with the parties behind them: each descendant and its weight in the figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refgraph.errors import UsageError
from refgraph.graph.memo import cached_on_first_argument
from refgraph.kernels.distances import compute_csr_distances
from refgraph.kernels.generations import GenerationCounts
from refgraph.measures.centrality import compute_decayed_reach
from refgraph.measures.credit_rules import CreditRule, allocate_credit, split_amounts
from refgraph.measures.members import number_parties
from refgraph.measures.reach_and_credit import Reach, compute_reach, tally_direct_value
from refgraph.measures.tallies import measure_value
from refgraph.model.graph import Floats, Graph, Ints, Longs
from refgraph.model.message import Label
from refgraph.model.representation import Described
from refgraph.model.tally import TableName, Tally, Term, WeightRule

MAX_WORK = 100_000_000
"""Descendants times parties up to which a rule is asked for the part of each descendant."""


@dataclass(frozen=True, eq=False, repr=False)
class Descendants(Described):
    """For every party those below it, along active arcs; first_distance 0: and the party itself."""

    graph: Graph
    first_distance: int = 1
    table: TableName = "customers"

    def list_members(self, group: int) -> Longs:
        """The parties below one."""
        return np.flatnonzero(self.find_distances(group) >= self.first_distance)

    def list_all(self) -> Longs:
        """All parties that are below another one, or all."""
        has_referrer = self.graph.adjacency.has_referrer
        return np.flatnonzero(has_referrer if self.first_distance else has_referrer | True)

    def get_rows(self, members: Longs) -> Longs:
        """The parties themselves."""
        return members

    def list_groups(self, row: int) -> Longs:
        """The parties above one."""
        arcs = self.graph.adjacency
        distance = compute_csr_distances(arcs.in_ptr, arcs.in_src, np.array([row], np.int32))
        return np.flatnonzero(distance >= self.first_distance)

    def find_distances(self, group: int) -> Ints:
        """int32[n]: referrals from a party down to each; -1 = not below it."""
        arcs = self.graph.adjacency
        return compute_csr_distances(arcs.out_ptr, arcs.out_dst, np.array([group], np.int32))


@dataclass(frozen=True, eq=False, repr=False)
class GenerationLists(Described):
    """The parties at some distance below a party: group k is ``generation[k]`` below ``party[k]``.

    party, generation: int64[groups].
    """

    below: Descendants
    party: Longs
    generation: Longs
    table: TableName = "customers"

    def list_members(self, group: int) -> Longs:
        """The parties of a generation."""
        distance = self.below.find_distances(int(self.party[group]))
        return np.flatnonzero(distance == self.generation[group])

    def list_all(self) -> Longs:
        """All parties that are below another one."""
        return self.below.list_all()

    def get_rows(self, members: Longs) -> Longs:
        """The parties themselves."""
        return members

    def list_groups(self, row: int) -> Longs:
        """The generations that a party is in."""
        arcs = self.below.graph.adjacency
        distance = compute_csr_distances(arcs.in_ptr, arcs.in_src, np.array([row], np.int32))
        return np.flatnonzero(distance[self.party] == self.generation)


def list_generations(graph: Graph, counts: GenerationCounts) -> GenerationLists:
    """The generations that were counted, as groups of parties."""
    rows = np.diff(counts.ptr)
    party = np.repeat(np.arange(len(graph)), rows)
    generation = np.arange(len(party)) - np.repeat(counts.ptr[:-1], rows) + 1
    return GenerationLists(Descendants(graph), party, generation)


@cached_on_first_argument
def compute_reach_once(graph: Graph) -> Reach:
    """`compute_reach`, once per graph."""
    return compute_reach(graph)


def tally_reach(graph: Graph) -> dict[str, Tally]:
    """``downstream`` and ``downstream_value`` (M13), by party; unknown beyond the work bound."""
    is_quick = graph.adjacency.is_forest
    reach = compute_reach(graph) if is_quick else compute_reach_once(graph)
    below = Descendants(graph)
    count = Tally(method="count", numbers=reach.downstream, terms=(Term(members=below),))
    term = Term(members=below, quantity=measure_value(graph))
    return {
        "downstream": count.keep_known(reach.downstream >= 0),
        "downstream_value": Tally(method="sum", numbers=reach.value, terms=(term,)),
    }


def tally_credit(
    graph: Graph, rule: CreditRule = "shapley", delta: float = 0.5
) -> dict[str, Tally]:
    """``credit`` and ``credit_earned`` under a rule, by party; nan beyond the work bound."""
    credit = allocate_credit(graph, rule, delta)
    unknown = np.full(len(graph), np.nan)
    whole, below = _list_credit_terms(graph, rule, delta)
    numbers = (credit.credit, credit.earned) if credit else (unknown, unknown)
    for number in numbers:
        number += 0.0  # makes -0.0 a plain zero
    return {
        "credit": Tally(method="sum", numbers=numbers[0], terms=whole),
        "credit_earned": Tally(method="sum", numbers=numbers[1], terms=below),
    }


def _list_credit_terms(
    graph: Graph, rule: CreditRule, delta: float
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """What the whole credit of a party is made of, and what of it is earned."""
    quantity = measure_value(graph)
    if rule == "direct":
        own, referred = number_parties(len(graph)), tally_direct_value(graph).terms
        is_root = ~graph.adjacency.has_referrer
        return (Term(members=own, mask=is_root, quantity=quantity), *referred), referred
    weight = find_credit_weights(graph, rule, delta)
    whole, below = (
        Term(members=Descendants(graph, first), weight=weight, quantity=quantity)
        for first in (0, 1)
    )
    return (whole,), (below,)


def find_credit_weights(graph: Graph, rule: CreditRule, delta: float) -> WeightRule:
    """The part of the value of each descendant that a rule gives to a party.

    With one referrer each, and by the conjunctive rule, it is what the rule leaves with the
    descendant itself, times delta^distance for decay. Otherwise the rule, which is linear in the
    values, is asked: the part is the credit where that descendant alone is worth 1.
    """

    known: dict[tuple[int, int], float] = {}

    def read_own_parts(group: int, members: Longs) -> Floats:
        parts = split_amounts(graph, np.ones(len(graph)), rule, delta)
        assert parts is not None
        if rule != "decay":
            return parts.own[members]
        return parts.own[members] * delta ** Descendants(graph).find_distances(group)[members]

    def ask_for_each(group: int, members: Longs) -> Floats:
        if len(members) * len(graph) > MAX_WORK:
            raise UsageError("figure-closed", column="credit", why=Label("closed-bound"))
        for member in members.tolist():
            if (group, member) not in known:
                alone = np.zeros(len(graph))
                alone[member] = 1.0
                parts = split_amounts(graph, alone, rule, delta)
                known[group, member] = np.nan if parts is None else float(parts.credit[group])
        return np.array([known[group, member] for member in members.tolist()], np.float64)

    is_same_for_all = graph.adjacency.is_forest or rule == "conjunctive"
    return read_own_parts if is_same_for_all else ask_for_each


def weigh_distances(graph: Graph, delta: float) -> WeightRule:
    """delta^distance of each descendant."""
    below = Descendants(graph)

    def weigh(group: int, members: Longs) -> Floats:
        return delta ** below.find_distances(group)[members].astype(np.float64)

    return weigh


def weigh_paths(graph: Graph, step: Floats) -> WeightRule:
    """The product of the steps along primary referrers down to each descendant, 0 elsewhere.

    step: float64[n], that from the primary referrer of a party to it.
    """
    parent = graph.forest.parent

    def weigh(group: int, members: Longs) -> Floats:
        weight, place = np.ones(len(members)), members.copy()
        climbs = place != group
        while climbs.any():
            weight[climbs] *= step[place[climbs]]
            place[climbs] = parent[place[climbs]]
            weight[place < 0] = 0.0
            climbs = (place >= 0) & (place != group)
        return weight

    return weigh


def tally_decayed_reach(graph: Graph, delta: float) -> Tally:
    """M39k, by party: delta^distance over all descendants."""
    term = Term(members=Descendants(graph), weight=weigh_distances(graph, delta))
    return Tally(method="sum", numbers=compute_decayed_reach(graph, delta), terms=(term,))
