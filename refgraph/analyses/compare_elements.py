"""What `compare` says about one side: the figures of a party or of a group."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from refgraph.estimates.quantile import grouped_median
from refgraph.graph import distances
from refgraph.measures import reach_and_credit
from refgraph.measures.calendar import YEAR
from refgraph.measures.conversion import is_known, is_lost
from refgraph.measures.reach_and_credit import Credit
from refgraph.measures.referral_status import is_referred
from refgraph.model.graph import Bools, Floats, Graph


class Share(NamedTuple):
    """A share hits / n; the difference of two shares gets an interval."""

    hits: int
    n: int


class Element(NamedTuple):
    """One row for one side. unit: number, share, value, days or years. value: None = unknown."""

    unit: str
    value: float | int | Share | None


Elements = dict[str, Element]


def describe_party(graph: Graph, index: int, credit: Credit | None) -> Elements:
    """The figures of one party, in order."""
    mask = np.zeros(len(graph), bool)
    mask[index] = True
    since = graph.parties["since"][index]
    years = (graph.as_of - since).days / YEAR if graph.as_of and since else None
    generation = int(graph.forest.scatter(graph.forest.depth)[index])
    direct_value = reach_and_credit.compute_direct_value(graph)
    value_rank = _compute_rank(graph.value.numbers, graph.existing, index)
    direct_value_rank = _compute_rank(direct_value, graph.out_degree > 0, index)
    return {
        "years_as_customer": Element("years", years),
        "generation": Element("number", generation),
        **_describe_referrals(graph, mask, credit),
        "value_rank": Element("number", value_rank),
        "direct_value_rank": Element("number", direct_value_rank),
    }


def _compute_rank(numbers: Floats, ranked: Bools, index: int) -> int | None:
    """Rank of a party among those in the mask, highest first, ties by id; None outside the mask."""
    if not ranked[index]:
        return None
    higher = int((ranked & (numbers > numbers[index])).sum())
    equal_before = int((ranked & (numbers == numbers[index]))[:index].sum())
    return 1 + higher + equal_before


def describe_group(graph: Graph, mask: Bools, credit: Credit | None) -> Elements:
    """The figures of the parties in the mask, in order."""
    existing = mask & graph.existing
    customers = int(existing.sum())
    former = int((mask & graph.customers & ~graph.existing).sum())
    referred = int((is_referred(graph, ("customer", *graph.scope.count)) & existing).sum())
    recommenders = int((existing & (graph.out_degree > 0)).sum())
    total = float(graph.value.scaled[existing].sum()) / graph.value.scale
    return {
        "parties": Element("number", int(mask.sum())),
        "customers": Element("number", customers),
        "former": Element("number", former),
        "referred_share": Element("share", Share(referred, customers)),
        "participation": Element("share", Share(recommenders, customers)),
        "value_per_customer": Element("value", total / customers if customers else None),
        **_describe_referrals(graph, mask, credit),
    }


def _describe_referrals(graph: Graph, mask: Bools, credit: Credit | None) -> Elements:
    """The figures that parties and groups share: value, referrals, credit and reach.

    A party counts once, however many in the mask referred it.
    """
    referred = mark_referred_by(graph, mask)
    closed = int((referred & graph.customers).sum())
    lost = int((referred & is_lost(graph)).sum())
    conversion = Share(closed, closed + lost) if is_known(graph) else None
    direct_value = float(reach_and_credit.compute_direct_value(graph)[mask].sum())
    distance = distances.hops_down(graph, np.flatnonzero(mask).astype(np.int32))
    is_below = distance > 0
    generations = reach_and_credit.compute_generations(graph)
    scaled, scale = graph.value.scaled, graph.value.scale
    return {
        "own_value": Element("value", float(scaled[mask].sum()) / scale),
        "direct": Element("number", int(referred.sum())),
        "closed": Element("number", closed),
        "lost": Element("number", None if graph.undated_lost else lost),
        "conversion": Element("share", conversion),
        "direct_value": Element("value", direct_value),
        "credit": Element("value", float(credit.credit[mask].sum()) if credit else None),
        "credit_earned": Element("value", float(credit.earned[mask].sum()) if credit else None),
        "downstream": Element("number", int(is_below.sum())),
        "downstream_value": Element("value", float(scaled[is_below].sum()) / scale),
        "generations": Element("number", int(generations[mask].max(initial=0))),
        "median_days_to_close": Element("days", _compute_median_days(graph, mask)),
    }


def mark_referred_by(graph: Graph, mask: Bools) -> Bools:
    """bool[n]: the parties that anybody in the mask referred, along counted arcs."""
    referrals = graph.referral_lists
    is_referred_by_them = np.zeros(len(graph), np.bool_)
    is_referred_by_them[referrals.referred[mask[referrals.referrer]]] = True
    return is_referred_by_them


def _compute_median_days(graph: Graph, mask: Bools) -> float | None:
    """Median days from the first referral by those in the mask to the first contract.

    One duration per referred party. Negative durations are left out: a referral entered after the
    contract says nothing about speed.
    """
    arcs = graph.counted_arcs.sort("referred", "at", nulls_last=True, maintain_order=True)
    arcs = arcs.filter(pl.Series(mask, dtype=pl.Boolean).gather(arcs["referrer"]))
    arcs = arcs.unique("referred", keep="first", maintain_order=True)
    since = graph.parties["since"].gather(arcs["referred"])
    is_closed = pl.Series(graph.customers, dtype=pl.Boolean).gather(arcs["referred"])
    days = (since - arcs["at"]).dt.total_days().filter(is_closed)
    days = days.filter(days >= 0).cast(pl.Float64)
    if not days.len():
        return None
    return float(grouped_median(np.zeros(days.len(), np.int32), days.to_numpy(), 1)[0])
