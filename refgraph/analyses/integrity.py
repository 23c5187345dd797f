"""Which referrals deserve a second look? Each case with its members, its rows and the rule that names it."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graphs import suspicions
from refgraph.graphs.periods import standing
from refgraph.model.graph import Graph
from refgraph.model.message import Label, Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("severity", Unit.LABEL),
    Column("code", Unit.LABEL, key="case_code"),
    Column("parties", Unit.COUNT, key="case_parties"),
    Column("members", Unit.TEXT),
    Column("referrals", Unit.COUNT, key="case_referrals"),
    Column("value", Unit.VALUE, key="case_value"),
    Column("why", Unit.LABEL, key="case_why"),
    Column("detail", Unit.REASON),
    Column("rows", Unit.TEXT, key="case_rows", detail=True),
)
SEVERITY = {
    "self-referral": "high", "alias-farm": "high", "referral-loop": "high", "burst": "medium", "double-claim": "medium",
    "referral-before-joined": "medium", "reciprocal-referral": "medium", "alias": "medium", "referral-after-order": "low",
    "inside-group": "low", "unknown-party": "low", "ambiguous-name": "low",
}  # fmt: skip
"""Code -> how grave: high = a reward may have been taken, medium = a claim to settle, low = data to look at."""
RANK = {"high": 0, "medium": 1, "low": 2}
NAMED = 12
"""Members and rows shown of a case."""


@analysis(grain="case", columns=COLUMNS, order=())
def integrity(graph: Graph) -> Answer:
    """Self-referrals, loops, referrals out of time, bursts, aliases and alias farms, double claims, exchanges, groups.

    value = of the parties referred by the referrals of the case, each once; cases overlap and must not be added. members:
    names, the referrer or the party claimed first; rows: file and line. Gravest first, then by code, value and members.
    Nothing is dropped: ``--exclude CODE`` leaves the referrals of a code out of any analysis.
    """
    frame = pl.concat([_cases(graph), _found(graph), _set_aside(graph)]).with_columns(
        severity=pl.col("code").replace_strict(SEVERITY), why=pl.concat_str(pl.lit("why-"), "code"))
    frame = frame.with_columns(rank=pl.col("severity").replace_strict(RANK, return_dtype=pl.Int64)).sort(
        "rank", "code", "value", "members", "rows", descending=[False, False, True, False, False])
    frame = frame.select(c.name for c in COLUMNS)
    return Answer(frame, _headline(graph, frame), tuple(_notes(graph, frame)))


def _cases(graph: Graph) -> pl.DataFrame:
    """The cases of the rules, positions as names and referrals as rows of files."""
    scene = suspicions.scene(graph.parties, graph.arcs, graph.affiliations, graph.as_of, graph.value.whole)
    cases = suspicions.cases(scene).with_row_index("case")
    arcs = cases.select("case", pl.col("arcs").alias("arc")).explode("arc", empty_as_null=False, keep_nulls=False)
    told = _rows(graph, arcs)
    names = cases.select("case", pl.col("members").list.head(NAMED).alias("at")).explode("at", empty_as_null=False,
                                                                                        keep_nulls=False)
    named = names.with_columns(name=graph.names.gather(names["at"])).group_by("case", maintain_order=True).agg("name")
    joined = cases.join(told, on="case", how="left").join(named, on="case", how="left").sort("case")
    return joined.select(
        "code", pl.col("members").list.len().cast(pl.Int64).alias("parties"),
        _elided(pl.col("name").list.join("; "), pl.col("members").list.len()).alias("members"),
        pl.col("referrals").fill_null(0), pl.col("value").fill_null(0.0), "detail", pl.col("rows").fill_null(""))


def _rows(graph: Graph, arcs: pl.DataFrame) -> pl.DataFrame:
    """By case: number of referrals, value of those referred (each once), and where the rows stand."""
    of = graph.arcs[arcs["arc"]] if arcs.height else graph.arcs.clear()
    place = of.select(pl.concat_str("file", pl.lit(":"), pl.col("line").cast(pl.String))).to_series()
    each = arcs.with_columns(place=place, referred=of["referred"])
    each = each.with_columns(value=pl.Series(graph.value.numbers[each["referred"].to_numpy()], dtype=pl.Float64),
                             first=pl.struct("case", "referred").is_first_distinct())
    return each.group_by("case").agg(
        pl.len().cast(pl.Int64).alias("referrals"), pl.col("value").filter("first").sum(),
        _elided(pl.col("place").head(NAMED).str.join("; "), pl.len()).alias("rows"))


def _elided(joined: pl.Expr, number: pl.Expr) -> pl.Expr:
    """The first texts, and how many more there are."""
    more = number.cast(pl.Int64) - NAMED
    return pl.when(more > 0).then(pl.concat_str(joined, pl.lit("; +"), more)).otherwise(joined)


def _found(graph: Graph) -> pl.DataFrame:
    """Findings about referrals that intake and the search for loops made already; members are ids, told as names."""
    found = graph.findings.filter(pl.col("code").is_in(["referral-loop", "referral-before-joined", "unknown-party",
                                                        "ambiguous-name"])).with_row_index("case")
    ids = found.select("case", "code", pl.col("members").alias("id")).explode("id", empty_as_null=False, keep_nulls=False)
    places = graph.parties.select("id", "place").with_columns(name=graph.names, worth=pl.Series(graph.value.numbers))
    held = ids.join(places, on="id", how="left", maintain_order="left").with_columns(pl.coalesce("name", "id"))
    each = held.group_by("case", maintain_order=True).agg(
        "name", value=pl.when(pl.col("code").first() == "referral-before-joined").then(pl.col("worth").last())
        .otherwise(pl.col("worth").sum()))  # fmt: skip
    whole = found.join(each, on="case", how="left").sort("case")
    place = pl.concat_str("file", pl.lit(":"), pl.col("line").cast(pl.String))
    size = pl.col("members").list.len().cast(pl.Int64)
    return whole.select(
        "code", size.alias("parties"), _elided(pl.col("name").list.head(NAMED).list.join("; "), size).alias("members"),
        pl.when(pl.col("code") == "referral-loop").then(size).otherwise(1).cast(pl.Int64).alias("referrals"),
        pl.col("value").fill_null(0.0), pl.when(pl.col("detail").is_not_null()).then(pl.concat_list("detail")),
        place.fill_null("").alias("rows"))


def _set_aside(graph: Graph) -> pl.DataFrame:
    """Rows that name the same party twice: intake set them aside."""
    own = graph.rejects.filter(pl.col("code") == "self-referral")
    return own.select(
        "code", pl.lit(1, pl.Int64).alias("parties"), pl.col("value").fill_null("").alias("members"),
        pl.lit(1, pl.Int64).alias("referrals"), pl.lit(0.0).alias("value"), pl.lit(None, pl.List(pl.String)).alias("detail"),
        pl.concat_str("file", pl.lit(":"), pl.col("line").cast(pl.String)).alias("rows"))


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    counted = int(graph.arcs["counted"].sum())
    if not frame.height:
        return message("headline.integrity-none", referrals=counted, standing=standing(graph))
    each = dict(frame["severity"].value_counts().iter_rows())
    most = frame["code"].value_counts().sort("count", "code", descending=[True, False]).row(0)
    return message("headline.integrity", cases=frame.height, referrals=counted, high=each.get("high", 0),
                   medium=each.get("medium", 0), low=each.get("low", 0), code=Label(most[0]), most=most[1],
                   standing=standing(graph))


def _notes(graph: Graph, frame: pl.DataFrame) -> list[Message]:
    notes = [message("note.integrity-kept")] if frame.height else []
    lacks = [c for c in ("customers.email", "customers.phone", "customers.address", "customers.tax_id", "referrals.at")
             if not graph.has(c)]  # fmt: skip
    if lacks:
        notes.append(message("note.integrity-cannot-tell", columns=lacks))
    return notes
