"""Referrals compared with chance (M55): occasions assigned at random to the customers present."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from refgraph.estimates.chance_baseline import (
    ChanceBaseline,
    Exclusions,
    compute_chance_baseline,
)
from refgraph.estimates.multiple_testing import benjamini_hochberg
from refgraph.estimates.permutation import Reassignments, reassign
from refgraph.kernels.threads import WorkerPool
from refgraph.measures.calendar import to_day_numbers
from refgraph.measures.impossible_referrers import list_impossible_referrers
from refgraph.measures.members import Members
from refgraph.measures.occasions import OCCASION_DAYS, list_occasions, number_occasions
from refgraph.model.graph import Bools, Floats, Graph, Longs
from refgraph.model.message import Message, message
from refgraph.model.tally import Tally

FALSE_DISCOVERY_RATE = 0.05
SIMULATIONS, MIN_SIMULATIONS, SEED, MAX_RANKS = 1000, 100, 55, 100
WORK_LIMIT = 300_000_000
"""Occasions and customers in all simulations together; beyond it there are fewer simulations."""
SENSITIVITY_DAYS = (1, 7, 30, 90)
"""Lengths of an occasion for which the number of marked customers is reported."""
LONG_OCCASION_DAYS = 90
"""A mark must also hold with occasions of this length."""
_ALWAYS, _NEVER = np.iinfo(np.int64).min, np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False, kw_only=True)
class ChanceComparison:
    """What each customer did, next to what chance would do; c = customers, existing and former.

    customer int64[c]: their indexes. baseline: occasions, windows, p-values. referrals,
    occasions_made: by party, with the referrals behind them. expected float64[c]: occasions by
    chance. is_above_chance bool[c]: by Benjamini–Hochberg at 5 % over all customers, with occasions
    of ``days`` and of 90 days.
    marked: length of an occasion -> customers marked with it, for `SENSITIVITY_DAYS`.
    Referrals not compared: outside_membership (dated outside the recommender's own time as a
    customer), undated, by_others (by non-customers). undated_customers: without a joining date,
    taken as present all along. since, until: dates of the first and last referral compared.
    """

    days: int
    customer: Longs
    baseline: ChanceBaseline
    referrals: Tally
    occasions_made: Tally
    expected: Floats
    is_above_chance: Bools
    marked: dict[int, int]
    outside_membership: int
    undated: int
    by_others: int
    undated_customers: int
    since: date | None
    until: date | None

    @property
    def occasions(self) -> int:
        """Number of occasions compared."""
        return len(self.baseline.present)


def list_missing_columns(graph: Graph) -> list[str]:
    """Columns that a comparison with chance needs and the data lacks."""
    missing = [] if graph.has("referrals.at") else ["referrals.at"]
    if not graph.has("customers.joined") and not graph.has("orders.at"):
        missing.append("customers.joined")
    return missing


def compare_with_chance(graph: Graph, days: int = OCCASION_DAYS) -> ChanceComparison | None:
    """The exact tail probability of each customer's number of occasions.

    An occasion is all referrals of one recommender within ``days`` of the first of them. Compared
    are counted referrals by customers present on the day: joined <= day < left. The parties
    referred on an occasion and their descendants could not have made it. None if columns are
    missing (`list_missing_columns`).
    """
    if list_missing_columns(graph):
        return None
    customer, row_of_party = _number_customers(graph)
    people = graph.parties.select("since", "left")[customer]
    joined = to_day_numbers(people["since"], _ALWAYS)
    left = to_day_numbers(people["left"], _NEVER)
    counted = graph.arcs.with_row_index("row").filter("counted")
    row = row_of_party[counted["referrer"].to_numpy()]
    by_customers = counted.filter(pl.Series(row >= 0, dtype=pl.Boolean))
    dated = by_customers.filter(pl.col("at").is_not_null())
    row, day = row_of_party[dated["referrer"].to_numpy()], to_day_numbers(dated["at"], 0)
    is_inside = (joined[row] <= day) & (day < left[row])
    row, day = row[is_inside], day[is_inside]
    referral, party = list_impossible_referrers(graph, dated["referred"].to_numpy()[is_inside])
    impossible = row_of_party[party]
    could_seem = (impossible >= 0) & (joined[impossible] <= day[referral])
    exclusions = Exclusions(referral[could_seem], impossible[could_seem])
    referrals = _DatedReferrals(row, day, joined, left, exclusions)
    baselines = {length: referrals.compare(length) for length in {days, *SENSITIVITY_DAYS}}
    marks = {length: _mark_significant(line) for length, line in baselines.items()}
    made = Members("referrals", customer[row], len(graph), dated["row"].to_numpy()[is_inside])
    dates = dated["at"].filter(pl.Series(is_inside, dtype=pl.Boolean))
    return ChanceComparison(
        days=days,
        customer=customer,
        baseline=baselines[days],
        referrals=made.count(),
        occasions_made=made.count(_mark_first_of_occasions(row, day, days)),
        expected=_compute_expected_occasions(baselines[days]),
        is_above_chance=marks[days] & marks[LONG_OCCASION_DAYS],
        marked={length: int(marks[length].sum()) for length in SENSITIVITY_DAYS},
        outside_membership=int((~is_inside).sum()),
        undated=by_customers.height - dated.height,
        by_others=counted.height - by_customers.height,
        undated_customers=people["since"].null_count(),
        since=_to_date(dates.min()),
        until=_to_date(dates.max()),
    )


def _number_customers(graph: Graph) -> tuple[Longs, Longs]:
    """The customers, and by party its place among them, -1 = none."""
    customer = np.flatnonzero(graph.customers)
    row_of_party = np.full(len(graph), -1, np.int64)
    row_of_party[customer] = np.arange(len(customer))
    return customer, row_of_party


def _mark_first_of_occasions(row: Longs, day: Longs, days: int) -> Bools:
    """bool[m], by referral: the first of its occasion."""
    occasion = number_occasions(row, day, days)
    order = np.lexsort((day, occasion))
    is_first = np.zeros(len(row), np.bool_)
    is_first[order[np.unique(occasion[order], return_index=True)[1]]] = True
    return is_first


@dataclass(frozen=True, eq=False)
class _DatedReferrals:
    """Row of the recommender and day of each referral compared, joining and leaving by customer.

    exclusions: pairs of a referral and a customer that cannot have made it.
    """

    recommender: Longs
    day: Longs
    joined: Longs
    left: Longs
    exclusions: Exclusions

    def compare(self, days: int) -> ChanceBaseline:
        """The baseline with occasions of so many days."""
        who, first_day = list_occasions(self.recommender, self.day, days)
        occasion = number_occasions(self.recommender, self.day, days)
        exclusions = Exclusions(occasion[self.exclusions.event], self.exclusions.customer)
        return compute_chance_baseline(who, first_day, self.joined, self.left, exclusions)


def _mark_significant(baseline: ChanceBaseline) -> Bools:
    """bool[c]: more occasions than chance gives, by Benjamini–Hochberg over all customers."""
    return benjamini_hochberg(baseline.p_value, FALSE_DISCOVERY_RATE)


def _compute_expected_occasions(baseline: ChanceBaseline) -> Floats:
    """float64[c]: sum of 1 / customers present over the occasions in each customer's window."""
    chance = 1.0 / baseline.present
    running_sum = np.concatenate([np.zeros(1), np.cumsum(chance)])
    expected = running_sum[baseline.end] - running_sum[baseline.start]
    event, customer = np.divmod(baseline.excluded, max(len(expected), 1))
    expected -= np.bincount(customer, weights=chance[event], minlength=len(expected))
    return np.asarray(expected, np.float64)


