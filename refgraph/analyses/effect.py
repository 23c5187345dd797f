"""How many of our customers came by referral, through whom, and how solid is that number?"""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.estimates.bounds import share_bounds
from refgraph.estimates.proportion import wilson
from refgraph.graphs import suspicions
from refgraph.graphs.arrivals import DEFINITIONS, arrived, by_unknown, of_kinds, unsourced
from refgraph.graphs.measures import old_referrers
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("definition", Unit.LABEL, "M11"),
    Column("customers", Unit.COUNT),
    Column("referred", Unit.COUNT, "M1"),
    Column("share", Unit.SHARE, "M1"),
    Column("share_low", Unit.SHARE, "M1"),
    Column("share_high", Unit.SHARE, "M1"),
    Column("key_only", Unit.COUNT, detail=True),
    Column("old_only", Unit.COUNT, detail=True),
    Column("both", Unit.COUNT, detail=True),
    Column("neither", Unit.COUNT, detail=True),
    Column("unknown", Unit.COUNT, "M2", detail=True),
    Column("bound_low", Unit.SHARE, "M2"),
    Column("bound_high", Unit.SHARE, "M2"),
    Column("value", Unit.VALUE, detail=True),
    Column("referred_value", Unit.VALUE, detail=True),
    Column("value_share", Unit.SHARE),
    Column("paid", Unit.COUNT, detail=True),
    Column("unpaid", Unit.COUNT, detail=True),
)
THROUGH = ("neither", "key_only", "old_only", "both")


@analysis(grain="definition", columns=COLUMNS, order=(), formulas=("M1", "M2", "M11"))
def effect(graph: Graph) -> Answer:
    """Referral share M1 = R/n with Wilson interval, bounds M2 where sources are missing, by three definitions of R.

    One row a definition (customers; + staff; + partners). n = existing customers. key_only + old_only + both + neither = R.
    paid, unpaid: referrals of the referred existing customers with a reward above 0, of 0.
    """
    rows = [_row(graph, name, kinds) for name, kinds in DEFINITIONS.items()]
    frame = pl.DataFrame(rows, schema={c.name: _dtype(c) for c in COLUMNS}, orient="row")
    return Answer(frame, _headline(graph, frame), tuple(_notes(graph, frame)))


def _dtype(column: Column) -> type[pl.DataType]:
    return {Unit.LABEL: pl.String, Unit.COUNT: pl.Int64}.get(column.unit, pl.Float64)


def _row(graph: Graph, name: str, kinds: tuple[str, ...]) -> dict[str, object]:
    existing = graph.existing
    referred = arrived(graph, kinds) & existing
    n, r = int(existing.sum()), int(referred.sum())
    low, high = wilson(r, n) if n else (None, None)
    unknown = int((unsourced(graph) & existing).sum()) if graph.has("customers.source") else None
    bounds: tuple[float | None, float | None] = share_bounds(r, unknown, n) if n else (None, None)
    whole, scale = graph.value.whole, graph.value.scale
    total, theirs = float(whole[existing].sum()), float(whole[referred].sum())
    return {
        "definition": name, "customers": n, "referred": r, "share": r / n if n else None,
        "share_low": low, "share_high": high, **_through(graph, kinds, referred), "unknown": unknown,
        "bound_low": bounds[0], "bound_high": None if unknown is None else bounds[1],
        "value": total / scale, "referred_value": theirs / scale, "value_share": theirs / total if total > 0 else None,
        **_rewards(graph, kinds, referred),
    }  # fmt: skip


def _through(graph: Graph, kinds: tuple[str, ...], referred: Bools) -> dict[str, int | None]:
    """How many of the referred came through a key account, an old customer, both, neither; null = cannot tell."""
    if not can_split(graph):
        return dict.fromkeys(THROUGH)
    each = through(graph, kinds).filter(pl.Series(referred))
    return {name: int((each == name).sum()) for name in THROUGH}


def can_split(graph: Graph) -> bool:
    """Whether the data tells key accounts and old customers."""
    dated = graph.has("customers.joined") or graph.has("orders.at")
    return graph.key_recorded and dated


