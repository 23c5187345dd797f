"""One party from all sides, as frames: facts, ranks, referrals, descendants, findings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from refgraph.graph.memo import cached_on_first_argument
from refgraph.measures import reach_and_credit
from refgraph.measures.conversion import count_outcomes
from refgraph.model.dataset import make_empty_table
from refgraph.model.graph import Bools, Graph, Longs

AMONG_EXISTING, AMONG_RECOMMENDERS = "among-existing", "among-recommenders"
"""Groups to rank in: existing customers; parties with at least one counted referral."""
MAX_LISTED_MEMBERS = 20
"""Other parties of a finding that a page names."""
RANK_SCHEMA = {
    "measure": pl.String,
    "number": pl.Int64,
    "amount": pl.Float64,
    "part": pl.Float64,
    "rank": pl.Int64,
    "of": pl.Int64,
    "among": pl.String,
}


class RankedMeasure(NamedTuple):
    """values: by party, NaN = unknown. is_amount: in the unit of value. adds_up: has a total."""

    name: str
    values: np.ndarray
    group: str
    is_amount: bool = False
    adds_up: bool = False


def select_facts(graph: Graph, party: int) -> pl.DataFrame:
    """One row: the party as recorded in the customers table, and its stage on the as-of date."""
    return graph.parties[party : party + 1].select(
        pl.col("id").alias("customer"),
        pl.coalesce("name", "id").alias("name"),
        "role",
        "stage",
        "status",
        "since",
        "left",
        "key",
        "source",
        "sector",
        "ownership",
        "region",
        "contact",
        "phone",
        "owner",
        "file",
        "line",
    )


@cached_on_first_argument
def compute_ranks(graph: Graph, party: int) -> pl.DataFrame:
    """One row per measure: number or amount, part of the total, rank within the group and its size.

    Ranks go by the measure, ties by id, as in ``recommenders --by``. part is given where a measure
    adds up (value, direct value, credit), never for reach. null: the party is not in the group, or
    the measure exceeds its stated limit of work.
    """
    groups = {AMONG_EXISTING: graph.existing, AMONG_RECOMMENDERS: graph.out_degree > 0}
    rows = [
        _build_rank_row(measure, party, groups[measure.group])
        for measure in _list_ranked_measures(graph)
    ]
    return pl.DataFrame(rows, schema=RANK_SCHEMA, orient="row")


def _list_ranked_measures(graph: Graph) -> list[RankedMeasure]:
    reach = reach_and_credit.compute_reach(graph)
    credit = reach_and_credit.compute_shapley_credit(graph)
    closed = count_outcomes(graph).closed
    downstream = np.where(reach.downstream >= 0, reach.downstream, np.nan)
    unknown = np.full(len(graph), np.nan)
    total_credit = credit.credit if credit else unknown
    earned = credit.earned if credit else unknown
    direct_value = reach_and_credit.compute_direct_value(graph)
    among = AMONG_RECOMMENDERS
    return [
        RankedMeasure("own_value", graph.value.numbers, AMONG_EXISTING, True, True),
        RankedMeasure("credit", total_credit, AMONG_EXISTING, True, True),
        RankedMeasure("direct", graph.out_degree, among),
        RankedMeasure("closed", closed, among),
        RankedMeasure("direct_value", direct_value, among, True, True),
        RankedMeasure("credit_earned", earned, among, True),
        RankedMeasure("downstream", downstream, among),
        RankedMeasure("downstream_value", reach.value, among, True),
    ]


def _build_rank_row(measure: RankedMeasure, party: int, group: Bools) -> tuple[object, ...]:
    """A row of `RANK_SCHEMA`; parties of equal value rank in order of their index."""
    values = np.asarray(measure.values, np.float64)
    value = None if np.isnan(values[party]) else float(values[party])
    total = float(values.sum()) if measure.adds_up else 0.0
    earlier = np.arange(len(values)) < party
    is_ahead = group & ((values > values[party]) | ((values == values[party]) & earlier))
    number = amount = part = rank = None
    if value is not None:
        number = None if measure.is_amount else int(value)
        amount = value if measure.is_amount else None
        part = value / total if total > 0 else None
        rank = int(is_ahead.sum()) + 1 if group[party] else None
    return measure.name, number, amount, part, rank, int(group.sum()), measure.group


def list_ancestors(graph: Graph, party: int) -> Longs:
    """Indices of the primary referrers above a party, nearest first, root last.

    One pass over the parties before it in preorder, however deep the tree: an ancestor is one
    whose subtree extends past the party.
    """
    forest = graph.forest
    rank = int(np.flatnonzero(forest.order == party)[0])
    is_ancestor = forest.size[:rank].astype(np.int64) + np.arange(rank) > rank
    return forest.order[np.flatnonzero(is_ancestor)[::-1]].astype(np.int64)


def list_referrals_above(graph: Graph, party: int) -> pl.DataFrame:
    """The referrals that lead to the party: by its own referrers, then along the chain to its root.

    ``up``: distance above the party in referrals. ``use``: ``flows``, ``cut`` (to break a cycle) or
    ``apart`` (not counted in the scope). ``primary``: on the chain to the root.
    """
    chain = _build_chain(graph, party)
    arcs = _label_referrals(graph).join(
        chain, on=["referrer", "referred"], how="left", maintain_order="left"
    )
    on_chain = pl.col("up").is_not_null()
    arcs = arcs.filter(on_chain | (pl.col("referred") == party)).with_columns(
        primary=on_chain, up=pl.col("up").fill_null(1), place="referrer"
    )
    referrals = _join_party_columns(graph, arcs)
    return referrals.sort("up", -pl.col("primary").cast(pl.Int8), "place").drop("place")


def _build_chain(graph: Graph, party: int) -> pl.DataFrame:
    """referrer, referred and ``up`` of the primary referrals from the party to its root."""
    ancestors = list_ancestors(graph, party)
    chain = np.concatenate([np.array([party], np.int64), ancestors]).astype(np.int32)
    up = np.arange(1, len(chain))
    return pl.DataFrame({"referrer": chain[1:], "referred": chain[:-1], "up": up})


def list_referrals_below(graph: Graph, party: int) -> pl.DataFrame:
    """One row per recorded referral by the party, the most valuable referred party first."""
    arcs = _label_referrals(graph).filter(pl.col("referrer") == party)
    arcs = arcs.with_columns(place="referred")
    referrals = _join_party_columns(graph, arcs).with_columns(
        direct=pl.Series(graph.out_degree).gather(arcs["place"])
    )
    return referrals.sort(-pl.col("value"), "place").drop("place")


def _label_referrals(graph: Graph) -> pl.DataFrame:
    """All recorded referrals, uncounted ones included, with their ``use``."""
    use = (
        pl.when("cut")
        .then(pl.lit("cut"))
        .when("counted")
        .then(pl.lit("flows"))
        .otherwise(pl.lit("apart"))
    )
    return graph.arcs.with_columns(use=use)


def _join_party_columns(graph: Graph, arcs: pl.DataFrame) -> pl.DataFrame:
    """The arcs with id, name, stage, status and own value of the party whose index is ``place``."""
    parties = graph.parties.select(
        "place",
        pl.col("id").alias("customer"),
        "stage",
        pl.col("status").alias("stands"),
        "since",
        name=graph.names,
        value=pl.Series(graph.value.numbers),
    )
    return arcs.join(parties, on="place", how="left", maintain_order="left").rename({"at": "date"})


def list_descendants(graph: Graph, party: int) -> pl.DataFrame:
    """Every descendant along primary referrers, in preorder.

    generation, id, name, its primary referrer, stage, date since and value.
    """
    forest = graph.forest
    start = int(np.flatnonzero(forest.order == party)[0])
    ranks = np.arange(start + 1, start + int(forest.size[start]))
    members = forest.order[ranks]
    parties = graph.parties.select(
        pl.col("id").alias("customer"),
        "stage",
        "since",
        name=graph.names,
        value=pl.Series(graph.value.numbers),
    )
    return parties[members].with_columns(
        generation=pl.Series(forest.depth[ranks] - forest.depth[start]),
        referrer_name=graph.names.gather(forest.parent[members]),
    )


def list_contacts(graph: Graph, party: int) -> pl.DataFrame:
    """The people inside the party, those known longest first."""
    rows = _select_side_rows(graph.contacts, "contacts", graph, party)
    return rows.sort("since", "person", nulls_last=True).rename({"title": "person_title"})


def list_events(graph: Graph, party: int) -> pl.DataFrame:
    """What happened with the party, the latest first."""
    rows = _select_side_rows(graph.events, "events", graph, party).rename({"at": "date"})
    return rows.sort("date", "kind", descending=[True, False], nulls_last=True)


def _select_side_rows(
    frame: pl.DataFrame | None, table: str, graph: Graph, party: int
) -> pl.DataFrame:
    if frame is None:
        return make_empty_table(table)
    return frame.filter(pl.col("party") == graph.parties["id"][party])


def list_findings(graph: Graph, party: int) -> pl.DataFrame:
    """The findings that name the party: code, the others named, file, line, detail."""
    id = graph.parties["id"][party]
    findings = graph.findings.filter(pl.col("members").list.contains(id))
    others = pl.col("members").list.eval(pl.element().filter(pl.element() != id))
    listed = others.list.head(MAX_LISTED_MEMBERS).list.join("; ")
    return findings.select("code", listed.alias("others"), "file", "line", "detail")
