"""Conversion of referred parties: how many closed, how many were lost, and the share that closed.

The only home of these definitions; every analysis that reports a conversion takes it from here.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from refgraph.graph.memo import cached_on_first_argument
from refgraph.measures.members import Members
from refgraph.measures.tallies import add_tallies, build_share
from refgraph.model.graph import Bools, Graph, Longs
from refgraph.model.message import Message, message
from refgraph.model.tally import Tally
from refgraph.model.vocabulary import UNKNOWN_WORD

UNDATED_NOTES = ("note.losses-undated", "note.stages-undated")
"""Notes on what is unknown on an earlier day than the last in the data."""


@dataclass(frozen=True, eq=False)
class ReferralOutcomes:
    """What became of the parties that each party referred along counted arcs; int64[n] each.

    referred: all of them. closed: customers, existing or former. lost: as in `is_lost`. The
    others are still open.
    """

    referred: Longs
    closed: Longs
    lost: Longs


def is_lost(graph: Graph) -> Bools:
    """bool[n]: prospects whose deal is recorded as lost."""
    is_lost_prospect = (pl.col("stage") == "prospect") & (pl.col("status") == "lost")
    return graph.parties.select(is_lost_prospect.fill_null(False)).to_series().to_numpy()


def is_recorded(graph: Graph) -> bool:
    """Whether the data say which deals were lost, by a status or by the day of the loss."""
    return graph.has("customers.status") or graph.has("customers.lost_at")


def is_known(graph: Graph) -> bool:
    """Whether it is recorded who was lost on the as-of date.

    On a day before the last date in the data it is not if any loss has no date: who is lost today
    may have been open then, and conversion would seem to rise with time.
    """
    return is_recorded(graph) and not graph.undated_lost


def list_outcome_notes(graph: Graph) -> list[Message]:
    """Why conversion is blank, and how many statuses of referrals the customers contradict."""
    contradicted = count_contradicted_statuses(graph)
    notes = []
    if contradicted:
        notes.append(message("note.referral-status-contradicted", referrals=contradicted))
    if not is_recorded(graph):
        notes.append(message("note.conversion-not-recorded"))
    elif graph.undated_lost:
        notes.append(message("note.losses-undated", parties=graph.undated_lost))
    return notes


def count_contradicted_statuses(graph: Graph) -> int:
    """Valid referrals with the status of an open or lost deal that led to a customer.

    Such a status is older than the list of customers, or about another deal.
    """
    status = graph.arcs["status"]
    is_unclosed = status.is_not_null() & ~status.is_in(("closed", "void", UNKNOWN_WORD))
    led_to_customer = graph.customers[graph.arcs["referred"].to_numpy()]
    is_valid = graph.arcs["valid"].to_numpy()
    return int((is_unclosed.to_numpy() & led_to_customer & is_valid).sum())


def are_stages_known(graph: Graph) -> bool:
    """Whether it is recorded who was new, contacted or in negotiation on the as-of date."""
    return not (graph.undated_lost or graph.undated_open)


def list_stage_notes(graph: Graph) -> list[Message]:
    """Why the stage of open prospects is blank; empty if it is known."""
    if are_stages_known(graph):
        return []
    return [message("note.stages-undated")]


def count_outcomes(graph: Graph) -> ReferralOutcomes:
    """Outcomes of the referrals of each party."""
    return ReferralOutcomes(
        graph.out_degree,
        count_referred_where(graph, graph.customers),
        count_referred_where(graph, is_lost(graph)),
    )


def count_referred_where(graph: Graph, mask: Bools) -> Longs:
    """int64[n]: how many of the parties that each party referred are in the mask.

    Along counted arcs. mask: bool[n], by referred party.
    """
    return tally_referrals(graph, mask).numbers


def tally_referrals(graph: Graph, mask: Bools | None = None) -> Tally:
    """The counted referrals of each party; mask bool[n]: only those of these referred parties."""
    lists = graph.referral_lists
    return group_by_referrer(graph).count(None if mask is None else mask[lists.referred])


@cached_on_first_argument
def group_by_referrer(graph: Graph) -> Members:
    """The counted referrals, in the order of ``graph.referral_lists``, by referrer."""
    lists = graph.referral_lists
    return Members("referrals", lists.referrer, len(graph), lists.arc)


def tally_outcomes(graph: Graph, chosen: Longs | None = None) -> dict[str, Tally]:
    """``direct``, ``closed``, ``lost``, ``open`` and ``conversion`` with its interval, by party.

    chosen: only the figures of these parties, without what they are made of.
    """
    was_lost = is_lost(graph)
    masks = {
        "direct": None,
        "closed": graph.customers,
        "lost": was_lost,
        "open": ~graph.customers & ~was_lost,
    }
    counts = {}
    for name, mask in masks.items():
        tally = tally_referrals(graph, mask)
        counts[name] = tally if chosen is None else tally.take(chosen)
    for name in ("lost", "open"):
        counts[name] = counts[name].keep_known(not graph.undated_lost)
    return {**counts, **tally_conversion(graph, counts["closed"], counts["lost"])}


def tally_conversion(graph: Graph, closed: Tally, lost: Tally) -> dict[str, Tally]:
    """closed / (closed + lost) with Wilson's interval (M1): ``conversion`` and its ends.

    Undefined where nothing is decided yet; unknown if it is unknown who was lost (`is_known`).
    """
    share = build_share(closed, add_tallies(closed, lost), "conversion")
    return {name: tally.keep_known(is_known(graph)) for name, tally in share.items()}