def _to_date(value: object) -> date | None:
    return value if isinstance(value, date) else None


def mark_above_chance(graph: Graph, chance: ChanceComparison | None) -> pl.Series:
    """Boolean, by party: referred more than expected by chance; null if it cannot be compared."""
    code = np.full(len(graph), -1, np.int8)
    if chance:
        has_occasions = chance.baseline.count > 0
        code[chance.customer[has_occasions]] = chance.is_above_chance[has_occasions]
    mark_of_code = {-1: None, 0: False, 1: True}
    marks = pl.Series("above_chance", code)
    return marks.replace_strict(mark_of_code, return_dtype=pl.Boolean)


def simulate_ranks(chance: ChanceComparison) -> Reassignments:
    """The occasions that the first 100 ranks get in 1,000 seeded random assignments.

    A million customers with 0.3 million occasions get 230 simulations. Same bits for any number of
    threads.
    """
    work = chance.occasions + len(chance.customer)
    simulations = min(SIMULATIONS, max(MIN_SIMULATIONS, WORK_LIMIT // work))
    with WorkerPool() as pool:
        return reassign(
            chance.baseline.start,
            chance.baseline.end,
            chance.occasions,
            simulations=simulations,
            ranks=MAX_RANKS,
            seed=SEED,
            excluded=chance.baseline.excluded,
            map_blocks=pool.map,
        )


def describe_sensitivity(chance: ChanceComparison) -> Message:
    """Note: how many are marked with occasions of 1, 7, 30 and 90 days."""
    counts = {f"marked_{length}": count for length, count in chance.marked.items()}
    return message("note.chance-sensitivity", days=chance.days, long=LONG_OCCASION_DAYS, **counts)


def collect_exclusion_notes(chance: ChanceComparison) -> list[Message]:
    """Notes on what was not compared."""
    notes = [] if chance.baseline.is_exact else [message("note.chance-bound")]
    if chance.outside_membership or chance.undated or chance.by_others:
        notes.append(
            message(
                "note.chance-left-out",
                outside=chance.outside_membership,
                undated=chance.undated,
                others=chance.by_others,
            )
        )
    if chance.undated_customers:
        notes.append(message("note.chance-always-present", customers=chance.undated_customers))
    return notes