def through(graph: Graph, kinds: tuple[str, ...]) -> pl.Series:
    """By position, for arcs of these kinds: ``key_only``, ``old_only``, ``both`` or ``neither``; either of two referrers may
    make it key or old."""
    arcs = of_kinds(graph, kinds)
    source, target = (graph.arcs[end].to_numpy()[arcs] for end in ("referrer", "referred"))
    code = np.zeros(len(graph), np.int64)
    key = graph.parties["key"].fill_null(False).to_numpy()[source]
    for bit, found in ((1, key), (2, old_referrers(graph)[arcs])):
        hit = np.zeros(len(graph), np.bool_)
        hit[target[found]] = True
        code += bit * hit
    return pl.Series("through", THROUGH).gather(code)


def _rewards(graph: Graph, kinds: tuple[str, ...], referred: Bools) -> dict[str, int | None]:
    if not graph.has("referrals.reward"):
        return {"paid": None, "unpaid": None}
    hit = of_kinds(graph, kinds) & referred[graph.arcs["referred"].to_numpy()]
    rewards = graph.arcs["reward"].fill_null(float("nan")).to_numpy()[hit]
    return {"paid": int((rewards > 0).sum()), "unpaid": int((rewards == 0).sum())}


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    row = frame.row(0, named=True)
    if not row["customers"]:
        return message("headline.effect-none", parties=len(graph), standing=standing(graph))
    values = {k: row[k] for k in ("referred", "customers", "share", "share_low", "share_high")}
    if row["unknown"] is None:
        extra = message("headline.effect-unbounded")
    elif row["unknown"]:
        extra = message("headline.effect-bounds", low=row["bound_low"], high=row["bound_high"], unknown=row["unknown"])
    else:
        extra = message("headline.effect-all-sourced")
    worth = message("headline.effect-value", share=row["value_share"], basis=basis(graph)) if row[
        "value_share"] is not None and graph.value.basis != "customers" else message("headline.effect-no-value")
    return message("headline.effect", **values, bounds=extra, worth=worth, standing=standing(graph))


def _notes(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    notes = []
    row = frame.row(0, named=True)
    if not can_split(graph):
        notes.append(message("note.split-cannot-tell"))
    elif row["key_only"] is not None and row["referred"]:
        notes.append(message("note.effect-through", **{k: row[k] for k in ("key_only", "old_only", "both", "neither")}))
    if not graph.has("customers.source"):
        notes.append(message("note.no-source"))
    lost = int((by_unknown(graph, ("customer",)) & graph.existing).sum())
    if lost:
        notes.append(message("note.referrer-unknown", customers=lost))
    notes += _inside_groups(graph, row)
    if graph.key_recorded and graph.parties["key"].any():
        key = graph.parties["key"].fill_null(False).to_numpy() & graph.existing
        both = int((key & arrived(graph, ("customer",))).sum())
        notes.append(message("note.two-sets", key=int(key.sum()), referred=row["referred"], both=both))
    return notes + _by_year(graph)


def _inside_groups(graph: Graph, row: dict[str, object]) -> list[Message]:
    """By how much referrals inside one group of companies lift the share."""
    scene = suspicions.scene(graph.parties, graph.arcs, graph.affiliations, graph.as_of)
    inside = suspicions.cases(scene, ["inside-group"])["arcs"].explode(empty_as_null=False, keep_nulls=False).to_numpy()
    kept = of_kinds(graph, ("customer",)).copy()
    kept[inside] = False
    named = np.zeros(len(graph), np.bool_)
    named[graph.arcs["referred"].to_numpy()[kept]] = True
    apart = int((graph.existing & arrived(graph, ("customer",)) & ~by_unknown(graph, ("customer",)) & ~named).sum())
    if not apart:
        return []
    referred, n = int(str(row["referred"])), int(str(row["customers"]))
    return [message("note.inside-groups", customers=apart, referred=referred, share=referred / n, without=(referred - apart) / n)]


def _by_year(graph: Graph) -> list[Message]:
    """The share among each year's new customers, former ones included, beside the stock share (trap 14)."""
    people = graph.parties.select(pl.col("since").dt.year().alias("year")).with_columns(
        referred=pl.Series(arrived(graph, ("customer",))), customer=pl.Series(graph.customers))
    years = people.filter(pl.col("customer") & pl.col("year").is_not_null()).group_by("year").agg(
        pl.len().alias("n"), pl.col("referred").sum()).sort("year").tail(5)
    if not years.height:
        return []
    text = " · ".join(f"{y}: {r}/{n} = {100 * r / n:.0f} %" for y, n, r in years.iter_rows())
    return [message("note.flow-share", years=text)]
