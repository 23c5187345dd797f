"""Whom do these reach together, generation by generation?"""

from __future__ import annotations

import numpy as np
import polars as pl

from refgraph.graphs import ways
from refgraph.graphs.periods import basis, standing
from refgraph.model.graph import Graph, Ints
from refgraph.model.message import Message, Names, message
from refgraph.model.result import Answer, Column
from refgraph.model.units import Unit
from refgraph.registry import analysis

COLUMNS = (
    Column("generation", Unit.DEPTH, key="reach_generation"),
    Column("parties", Unit.COUNT, "M13", "reach", key="reach_parties"),
    Column("customers", Unit.COUNT, key="reach_customers"),
    Column("prospects", Unit.COUNT, key="reach_prospects", detail=True),
    Column("value", Unit.VALUE, "M13", "reach", key="reach_value"),
    Column("parties_so_far", Unit.COUNT, "M13", "reach", detail=True),
    Column("value_so_far", Unit.VALUE, "M13", "reach", detail=True),
    Column("names", Unit.TEXT),
)
NAMED = 8


@analysis(grain="generation", columns=COLUMNS, order=(("generation", False),), formulas=("M13",), about=("of",))
def reach(graph: Graph, *, of: tuple[str, ...] = ()) -> Answer:
    """One row a generation: parties whose nearest member of the set is so many referrals above; 0 = the set itself.

    Every party once, whichever ways lead to it; so_far leaves the set itself out. Raises UsageError for nobody or an unknown.
    """
    starts = ways.named(graph, of, "reach")
    distance = ways.below(graph, starts)
    people = graph.parties.select(
        "id", "stage", name=graph.names, generation=pl.Series(distance.astype(np.int64)), customer=pl.Series(graph.customers),
        whole=pl.Series(graph.value.whole)).filter(pl.col("generation") >= 0)
    each = people.sort("generation", -pl.col("whole"), "id").group_by("generation", maintain_order=True).agg(
        parties=pl.len().cast(pl.Int64), customers=pl.col("customer").sum().cast(pl.Int64),
        prospects=(pl.col("stage") == "prospect").sum().cast(pl.Int64), whole=pl.col("whole").sum(),
        names=pl.col("name").head(NAMED).str.join("; "))
    below = pl.col("generation") > 0
    more = pl.concat_str("names", pl.lit("; +"), pl.col("parties") - NAMED)
    frame = each.with_columns(
        value=pl.col("whole") / graph.value.scale, names=pl.when(pl.col("parties") > NAMED).then(more).otherwise("names"),
        parties_so_far=pl.when(below).then("parties").otherwise(0).cum_sum(),
        value_so_far=pl.when(below).then("whole").otherwise(0.0).cum_sum() / graph.value.scale,
    ).select(c.name for c in COLUMNS)
    return Answer(frame, _headline(graph, starts, frame), (message("note.reach-once"),))


def _headline(graph: Graph, starts: Ints, frame: pl.DataFrame) -> Message:
    names = Names(tuple(graph.names.gather(starts[:3]).to_list()), max(len(starts) - 3, 0))
    if frame.height < 2:
        return message("headline.reach-none", names=names, standing=standing(graph))
    last = frame.row(-1, named=True)
    customers = int(np.asarray(frame["customers"])[1:].sum())
    return message("headline.reach", names=names, parties=last["parties_so_far"], generations=last["generation"],
                   customers=customers, value=graph.value.amount(last["value_so_far"]), basis=basis(graph),
                   standing=standing(graph))
