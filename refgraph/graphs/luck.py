"""Who stands out from luck (M55): the referrals of a Graph, as if dealt among the customers present on each day."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from refgraph.estimates.deal import Deals, deal
from refgraph.estimates.luck import LuckLine, luck_line
from refgraph.estimates.multiple import bh
from refgraph.model.graph import Bools, Floats, Graph, Longs
from refgraph.model.message import Message, message

FALSE_ALARMS = 0.05
DEALS, SEED, RANKS = 1000, 55, 100
WORK = 300_000_000
"""Batches and customers gone through in all deals together; beyond it there are fewer deals, at least 100."""
ALWAYS, NEVER = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Luck:
    """What each customer did beside what luck would do. Arrays over the customers, existing and former, in order of id.

    member int64[c]: their positions. line: batches made, windows, p. referrals int64[c]: referrals in these batches.
    expected float64[c]: batches by luck. beyond bool[c]: marked by Benjamini–Hochberg 5 % over all customers. outside,
    undated, others: referrals left out (dated outside the recommender's own time as a customer, without a date, by parties
    that are no customers). unknown: customers without a joining date, taken as present all along. since, until: days of the
    first and last referral compared.
    """

    member: Longs
    line: LuckLine
    referrals: Longs
    expected: Floats
    beyond: Bools
    outside: int
    undated: int
    others: int
    unknown: int
    since: date | None
    until: date | None

    @property
    def batches(self) -> int:
        """How many batches were dealt."""
        return len(self.line.present)


def missing(graph: Graph) -> list[str]:
    """Columns without which nobody can be compared with luck; empty when all are there."""
    lacks = [] if graph.has("referrals.at") else ["referrals.at"]
    return lacks if graph.has("customers.joined") or graph.has("orders.at") else [*lacks, "customers.joined"]


def compared(graph: Graph) -> Luck | None:
    """The exact tail of each customer's number of batches; None where columns are `missing`.

    A batch = all referrals of one recommender on one day.
    Compared are counted, uncut referrals by customers, dated after the joining and before the leaving of the recommender.
    """
    if missing(graph):
        return None
    member = np.flatnonzero(graph.customers)
    number = np.full(len(graph), -1, np.int64)
    number[member] = np.arange(len(member))
    people = graph.parties.select("since", "left")[member]
    joined, left = _days(people["since"], ALWAYS), _days(people["left"], NEVER)
    arcs = graph.arcs.filter(pl.col("counted") & ~pl.col("cut"))
    mine = arcs.filter(pl.Series(number[arcs["referrer"].to_numpy()] >= 0, dtype=pl.Boolean))
    dated = mine.filter(pl.col("at").is_not_null())
    who, at = number[dated["referrer"].to_numpy()], _days(dated["at"], 0)
    inside = (joined[who] < at) & (at < left[who])
    line = luck_line(who[inside], at[inside], joined, left)
    chances = np.concatenate([np.zeros(1), np.cumsum(1.0 / line.present)])
    days = dated["at"].filter(pl.Series(inside, dtype=pl.Boolean))
    return Luck(
        member, line, np.bincount(who[inside], minlength=len(member)), chances[line.end] - chances[line.start],
        bh(line.p_value, FALSE_ALARMS), int((~inside).sum()), mine.height - dated.height, arcs.height - mine.height,
        people["since"].null_count(), _day(days.min()), _day(days.max()),
    )  # fmt: skip


def _days(days: pl.Series, unknown: int) -> Longs:
    return days.to_physical().cast(pl.Int64).fill_null(unknown).to_numpy()


def _day(found: object) -> date | None:
    return found if isinstance(found, date) else None


def beyond(graph: Graph, luck: Luck | None) -> pl.Series:
    """Boolean[n] by position: brought more than luck gives; null for who cannot be compared."""
    out = np.full(len(graph), -1, np.int8)
    if luck:
        made = luck.line.count > 0
        out[luck.member[made]] = luck.beyond[made]
    return pl.Series("beyond_luck", out).replace_strict({-1: None, 0: False, 1: True}, return_dtype=pl.Boolean)


def dealt(luck: Luck) -> Deals:
    """1,000 seeded deals of the same batches: what each of the first 100 ranks gets by luck.

    A million customers with 0.3 million batches get 230 deals. Same bits for any number of threads.
    """
    deals = min(DEALS, max(100, WORK // (luck.batches + len(luck.member))))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return deal(luck.line.start, luck.line.end, luck.batches, deals=deals, ranks=RANKS, seed=SEED, run=pool.map)


def left_out(luck: Luck) -> list[Message]:
    """What was not compared, as notes."""
    notes = []
    if luck.outside or luck.undated or luck.others:
        notes.append(message("note.luck-left-out", outside=luck.outside, undated=luck.undated, others=luck.others))
    if luck.unknown:
        notes.append(message("note.luck-always-present", customers=luck.unknown))
    return notes
