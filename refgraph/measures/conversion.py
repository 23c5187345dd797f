"""Conversion of referred parties: how many closed, how many were lost, and the share that closed.

The only home of these definitions; every analysis that reports a conversion takes it from here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from refgraph.estimates.proportion import wilson_array
from refgraph.model.graph import Bools, Floats, Graph, Longs
from refgraph.model.message import Message, message
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


@dataclass(frozen=True, eq=False)
class Conversion:
    """Conversions with their 95 % confidence intervals, float64 in 0..1; nan where unknown."""

    share: Floats
    low: Floats
    high: Floats

    def to_columns(self) -> dict[str, pl.Series]:
        """``conversion``, ``conversion_low``, ``conversion_high``; null where unknown."""
        return {
            "conversion": pl.Series(self.share, nan_to_null=True),
            "conversion_low": pl.Series(self.low, nan_to_null=True),
            "conversion_high": pl.Series(self.high, nan_to_null=True),
        }


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


def blank_unknown(graph: Graph, counts: Longs) -> pl.Series:
    """Numbers of lost or open parties; null on a day on which it is unknown who was lost."""
    numbers = pl.Series(counts, dtype=pl.Int64)
    return numbers.clear(len(counts)) if graph.undated_lost else numbers


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
    is_counted = mask[graph.referral_lists.referred]
    running_count = np.zeros(len(is_counted) + 1, np.int64)
    np.cumsum(is_counted, out=running_count[1:])
    return np.diff(running_count[graph.referral_lists.ptr])


def compute_conversion(graph: Graph, closed: Longs, lost: Longs) -> Conversion:
    """closed / (closed + lost) with Wilson's interval (M1), elementwise.

    nan where nothing is decided yet, and everywhere if it is unknown who was lost (`is_known`).
    """
    decided = closed + lost
    low, high = wilson_array(closed, decided)
    is_decided = (decided > 0) & is_known(graph)
    share = np.full(len(decided), np.nan)
    np.divide(closed, decided, out=share, where=is_decided)
    return Conversion(share, np.where(is_decided, low, np.nan), np.where(is_decided, high, np.nan))
