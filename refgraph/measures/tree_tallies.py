"""Trees and chains of primary referrers, with the parties behind each of their figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.kernels import passes
from refgraph.measures.calendar import YEAR
from refgraph.measures.members import Members
from refgraph.measures.own_cells import make_whole, measure_cells
from refgraph.measures.tallies import compute_ratio, measure_value
from refgraph.model.graph import Bools, Floats, Graph, Longs
from refgraph.model.representation import Described
from refgraph.model.tally import Quantity, TableName, Tally, Term


def tally_trees(graph: Graph, roots: Longs) -> dict[str, Tally]:
    """The figures of trees that are made of their parties; roots: their preorder indices."""
    forest, parent = graph.forest, graph.forest.parent
    depth = Quantity(scaled=forest.scatter(forest.depth).astype(np.float64))
    members, is_below = _group_by_tree(graph, roots), parent >= 0
    is_child = is_below & np.isin(parent, forest.order[roots])
    is_prospect = (graph.parties["stage"] == "prospect").to_numpy()
    below = members.count(is_below)
    return {
        "parties": members.count(),
        "customers": members.count(graph.customers),
        "prospects": members.count(is_prospect),
        "generations": make_whole(members.find_extreme("greatest", depth)),
        "widest": _tally_widest(graph, members),
        "direct": members.count(is_child),
        "value": members.add_up(measure_value(graph)),
        "closed": members.count(graph.customers & is_below),
        "dandelion": _tally_busiest(graph, members),
        "mean_depth": compute_ratio(members.add_up(depth, is_below), below),
        "years": _tally_years(graph, members, forest.order[roots].astype(np.int64)),
    }


def _group_by_tree(graph: Graph, roots: Longs) -> Members:
    """The parties by tree, numbered in the order of the roots."""
    forest = graph.forest
    number = np.full(len(graph) + 1, -1, np.int64)
    number[roots] = np.arange(len(roots))
    tree = forest.scatter(number[passes.find_roots(forest.preorder_parent)])
    return Members("customers", tree, len(roots))


def _tally_widest(graph: Graph, members: Members) -> Tally:
    """The parties of the widest generation of each tree, the first of several."""
    depth = graph.forest.scatter(graph.forest.depth)
    frame = pl.DataFrame({"tree": members.group, "depth": depth}).filter(pl.col("tree") >= 0)
    widths = (
        frame.group_by("tree", "depth").len().sort("tree", -pl.col("len").cast(pl.Int64), "depth")
    )
    widest = widths.unique("tree", keep="first", maintain_order=True)["depth"].to_numpy()
    return members.count(depth == np.append(widest, -1)[members.group])


def _tally_busiest(graph: Graph, members: Members) -> Tally:
    """M36: the share of the referrals of each tree made by one party, the first of the busiest."""
    parent = graph.forest.parent
    children = np.bincount(parent + 1, minlength=len(graph) + 1)[1:]
    order = np.lexsort((-children, members.group))
    busiest = _take_first(members, order)
    is_below = parent >= 0
    of_busiest = members.count(is_below & np.isin(parent, busiest))
    return compute_ratio(of_busiest, members.count(is_below))


def _take_first(members: Members, order: Longs) -> Longs:
    """The first party of each tree in an order of parties."""
    order = order[members.group[order] >= 0]
    return order[np.unique(members.group[order], return_index=True)[1]]


def _tally_years(graph: Graph, members: Members, root: Longs) -> Tally:
    """Years from the first contract of each root to the latest in its tree."""
    day, is_dated = measure_cells(graph.parties["since"])
    latest = members.find_extreme("greatest", day, is_dated)
    start = np.where(is_dated[root], day.scaled[root], np.nan)
    is_latest = is_dated & (day.scaled == np.append(latest.numbers, np.nan)[members.group])
    order = np.flatnonzero(is_latest)
    weight = np.zeros(len(graph))
    weight[_take_first(members, order)] += 1.0 / YEAR
    weight[root] -= 1.0 / YEAR
    term = Term(members=members, weight=weight, mask=is_dated, quantity=day)
    return Tally(method="sum", numbers=(latest.numbers - start) / YEAR, terms=(term,))


@dataclass(frozen=True, eq=False, repr=False)
class ChainLists(Described):
    """For every party those from its root down to it, along primary referrers."""

    graph: Graph
    table: TableName = "customers"

    def list_members(self, group: int) -> Longs:
        """The chain of a party, root first."""
        chain = [group]
        while self.graph.forest.parent[chain[-1]] >= 0:
            chain.append(int(self.graph.forest.parent[chain[-1]]))
        return np.array(chain[::-1], np.int64)

    def list_all(self) -> Longs:
        """All parties."""
        return np.arange(len(self.graph))

    def get_rows(self, members: Longs) -> Longs:
        """The parties themselves."""
        return members

    def list_groups(self, row: int) -> Longs:
        """The party and those below it."""
        forest = self.graph.forest
        place = int(np.flatnonzero(forest.order == row)[0])
        return forest.order[place : place + int(forest.size[place])].astype(np.int64)


def tally_chains(graph: Graph) -> dict[str, Tally]:
    """The figures of the chain from a root down to each party."""
    forest, chain = graph.forest, ChainLists(graph)
    depth = forest.scatter(forest.depth).astype(np.int64)
    is_below, day = forest.parent >= 0, measure_cells(graph.parties["since"])[0]

    def sum_down(numbers: Floats) -> Floats:
        sums = passes.sum_down(forest.preorder_parent, numbers[forest.order])
        return np.asarray(forest.scatter(sums))

    value, scale = sum_down(graph.value.scaled), graph.value.scale
    closed = sum_down(graph.customers.astype(np.float64)).astype(np.int64)
    return {
        "length": _count_along(chain, depth, is_below),
        "people": _count_along(chain, depth + 1, None),
        "value": Tally(
            method="sum",
            numbers=value / scale,
            terms=(Term(members=chain, quantity=measure_value(graph)),),
        ),
        "closed": _count_along(chain, closed, graph.customers),
        "days": _tally_days(graph, chain, day),
    }


def _count_along(chain: ChainLists, numbers: Longs, mask: Bools | None) -> Tally:
    return Tally(method="count", numbers=numbers, terms=(Term(members=chain, mask=mask),))


def _tally_days(graph: Graph, chain: ChainLists, day: Quantity) -> Tally:
    """Days from the first contract of the root to that of the party."""
    forest, since = graph.forest, graph.parties["since"]
    root = forest.scatter(forest.order[passes.find_roots(forest.preorder_parent)])
    days = (since - since.gather(root)).dt.total_days()

    def weigh(group: int, members: Longs) -> Floats:
        weight = np.zeros(len(members))
        weight[-1] += 1.0
        weight[0] -= 1.0
        return weight

    numbers = days.fill_null(0).to_numpy()
    tally = Tally(
        method="sum", numbers=numbers, terms=(Term(members=chain, weight=weigh, quantity=day),)
    )
    return tally.keep_known(days.is_not_null().to_numpy())
