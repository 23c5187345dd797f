"""One party seen from all sides: who stands above and below it, its ranks, what was found about it. Frames, small or sliced."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graphs import measures
from refgraph.model.graph import Bools, Graph, Longs

EXISTING, RECOMMENDERS = "among-existing", "among-recommenders"
"""Whom a rank is among: existing customers; parties with at least one counted, uncut referral."""


def facts(graph: Graph, party: int) -> pl.DataFrame:
    """One row: who the party is, as the customers table tells it on the as-of day."""
    return graph.parties[party : party + 1].select(
        pl.col("id").alias("customer"), pl.coalesce("name", "id").alias("name"), "role", "stage", "status", "since", "left",
        pl.col("key"), "source", "sector", "ownership", "region", "owner", "file", "line")


def ranks(graph: Graph, party: int) -> pl.DataFrame:
    """One row a measure: ``measure``, ``number`` or ``amount``, ``part`` of the total, ``rank`` of ``of`` ``among`` whom.

    Ranks go by the measure, ties by id, so they are those of ``recommenders --by``. part is given where a measure adds up
    (value, direct value, credit), never for reach. null: not in the group, or beyond the stated bound of work.
    """
    reach, credit = measures.reach(graph), measures.shapley(graph)
    direct, closed = referrals_made(graph)
    nothing = np.full(len(graph), np.nan)
    downstream = np.where(reach.downstream >= 0, reach.downstream, np.nan)
    groups = {EXISTING: graph.existing, RECOMMENDERS: direct > 0}
    rows = [
        ("own_value", True, True, EXISTING, graph.value.numbers),
        ("credit", True, True, EXISTING, credit.credit if credit else nothing),
        ("direct", False, False, RECOMMENDERS, direct),
        ("closed", False, False, RECOMMENDERS, closed),
        ("direct_value", True, True, RECOMMENDERS, measures.direct_value(graph)),
        ("credit_earned", True, False, RECOMMENDERS, credit.earned if credit else nothing),
        ("downstream", False, False, RECOMMENDERS, downstream),
        ("downstream_value", True, False, RECOMMENDERS, reach.value),
    ]
    found = [_row(np.asarray(each, np.float64), party, name, money, adds, among, groups[among])
             for name, money, adds, among, each in rows]  # fmt: skip
    return pl.DataFrame(found, schema={"measure": pl.String, "number": pl.Int64, "amount": pl.Float64, "part": pl.Float64,
                                       "rank": pl.Int64, "of": pl.Int64, "among": pl.String}, orient="row")  # fmt: skip


def _row(each: np.ndarray, party: int, name: str, money: bool, adds: bool, among: str, group: Bools) -> tuple[object, ...]:
    mine = None if np.isnan(each[party]) else float(each[party])
    total = float(each.sum()) if adds else 0.0
    ahead = group & ((each > each[party]) | ((each == each[party]) & (np.arange(len(each)) < party)))
    return (
        name, None if money or mine is None else int(mine), mine if money else None,
        mine / total if total > 0 and mine is not None else None,
        int(ahead.sum()) + 1 if group[party] and mine is not None else None, int(group.sum()), among,
    )  # fmt: skip


def referrals_made(graph: Graph) -> tuple[Longs, Longs]:
    """int64[n] twice: parties that each party referred along counted, uncut arcs, and how many of them closed."""
    flow = graph.flow
    origin = np.repeat(np.arange(len(graph)), np.diff(flow.out_ptr))
    closed = np.bincount(origin[graph.customers[flow.out_dst]], minlength=len(graph))
    return np.diff(flow.out_ptr), closed.astype(np.int64)


def line_up(graph: Graph, party: int) -> Longs:
    """Positions of the primary referrers above a party, nearest first, root last; no walk, so any depth is one pass."""
    forest = graph.forest
    place = int(np.flatnonzero(forest.order == party)[0])
    before = forest.size[:place].astype(np.int64) + np.arange(place) > place
    return forest.order[np.flatnonzero(before)[::-1]].astype(np.int64)


def above(graph: Graph, party: int) -> pl.DataFrame:
    """The referrals that lead to the party: all its own referrers first, then the primary ones up to the root.

    ``up`` = referrals above the party; ``use``: ``flows``, ``cut`` (opens a loop) or ``apart`` (not counted in the scope);
    ``primary``: on the line to the root.
    """
    line = line_up(graph, party)
    child = np.concatenate([np.array([party], np.int64), line])[:-1] if len(line) else np.empty(0, np.int64)
    chain = pl.DataFrame({"referrer": line.astype(np.int32), "referred": child.astype(np.int32),
                          "up": np.arange(1, len(line) + 1)})
    arcs = _referrals(graph).join(chain, on=["referrer", "referred"], how="left", maintain_order="left")
    arcs = arcs.filter(pl.col("up").is_not_null() | (pl.col("referred") == party))
    arcs = arcs.with_columns(primary=pl.col("up").is_not_null(), up=pl.col("up").fill_null(1), place="referrer")
    return _told(graph, arcs).sort("up", -pl.col("primary").cast(pl.Int8), "place").drop("place")


def below(graph: Graph, party: int) -> pl.DataFrame:
    """Those whom the party referred: one row a referral on record, the most valuable first."""
    arcs = _referrals(graph).filter(pl.col("referrer") == party).with_columns(place="referred")
    direct, _ = referrals_made(graph)
    told = _told(graph, arcs).with_columns(direct=pl.Series(direct).gather(arcs["place"]))
    return told.sort(-pl.col("value"), "place").drop("place")


def _referrals(graph: Graph) -> pl.DataFrame:
    """All referrals on record, uncounted ones included, with ``use``."""
    flows = pl.when("cut").then(pl.lit("cut")).when("counted").then(pl.lit("flows")).otherwise(pl.lit("apart"))
    return graph.arcs.with_columns(use=flows)


def _told(graph: Graph, arcs: pl.DataFrame) -> pl.DataFrame:
    """The arcs with id, name, stage, status and own value of the party at ``place``."""
    people = graph.parties.select("place", pl.col("id").alias("customer"), "stage", pl.col("status").alias("stands"), "since",
                                  name=graph.names, value=pl.Series(graph.value.numbers))  # fmt: skip
    return arcs.join(people, on="place", how="left", maintain_order="left").rename({"at": "date"})


def subtree(graph: Graph, party: int) -> pl.DataFrame:
    """Everyone below along primary referrers, in preorder: generation, id, name, its referrer, stage, value."""
    forest = graph.forest
    start = int(np.flatnonzero(forest.order == party)[0])
    places = np.arange(start + 1, start + int(forest.size[start]))
    members = forest.order[places]
    people = graph.parties.select(pl.col("id").alias("customer"), "stage", "since", name=graph.names,
                                  value=pl.Series(graph.value.numbers))[members]  # fmt: skip
    return people.with_columns(generation=pl.Series(forest.depth[places] - forest.depth[start]),
                               referrer_name=graph.names.gather(forest.parent[members]))  # fmt: skip


def found(graph: Graph, party: int) -> pl.DataFrame:
    """The findings that name the party: code, the others named (at most 20), file, line, detail."""
    id = graph.parties["id"][party]
    mine = graph.findings.filter(pl.col("members").list.contains(id))
    others = pl.col("members").list.eval(pl.element().filter(pl.element() != id)).list.head(20).list.join("; ")
    return mine.select("code", others.alias("others"), "file", "line", "detail")
