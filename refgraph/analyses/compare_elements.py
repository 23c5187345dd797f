"""What `compare` says about one side: the figures of a party or of a group."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from refgraph.graph import distances
from refgraph.measures import reach_and_credit
from refgraph.measures.calendar import YEAR
from refgraph.measures.conversion import is_known, is_lost
from refgraph.measures.members import select_members
from refgraph.measures.own_cells import measure_cells
from refgraph.measures.reach_and_credit import Credit
from refgraph.measures.referral_status import is_referred
from refgraph.measures.tallies import add_tallies, compute_ratio, measure_value, sum_groups
from refgraph.measures.tree_tallies import ChainLists
from refgraph.model.graph import Bools, Floats, Graph
from refgraph.model.tally import Tally


class Element(NamedTuple):
    """One row for one side. unit: number, share, value, days or years.

    tally: of one group; None = unknown. number: the figure, if it has no tally. counts: hits and n
    of a share; the difference of two shares gets an interval.
    """

    unit: str
    tally: Tally | None = None
    number: float | None = None
    counts: tuple[Tally, ...] = ()

    @property
    def cell(self) -> Tally | float | None:
        """The figure as a cell of the answer."""
        return self.number if self.tally is None else self.tally


Elements = dict[str, Element]


def describe_party(graph: Graph, index: int, credit: Credit | None) -> Elements:
    """The figures of one party, in order."""
    mask = np.zeros(len(graph), bool)
    mask[index] = True
    own = select_members("customers", mask)
    since = graph.parties["since"][index]
    years = (graph.as_of - since).days / YEAR if graph.as_of and since else None
    tenure = None if years is None else own.add_up_weights(np.where(mask, years, 0.0))
    generation = len(ChainLists(graph).list_members(index)) - 1
    direct_value = reach_and_credit.compute_direct_value(graph)
    return {
        "years_as_customer": Element("years", tenure),
        "generation": Element("number", number=generation),
        **_describe_referrals(graph, mask, credit),
        "value_rank": _rank(graph.value.numbers, graph.existing, index),
        "direct_value_rank": _rank(direct_value, graph.out_degree > 0, index),
    }


def _rank(numbers: Floats, ranked: Bools, index: int) -> Element:
    """Rank of a party among those in the mask, highest first, ties by id; None outside the mask."""
    if not ranked[index]:
        return Element("number")
    is_before = numbers > numbers[index]
    is_before |= (numbers == numbers[index]) & (np.arange(len(numbers)) <= index)
    return Element("number", select_members("customers", ranked & is_before).count())


def describe_group(graph: Graph, mask: Bools, credit: Credit | None) -> Elements:
    """The figures of the parties in the mask, in order."""
    existing = select_members("customers", mask & graph.existing)
    customers = existing.count()
    is_former = mask & graph.customers & ~graph.existing
    referred = existing.count(is_referred(graph, ("customer", *graph.scope.count)))
    total = existing.add_up(measure_value(graph))
    return {
        "parties": Element("number", select_members("customers", mask).count()),
        "customers": Element("number", customers),
        "former": Element("number", select_members("customers", is_former).count()),
        "referred_share": _share(referred, customers),
        "participation": _share(existing.count(graph.out_degree > 0), customers),
        "value_per_customer": Element("value", compute_ratio(total, customers)),
        **_describe_referrals(graph, mask, credit),
    }


def _share(hits: Tally, n: Tally) -> Element:
    return Element("share", compute_ratio(hits, n), counts=(hits, n))


def _describe_referrals(graph: Graph, mask: Bools, credit: Credit | None) -> Elements:
    """The figures that parties and groups share: value, referrals, credit and reach.

    A party counts once, however many in the mask referred it.
    """
    referred = select_members("customers", mark_referred_by(graph, mask))
    closed, lost = referred.count(graph.customers), referred.count(is_lost(graph))
    lost = lost.keep_known(not graph.undated_lost)
    decided = add_tallies(closed, lost)
    distance = distances.hops_down(graph, np.flatnonzero(mask).astype(np.int32))
    below = select_members("customers", distance > 0)
    quantity = measure_value(graph)
    generations = reach_and_credit.compute_generations(graph)
    direct_value = sum_groups(reach_and_credit.tally_direct_value(graph), mask)
    return {
        "own_value": Element("value", select_members("customers", mask).add_up(quantity)),
        "direct": Element("number", referred.count()),
        "closed": Element("number", closed),
        "lost": Element("number", lost),
        "conversion": _share(closed, decided) if is_known(graph) else Element("share"),
        "direct_value": Element("value", direct_value),
        "credit": Element("value", number=float(credit.credit[mask].sum()) if credit else None),
        "credit_earned": Element(
            "value", number=float(credit.earned[mask].sum()) if credit else None
        ),
        "downstream": Element("number", below.count()),
        "downstream_value": Element("value", below.add_up(quantity)),
        "generations": Element("number", number=int(generations[mask].max(initial=0))),
        "median_days_to_close": Element("days", _find_median_days(graph, mask)),
    }


def mark_referred_by(graph: Graph, mask: Bools) -> Bools:
    """bool[n]: the parties that anybody in the mask referred, along counted arcs."""
    referrals = graph.referral_lists
    is_referred_by_them = np.zeros(len(graph), np.bool_)
    is_referred_by_them[referrals.referred[mask[referrals.referrer]]] = True
    return is_referred_by_them


def _find_median_days(graph: Graph, mask: Bools) -> Tally:
    """Median days from the first referral by those in the mask to the first contract.

    One duration per referred party. Negative durations are left out: a referral entered after the
    contract says nothing about speed.
    """
    arcs = graph.arcs.with_row_index("row").filter("counted")
    arcs = arcs.sort("referred", "at", nulls_last=True, maintain_order=True)
    arcs = arcs.filter(pl.Series(mask, dtype=pl.Boolean).gather(arcs["referrer"]))
    row = arcs.unique("referred", keep="first", maintain_order=True)["row"].to_numpy()
    is_first = np.zeros(graph.arcs.height, np.bool_)
    is_first[row] = True
    days = graph.parties["since"].gather(graph.arcs["referred"]) - graph.arcs["at"]
    quantity, is_dated = measure_cells(days.dt.total_days())
    is_closed = graph.customers[graph.arcs["referred"].to_numpy()]
    is_used = is_first & is_closed & is_dated & (quantity.scaled >= 0)
    return select_members("referrals", is_used).find_median(quantity)
