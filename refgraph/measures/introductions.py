"""Paths to somebody: acquaintances, how strong each step is, and the best short paths (M58)."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl

from refgraph.kernels.distances import compute_distances
from refgraph.measures.calendar import YEAR
from refgraph.measures.channels import classify_channels
from refgraph.measures.shared_people import list_shared_people
from refgraph.model.graph import Graph, Ints

MAX_STEPS, HALF_LIFE_YEARS, UNDATED_YEARS = 4, 2.0, 10.0
"""Steps of a way at most; years after which a step counts half; age of a step without a date."""
PRIOR = 5.0
"""Pull of the closing rate of a tie towards that of all, in referrals."""
MAX_GROUP, MAX_EXPANDED = 50, 200_000
"""Larger groups introduce nobody; ways that are looked at before the search stops."""
STRONG_STEPS, STRONG_YEARS, MODERATE_STEPS, MODERATE_YEARS = 2, 2.0, 3, 5.0
SAME_PERSON = "same-person"
AT_ODDS, MEETINGS = "at-odds", ("visit", "interview", "event")
DIRECTIONS = {"referred": ("referrer", "referred"), "was-referred": ("referred", "referrer")}
STEP_COLUMNS = ("score", "reason", "what", "at", "closed", "met", "arc")


@dataclass(frozen=True)
class Step:
    """How one party knows another.

    reason: referred (the first referred the second), was-referred, same-group, or same-person (who
    is a contact of both). what: the tie, the group, or the person. at: since when, None if unknown.
    closed: whether that referral closed. score: 0..1. arc: row of the
    referral, None for a group or a person.
    """

    score: float
    reason: str
    what: str | None
    at: date | None
    closed: bool
    met: date | None = None
    arc: int | None = None


Network = dict[int, dict[int, Step]]
"""Second party -> first party -> the best step from the first to the second."""


@dataclass(frozen=True)
class Way:
    """parties: from the customer who introduces to the target; steps between them."""

    parties: tuple[int, ...]
    steps: tuple[Step, ...]
    score: float


def build_network(graph: Graph, targets: Ints) -> Network:
    """The steps among parties that are at most four steps from a target.

    Referrals either way, groups of up to 50 parties, and people who are contacts of both; who is
    at odds introduces nobody to each other. Score of a step: smoothed closing rate of its tie,
    halved for every two years since its date or since the last meeting with either side, if later.
    """
    made = (_list_referral_links(graph), _list_group_links(graph), _list_person_links(graph))
    links = pl.concat(made).join(_list_pairs_at_odds(graph), on=["first", "second"], how="anti")
    both = links.select("first", "second").cast(pl.Int32)
    ends = [both["first"].to_numpy(), both["second"].to_numpy()]
    near = compute_distances(len(graph), ends[1], ends[0], targets)
    is_near = np.logical_and(*((near[end] >= 0) & (near[end] <= MAX_STEPS) for end in ends))
    best = links.filter(pl.Series(is_near)).sort("score", "reason", "what", descending=True)
    best = best.unique(["first", "second"], keep="first", maintain_order=True)
    network: Network = {}
    for first, second, *facts in best.select("first", "second", *STEP_COLUMNS).iter_rows():
        network.setdefault(second, {})[first] = Step(*facts)
    return network


def find_ways(
    network: Network, starts: set[int], targets: Iterable[int], count: int
) -> tuple[list[Way], bool]:
    """The best simple ways of at most four steps from a start to a target, and whether all that
    could be better were looked at.

    Ordered by score, then number of steps, then parties. Searched from the targets: a way never
    scores more than its end, so the best are met first.
    """
    heap: list[tuple[float, int, tuple[int, ...]]] = [(-1.0, 0, (one,)) for one in sorted(targets)]
    aims = {one for _, _, (one,) in heap}
    found: list[Way] = []
    expanded = 0
    while heap and len(found) < count:
        negative, length, parties = heapq.heappop(heap)
        if length and parties[0] in starts:
            steps = tuple(network[b][a] for a, b in pairwise(parties))
            found.append(Way(parties, steps, -negative))
        if length == MAX_STEPS:
            continue
        expanded += 1
        if expanded > MAX_EXPANDED:
            return found, False
        for one, step in network.get(parties[0], {}).items():
            if one not in parties and one not in aims:
                score = negative * step.score
                heapq.heappush(heap, (score, length + 1, (one, *parties)))
    return found, True


def rate_strength(way: Way, as_of: date | None) -> str:
    """strong: at most two steps, each with a closed referral or a meeting within 24 months;
    moderate: at most three steps, each dated or met within five years; else weak.
    """

    def is_recent(day: date | None, years: float) -> bool:
        return day is not None and as_of is not None and _count_years(as_of, day) <= years

    def is_strong(step: Step) -> bool:
        has_closed = step.closed and is_recent(step.at, STRONG_YEARS)
        return has_closed or is_recent(step.met, STRONG_YEARS)

    def is_moderate(step: Step) -> bool:
        return is_recent(step.at, MODERATE_YEARS) or is_recent(step.met, MODERATE_YEARS)

    if len(way.steps) <= STRONG_STEPS and all(map(is_strong, way.steps)):
        return "strong"
    if len(way.steps) <= MODERATE_STEPS and all(map(is_moderate, way.steps)):
        return "moderate"
    return "weak"


def _count_years(as_of: date, day: date) -> float:
    return (as_of - day).days / YEAR


def _score(graph: Graph, links: pl.DataFrame) -> pl.DataFrame:
    """The links with ``met`` (last meeting with either side) and ``score``; they have ``rate`` and
    ``known``: since when a person is known to be a contact of both.
    """
    meetings = _find_meetings(graph)
    for end in ("first", "second"):
        by_end = meetings.select(pl.col("place").alias(end), pl.col("met").alias(f"met_{end}"))
        links = links.join(by_end, on=end, how="left", maintain_order="left")
    links = links.with_columns(met=pl.max_horizontal("met_first", "met_second", "known"))
    latest = pl.max_horizontal("at", "met")
    years = (pl.lit(graph.as_of, pl.Date) - latest).dt.total_days() / YEAR
    years = years.clip(lower_bound=0).fill_null(UNDATED_YEARS)
    score = pl.col("rate") * (-years / HALF_LIFE_YEARS * np.log(2)).exp()
    return links.with_columns(score=score).select("first", "second", *STEP_COLUMNS)


def _list_referral_links(graph: Graph) -> pl.DataFrame:
    """Valid referrals in both directions."""
    tie = classify_channels(graph, graph.arcs["tie"].cast(pl.String), "tie")
    arcs = graph.arcs.with_row_index("arc").select(
        *("arc", "referrer", "referred", "valid", "counted", "at"), what="tie", tie=tie
    )
    closed = pl.Series(graph.customers).gather(arcs["referred"])
    arcs = arcs.with_columns(
        pl.col("what").cast(pl.String), closed=closed, known=pl.lit(None, pl.Date)
    )
    counted = arcs.filter("counted")
    mean = (int(counted["closed"].sum()) + PRIOR / 2) / (counted.height + PRIOR)
    rates = counted.group_by("tie").agg(
        rate=(pl.col("closed").sum() + PRIOR * mean) / (pl.len() + PRIOR)
    )
    arcs = arcs.join(rates, on="tie", how="left", maintain_order="left")
    arcs = arcs.filter("valid").with_columns(pl.col("rate").fill_null(mean))
    parts = []
    for reason, ends in DIRECTIONS.items():
        first, second = (pl.col(end).cast(pl.Int64) for end in ends)
        parts.append(arcs.with_columns(first=first, second=second, reason=pl.lit(reason)))
    return _score(graph, pl.concat(parts))


def _list_pairs_at_odds(graph: Graph) -> pl.DataFrame:
    """``first``, ``second``: pairs with a valid referral of such a tie, in both orders."""
    tie = classify_channels(graph, graph.arcs["tie"].cast(pl.String), "tie")
    bad = graph.arcs.filter((tie == AT_ODDS).fill_null(False) & graph.arcs["valid"])
    ends = (bad["referrer"].cast(pl.Int64), bad["referred"].cast(pl.Int64))
    orders = (ends, ends[::-1])
    return pl.concat([pl.DataFrame({"first": one, "second": other}) for one, other in orders])


def _list_group_links(graph: Graph) -> pl.DataFrame:
    """Members of one group of at most 50 parties, in both directions."""
    places = graph.parties.select(customer="id", place=pl.col("place").cast(pl.Int64))
    empty = {"group": pl.String, "place": pl.Int64}
    members = pl.DataFrame(schema=empty)
    if graph.affiliations is not None:
        named = graph.affiliations.select("group", "customer").drop_nulls().unique()
        members = named.join(places, on="customer").select(*empty)
        members = members.filter(pl.len().over("group") <= MAX_GROUP)
    links = members.join(members, on="group", suffix="_other").filter(
        pl.col("place") != pl.col("place_other")
    )
    links = links.select(
        first="place", second="place_other", what="group", known=pl.lit(None, pl.Date)
    )
    return _score_without_tie(graph, links.sort("first", "second", "what"), "same-group")


def _list_person_links(graph: Graph) -> pl.DataFrame:
    """Parties with one contact person, in both directions."""
    links = list_shared_people(graph).rename({"person": "what", "at": "known"})
    return _score_without_tie(graph, links, SAME_PERSON)


def _score_without_tie(graph: Graph, links: pl.DataFrame, reason: str) -> pl.DataFrame:
    """As `_score`; the rate is the share of all parties that are customers, smoothed."""
    rate = (int(graph.customers.sum()) + PRIOR / 2) / (len(graph) + PRIOR)
    links = links.with_columns(
        reason=pl.lit(reason),
        at=pl.lit(None, pl.Date),
        closed=pl.lit(False),
        arc=pl.lit(None, pl.UInt32),
        rate=pl.lit(rate, pl.Float64),
    )
    return _score(graph, links)


def _find_meetings(graph: Graph) -> pl.DataFrame:
    """``place``, ``met``: day of the last visit, interview or event of each party."""
    places = graph.parties.select(party="id", place=pl.col("place").cast(pl.Int64))
    if graph.events is None:
        return pl.DataFrame(schema={"place": pl.Int64, "met": pl.Date})
    meetings = graph.events.filter(pl.col("kind").is_in(MEETINGS)).drop_nulls("at")
    last = meetings.group_by("party").agg(met=pl.col("at").max())
    return places.join(last, on="party").select("place", "met")
