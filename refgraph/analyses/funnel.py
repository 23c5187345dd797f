"""How far do prospects come, and do those who were referred close more often? From prospect to closed, by how they came."""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.analyses.effect import can_split, through
from refgraph.estimates.proportion import newcombe, wilson_array
from refgraph.graphs.arrivals import arrived
from refgraph.graphs.periods import standing
from refgraph.model.graph import Bools, Graph
from refgraph.model.message import Message, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

STAGES = ("prospect", "contacted", "negotiating", "closed", "lost")
COLUMNS = (
    Column("group", Unit.LABEL, key="funnel_group"),
    Column("parties", Unit.COUNT, key="funnel_parties"),
    *(Column(stage, Unit.COUNT, key=f"funnel_{stage}") for stage in STAGES),
    Column("conversion", Unit.SHARE),
    Column("conversion_low", Unit.SHARE),
    Column("conversion_high", Unit.SHARE),
    Column("difference", Unit.SHARE, "M61", key="funnel_difference"),
    Column("difference_low", Unit.SHARE, "M61", key="funnel_difference_low"),
    Column("difference_high", Unit.SHARE, "M61", key="funnel_difference_high"),
)
DECIDED = 5
"""Fewer closed and lost than this on either side carry no comparison."""


@analysis(grain="segment", columns=COLUMNS, order=(), formulas=("M61",))
def funnel(graph: Graph) -> Answer:
    """Parties of role customer, void ones left out, by the stage at which each stands on the as-of day; the stages add up.

    closed: customers, existing and former. conversion = closed / (closed + lost), with Wilson's interval; difference from
    those not referred with Newcombe's, where both sides have at least 5 decided and some of those not referred are on record as
    lost: a list of customers alone has no losses, and 100 % then says nothing. Groups: everyone = referred +
    not referred; of the referred those who came through a key account and through an old customer, who may be both.
    """
    people = graph.parties.select("stage", "status", "role")
    stage = _stage(people)
    rows = [_row(name, stage.filter(pl.Series(who))) for name, who in _groups(graph).items()]
    frame = pl.DataFrame(rows, schema=["group", *STAGES], orient="row").with_columns(
        pl.col(*STAGES).cast(pl.Int64), parties=pl.sum_horizontal(STAGES).cast(pl.Int64))
    told = graph.has("customers.status")
    closed, decided = frame["closed"].to_numpy(), (frame["closed"] + frame["lost"]).to_numpy()
    low, high = wilson_array(closed, decided)
    apart = [_apart(name, k, d, closed[1], decided[1]) if told and decided[1] > closed[1] else (None,) * 3
             for name, k, d in zip(frame["group"], closed, decided, strict=True)]  # fmt: skip
    ends = ("difference", "difference_low", "difference_high")
    gaps = pl.DataFrame(apart, schema=dict.fromkeys(ends, pl.Float64), orient="row")
    known = pl.Series((decided > 0) & told)
    frame = frame.with_columns(
        conversion=pl.when(known).then(pl.col("closed") / (pl.col("closed") + pl.col("lost"))),
        conversion_low=pl.when(known).then(pl.Series(low)), conversion_high=pl.when(known).then(pl.Series(high)))
    frame = pl.concat([frame, gaps], how="horizontal").select(c.name for c in COLUMNS)
    return Answer(frame, _headline(graph, frame), tuple(_notes(graph)))


def _stage(people: pl.DataFrame) -> pl.Series:
    """By position: one of `STAGES`, null for those who are no customers to be."""
    closed = pl.col("stage").is_in(["existing", "former"])
    open_ = pl.when(pl.col("status").is_in(["contacted", "negotiating", "lost"])).then("status").otherwise(pl.lit("prospect"))
    return people.select(pl.when(closed).then(pl.lit("closed")).when(pl.col("stage") == "prospect").then(open_).alias(
        "at")).to_series()


def _groups(graph: Graph) -> dict[str, Bools]:
    """Rows of the answer and who belongs to them; through whom only where the data tells."""
    kinds = ("customer", *graph.scope.count)
    referred = arrived(graph, kinds)
    groups = {"everyone": np.ones(len(graph), np.bool_), "not-referred": ~referred, "was-referred": referred}
    if can_split(graph):
        way = through(graph, kinds)
        for name, ways in (("through-key", ("key_only", "both")), ("through-old", ("old_only", "both"))):
            groups[name] = referred & way.is_in(ways).to_numpy()
    return groups


def _row(name: str, stages: pl.Series) -> tuple[object, ...]:
    return (name, *(int((stages == stage).sum()) for stage in STAGES))


def _apart(name: str, closed: int, decided: int, others: int, of: int) -> tuple[float | None, ...]:
    """Conversion less that of those not referred, with its interval."""
    if name in ("everyone", "not-referred") or min(decided, of) < DECIDED:
        return None, None, None
    return tuple(float(x) for x in newcombe(int(closed), int(decided), int(others), int(of)))


def _headline(graph: Graph, frame: pl.DataFrame) -> Message:
    everyone, not_referred, referred = frame.head(3).iter_rows(named=True)
    if not graph.has("customers.status"):
        return message("headline.funnel-cannot-tell", parties=everyone["parties"], standing=standing(graph))
    decided = [row["closed"] + row["lost"] for row in (referred, not_referred)]
    if not everyone["parties"] or not all(decided):
        return message("headline.funnel-none", parties=everyone["parties"], closed=everyone["closed"], lost=everyone["lost"],
                       standing=standing(graph))
    apart = "phrase.funnel-too-few" if not_referred["lost"] else "phrase.funnel-no-lost"
    if referred["difference"] is not None:
        clear = referred["difference_low"] > 0 or referred["difference_high"] < 0
        apart = "phrase.funnel-clear" if clear else "phrase.funnel-unclear"
    gap = {k: referred[k] for k in ("difference", "difference_low", "difference_high")}
    return message(
        "headline.funnel", closed=referred["closed"], decided=decided[0], share=referred["conversion"],
        low=referred["conversion_low"], high=referred["conversion_high"], closed_2=not_referred["closed"], decided_2=decided[1],
        share_2=not_referred["conversion"], low_2=not_referred["conversion_low"], high_2=not_referred["conversion_high"],
        apart=message(apart, **(gap if referred["difference"] is not None else {})), standing=standing(graph))  # fmt: skip


def _notes(graph: Graph) -> list[Message]:
    if not graph.has("customers.status"):
        return [message("note.conversion-not-recorded")]
    notes = [message("note.funnel-now")]
    return notes if can_split(graph) else [*notes, message("note.split-cannot-tell")]
